"""Codec of a policy's schedule: ARM's `SimpleSchedulePolicy` and `SimpleSchedulePolicyV2` ↔ Schedule.

A Standard policy says when it runs in the schedule itself, an Enhanced one in a part of the frequency's name.
"""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec.untold import Untold
from backup_reconciler.spec.policy import HourlySchedule, Schedule, Tier, WeeklySchedule, start_of

_TYPES: Mapping[Tier, str] = {"Standard": "SimpleSchedulePolicy", "Enhanced": "SimpleSchedulePolicyV2"}
_PARTS = {"Hourly": "hourlySchedule", "Daily": "dailySchedule", "Weekly": "weeklySchedule"}
"""Where an Enhanced policy says when it runs, by its frequency."""
_STANDARD_ALONE = {"Weekly": ("scheduleRunDays",)}
"""The fields of a Standard schedule that go when it gets another frequency."""
_TIMES, _WINDOW = "scheduleRunTimes", "scheduleWindowStartTime"

_DATE = "2020-01-01"
"""The service reads only the time of a schedule's date-time, but refuses one in the future (Terraform issue 31969)."""


def encode(schedule: Schedule, tier: Tier, live: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule over the live one. Another frequency takes the live one's own fields away; all others stay."""
    before = live.get("scheduleRunFrequency")
    result = {name: value for name, value in live.items() if name not in _fields_of(before, tier, schedule.frequency)}
    result |= {"schedulePolicyType": _TYPES[tier], "scheduleRunFrequency": schedule.frequency}
    if tier == "Standard":
        return result | _when(schedule)
    part = _PARTS[schedule.frequency]
    return result | {part: {**(result.get(part) or {}), **_when(schedule)}}


def dated(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule with every time on the one date that is always sent."""
    result = dict(schedule)
    if result.get(_WINDOW):
        result[_WINDOW] = _date_time(result[_WINDOW])
    if result.get(_TIMES):
        result[_TIMES] = [_date_time(time) for time in result[_TIMES]]
    return result | {part: dated(result[part]) for part in _PARTS.values() if result.get(part)}


def decode(arm: Mapping[str, Any], tier: Tier) -> dict[str, Any]:
    """The fields of a `Schedule`. Raises `Untold` for what a manifest has no words for."""
    if arm.get("schedulePolicyType") != _TYPES[tier]:
        raise Untold(f"its schedule is of type {arm.get('schedulePolicyType')}")
    frequency = arm.get("scheduleRunFrequency")
    if frequency not in _PARTS or (frequency == "Hourly" and tier == "Standard"):
        raise Untold(f"its schedule is {frequency}, which no {tier} policy can be")
    part = arm if tier == "Standard" else arm.get(_PARTS[frequency]) or {}
    if frequency == "Hourly":
        return {"frequency": frequency, **_window(part)}
    days = {"days": _days(part)} if frequency == "Weekly" else {}
    return {"frequency": frequency, "time": _only_time(part.get(_TIMES) or []), **days}


def start(schedule: Mapping[str, Any]) -> str:
    """The date-time at which a day's first backup starts, of a schedule as ARM has it; empty where it does not tell."""
    frequency = str(schedule.get("scheduleRunFrequency"))
    nested = schedule.get("schedulePolicyType") == _TYPES["Enhanced"]
    part = (schedule.get(_PARTS.get(frequency, "")) or {}) if nested else schedule
    times: list[str] = [part[_WINDOW]] if part.get(_WINDOW) else part.get(_TIMES) or [""]
    return times[0]


def _fields_of(frequency: str | None, tier: Tier, instead: str) -> tuple[str, ...]:
    """The fields that say when a policy of a frequency runs and that one of another frequency does not have."""
    if frequency is None or frequency == instead:
        return ()
    return _STANDARD_ALONE.get(frequency, ()) if tier == "Standard" else (_PARTS[frequency],)


def _when(schedule: Schedule) -> dict[str, Any]:
    time = _date_time(f"T{start_of(schedule)}")
    match schedule:
        case HourlySchedule():
            return {"interval": schedule.every, _WINDOW: time, "scheduleWindowDuration": schedule.hours}
        case WeeklySchedule():
            return {_TIMES: [time], "scheduleRunDays": list(schedule.days)}
        case _:
            return {_TIMES: [time]}


def _window(part: Mapping[str, Any]) -> dict[str, Any]:
    every = part.get("interval")
    if not isinstance(every, int) or every < 1:
        raise Untold(f"its backups are {every} hours apart")
    return {"every": every, "hours": part.get("scheduleWindowDuration"), "from": _time_of(part.get(_WINDOW) or "")}


def _days(part: Mapping[str, Any]) -> list[str]:
    days: list[str] = part.get("scheduleRunDays") or []
    if not days:
        raise Untold("it runs weekly on no day")
    return days


def _only_time(times: list[str]) -> str:
    if len(times) != 1:
        raise Untold(f"it has {len(times)} schedule times")
    return _time_of(times[0])


def _time_of(date_time: str) -> str:
    """HH:MM of `2021-05-26T12:00:00Z`, `…+00:00` or any other date-time: only the time means something."""
    return date_time.partition("T")[2][:5]


def _date_time(time: str) -> str:
    return f"{_DATE}T{_time_of(time)}:00Z"
