"""Rules of a policy's schedule: each value by itself."""

import re
from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.times import nearest_start_time
from backup_reconciler.manifest.words import did_you_mean, quoted
from backup_reconciler.spec import ranges
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.policy import BackupPolicySpec, HourlySchedule, start_of
from backup_reconciler.spec.rules.schedule import HOURLY_INTERVAL, HOURLY_WINDOW, SCHEDULE_TIME, TIME_ZONE
from backup_reconciler.spec.values import is_start_time, is_time_zone, known_time_zones

_SCHEDULE: FieldPath = ("spec", "schedule")
_OFFSET = re.compile(r"[+-]\s*[0-9]")
_INTERVALS = (4, 6, 8, 12)


def schedule_time(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    schedule = policy.spec.schedule
    if schedule is None or is_start_time(time := start_of(schedule)):
        return
    field = "from" if isinstance(schedule, HourlySchedule) else "time"
    near = nearest_start_time(time)
    what = f"{quoted(time)} is not HH:MM on the hour or the half hour"
    remedy = f'the nearest is "{near}"' if near else ""
    yield policy.problem(SCHEDULE_TIME, (*_SCHEDULE, field), what, remedy)


def hourly_interval(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    schedule = policy.spec.schedule
    if isinstance(schedule, HourlySchedule) and schedule.every not in _INTERVALS:
        what = f"{schedule.every} is not 4, 6, 8 or 12"
        remedy = f"the nearest is {_nearest(schedule.every, _INTERVALS)}"
        yield policy.problem(HOURLY_INTERVAL, (*_SCHEDULE, "every"), what, remedy)


def hourly_window(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    """May reach into the next day, as 24 hours from 23:00 do."""
    schedule = policy.spec.schedule
    if not isinstance(schedule, HourlySchedule):
        return
    path = (*_SCHEDULE, "hours")
    if schedule.every not in _INTERVALS:  # has to change in any case
        if schedule.hours not in ranges.HOURLY_WINDOW:
            yield policy.problem(HOURLY_WINDOW, path, f"{schedule.hours} is not from 4 to 24")
        return
    windows = tuple(range(schedule.every, ranges.HOURLY_WINDOW.most + 1, schedule.every))
    if schedule.hours not in windows:
        what = f"{schedule.hours} is not a multiple of every, which is {schedule.every}, from 4 to 24"
        remedy = f"the nearest is {_nearest(schedule.hours, windows)}"
        also = policy.written.tree.place((*_SCHEDULE, "every"))
        yield policy.problem(HOURLY_WINDOW, path, what, remedy, also=also)


def _nearest(number: int, choices: tuple[int, ...]) -> int:
    return min(choices, key=lambda choice: abs(choice - number))


def time_zone(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    zone = policy.spec.time_zone
    if zone is not None and not is_time_zone(zone):
        # Where the sign is all that counts, the name that looks most like it may be on the other side of the world.
        remedy = "" if _OFFSET.search(zone) else did_you_mean(zone, known_time_zones(), TIME_ZONE.remedy)
        yield policy.problem(TIME_ZONE, ("spec", "timeZone"), f"{quoted(zone)} is not a known time zone", remedy)


RULES = (schedule_time, hourly_interval, hourly_window, time_zone)
