"""Keeping a local hour: what a policy with daylightSaving: keep-local-hour is written as, and how such a one is told.

It is written in the twin of its time zone, which has the same standard offset and clocks that never change, at an hour
that depends on the day: while the declared zone's clocks are an hour ahead, 23:00 there is 22:00 in its twin. Where
that passes midnight, the days of the week move along; no date or week of a month does, which is why the rule
local-hour-midnight refuses those.

A policy's day is here a day of the calendar in the declared zone.
"""

from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import TypeVar, get_args

from backup_reconciler.spec.policy import (
    DailySchedule,
    HourlySchedule,
    PolicySettings,
    WeeklyRetention,
    WeeklySchedule,
    start_of,
)
from backup_reconciler.spec.time_zones import ahead_of_standard, clock, fixed_twin, standard_offset
from backup_reconciler.spec.values import Weekday

AnySchedule = DailySchedule | WeeklySchedule | HourlySchedule
D = TypeVar("D", WeeklySchedule, WeeklyRetention)

A_DAY = timedelta(days=1)
_WEEK: tuple[Weekday, ...] = get_args(Weekday)


def written(settings: PolicySettings, zone: str, day: date) -> PolicySettings:
    """The settings as they are to be on a day in the twin of the zone; they have a schedule, and the zone a twin.

    On the day on which the clocks change, it is the hour that the start is at on that day. A start that the change
    leaves out, or brings twice, is taken as before it.
    """
    twin = fixed_twin(zone)
    assert twin is not None, "a policy whose zone has no twin is refused before it is planned"
    return moved(settings, -_aheads(zone, day, _start(settings))[0], twin)


def told(settings: PolicySettings, zone: str, day: date) -> list[PolicySettings]:
    """What settings in the twin of a zone say on a day in that zone's local hour; they have a schedule.

    That is one thing, but for the days on which the clocks change: where they are put back, 01:30 in the twin may be
    01:30 of either hour of that name, and 23:30 the first or the last half hour of the day. Each is told.
    """
    start = _start(settings)
    around = {_aheads(zone, day + step, timedelta(hours=12))[0] for step in (-A_DAY, A_DAY)}
    right = [ahead for ahead in sorted(around) if ahead in _aheads(zone, day, (start + ahead) % A_DAY)]
    return [moved(settings, ahead, zone) for ahead in right or [_ahead_at(settings, zone, day)]]


def moved(settings: PolicySettings, by: timedelta, zone: str) -> PolicySettings:
    """The settings in another zone and that much later, which may be on another day; they have a schedule."""
    assert settings.schedule is not None
    days, start = divmod(_start(settings) + by, A_DAY)
    changed: dict[str, object] = {"time_zone": zone, "schedule": _starting(settings.schedule, time_of_day(start), days)}
    if settings.retention and settings.retention.weekly:
        weekly = _on_days(settings.retention.weekly, days)
        changed["retention"] = settings.retention.model_copy(update={"weekly": weekly})
    return settings.model_copy(update=changed)


def since_midnight(text: str) -> timedelta:
    """The time of day that HH:MM tells."""
    hours, minutes = text.split(":")
    return timedelta(hours=int(hours), minutes=int(minutes))


def time_of_day(since: timedelta) -> str:
    """HH:MM of less than a day since midnight."""
    hours, rest = divmod(since, timedelta(hours=1))
    return f"{hours:02}:{rest // timedelta(minutes=1):02}"


def _start(settings: PolicySettings) -> timedelta:
    assert settings.schedule is not None, "keep-local-hour needs a schedule"
    return since_midnight(start_of(settings.schedule))


def _aheads(zone: str, day: date, start: timedelta) -> tuple[timedelta, ...]:
    """By how much the zone's clocks are ahead of standard at a local time: before and after, where they change."""
    local = datetime.combine(day, time(), clock(zone)) + start
    return tuple(dict.fromkeys(ahead_of_standard(zone, local.replace(fold=fold)) for fold in (0, 1)))


def _ahead_at(settings: PolicySettings, zone: str, day: date) -> timedelta:
    """The same when the twin's clocks show the start."""
    return ahead_of_standard(zone, datetime.combine(day, time(), UTC) + _start(settings) - standard_offset(zone))


def _starting(schedule: AnySchedule, start: str, days: int) -> AnySchedule:
    match schedule:
        case HourlySchedule():
            return schedule.model_copy(update={"from_": start})
        case WeeklySchedule():
            return _on_days(schedule, days).model_copy(update={"time": start})
        case _:
            return schedule.model_copy(update={"time": start})


def _on_days(value: D, later: int) -> D:
    """With each day of the week so many days later, in the order of the calendar."""
    return value.model_copy(update={"days": tuple(sorted(_later(value.days, later), key=_WEEK.index))})


def _later(days: tuple[Weekday, ...], by: int) -> Iterator[Weekday]:
    return (_WEEK[(_WEEK.index(day) + by) % len(_WEEK)] for day in days)
