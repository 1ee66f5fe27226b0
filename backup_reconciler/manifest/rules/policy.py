"""Rules of kind BackupPolicy, other than those of retention."""

import re
from collections.abc import Iterator

from backup_reconciler.manifest.document import HANDLE, Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.names import is_handle
from backup_reconciler.manifest.rules.retention import is_daily_count
from backup_reconciler.manifest.rules.times import is_start_time, nearest_start_time
from backup_reconciler.manifest.words import did_you_mean, quoted
from backup_reconciler.spec.policy import BackupPolicySpec, DailySchedule, HourlySchedule, WeeklySchedule
from backup_reconciler.spec.rules.policy import (
    INSTANT_RESTORE_BELOW_DAILY,
    INSTANT_RESTORE_DAYS,
    POLICY_NAME,
    SCHEDULE_TIME,
    TIME_ZONE,
)
from backup_reconciler.spec.values import is_time_zone, known_time_zones

_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_!-]{2,149}")
_INSTANT_RESTORE = ("spec", "instantRestoreDays")


def policy_name(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    path = policy.name_path()
    name = policy.handle if policy.spec.name is None else policy.spec.name
    if _NAME.fullmatch(name) or (path == HANDLE and not is_handle(name)):  # a bad handle is told as such
        return
    remedy = "use 3 to 150 letters, digits, '-', '_' and '!', starting with a letter"
    instead = ", or state spec.name where only the handle is different" if path == HANDLE else ""
    yield policy.problem(POLICY_NAME, path, f"{quoted(name)} cannot be the name of a policy", remedy + instead)


def schedule_time(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    match policy.spec.schedule:
        case None:
            return
        case HourlySchedule(from_=time):
            field = "from"
        case DailySchedule(time=time) | WeeklySchedule(time=time):
            field = "time"
    if not is_start_time(time):
        near = nearest_start_time(time)
        what = f"{quoted(time)} is not HH:MM on the hour or the half hour"
        remedy = f'the nearest is "{near}"' if near else ""
        yield policy.problem(SCHEDULE_TIME, ("spec", "schedule", field), what, remedy)


def instant_restore_days(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    days = policy.spec.instant_restore_days
    if days is not None and policy.spec.tier == "Standard" and not 1 <= days <= 5:
        yield policy.problem(INSTANT_RESTORE_DAYS, _INSTANT_RESTORE, f"{days} is not from 1 to 5")


def instant_restore_below_daily(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    days, retention = policy.spec.instant_restore_days, policy.spec.retention
    daily = retention.daily.days if retention and retention.daily else None
    if days is None or daily is None or not 1 <= days <= 5 or not is_daily_count(daily):
        return  # a count that is wrong by itself has to change in any case
    if days >= daily:
        place = policy.written.tree.place(("spec", "retention", "daily", "days"))
        what = f"{days} is not fewer than retention.daily.days, which is {daily}"
        yield policy.problem(INSTANT_RESTORE_BELOW_DAILY, _INSTANT_RESTORE, what, also=place)


def time_zone(policy: Declared[BackupPolicySpec]) -> Iterator[Problem]:
    zone = policy.spec.time_zone
    if zone is not None and not is_time_zone(zone):
        remedy = did_you_mean(zone, known_time_zones(), TIME_ZONE.remedy)
        yield policy.problem(TIME_ZONE, ("spec", "timeZone"), f"{quoted(zone)} is not a known time zone", remedy)


RULES = (policy_name, schedule_time, instant_restore_days, instant_restore_below_daily, time_zone)
