"""Codec of a policy's retention: ARM's `LongTermRetentionPolicy` ↔ Retention."""

from collections.abc import Mapping
from typing import Any, NamedTuple

from backup_reconciler.azure.codec.untold import Untold
from backup_reconciler.spec.policy import (
    DailyRetention,
    MonthlyRetention,
    Retention,
    WeeklyRetention,
    YearlyRetention,
)

TYPE = "LongTermRetentionPolicy"

AnyLevel = DailyRetention | WeeklyRetention | MonthlyRetention | YearlyRetention


class _Level(NamedTuple):
    """One level: its name in a spec, ARM's name, and the unit ARM counts it in, which names its count in a spec too."""

    name: str
    wire: str
    unit: str

    @property
    def count_field(self) -> str:
        return self.unit.lower()


_LEVELS = (
    _Level("daily", "dailySchedule", "Days"),
    _Level("weekly", "weeklySchedule", "Weeks"),
    _Level("monthly", "monthlySchedule", "Months"),
    _Level("yearly", "yearlySchedule", "Years"),
)


def encode(retention: Retention, live: Mapping[str, Any]) -> dict[str, Any]:
    """The stated levels over the live ones; a level that is not stated goes. Fields of other names stay."""
    wires = {level.wire for level in _LEVELS}
    result = {name: value for name, value in live.items() if name not in wires}
    result["retentionPolicyType"] = TYPE
    before = decode(live) if live else Retention()
    for level in _LEVELS:
        stated, found = getattr(retention, level.name), live.get(level.wire) or {}
        if stated is not None:
            as_it_is = stated == getattr(before, level.name)
            result[level.wire] = found if as_it_is else _encode_level(level, stated, found)
    return result


def _encode_level(level: _Level, stated: AnyLevel, live: Mapping[str, Any]) -> dict[str, Any]:
    duration = {"count": getattr(stated, level.count_field), "durationType": level.unit}
    return {
        **live,
        **_which_points(stated, live),
        "retentionDuration": {**(live.get("retentionDuration") or {}), **duration},
    }


def set_time(retention: Mapping[str, Any], time: str) -> dict[str, Any]:
    """Every level at the time of the schedule, of an hourly one at the start of its window.

    The service wants one time of each level, and all of them equal (Terraform's provider).
    """
    result = dict(retention)
    for level in _LEVELS:
        if result.get(level.wire):
            result[level.wire] = {**result[level.wire], "retentionTimes": [time]}
    return result


def decode(arm: Mapping[str, Any]) -> Retention:
    """Raises `Untold` for what a manifest has no words for."""
    if arm.get("retentionPolicyType") != TYPE:
        raise Untold(f"its retention is of type {arm.get('retentionPolicyType')}")
    found = {level.name: _decode_level(level, arm[level.wire]) for level in _LEVELS if arm.get(level.wire)}
    return Retention.model_validate(found)


def _which_points(level: AnyLevel, live: Mapping[str, Any]) -> dict[str, Any]:
    match level:
        case DailyRetention():
            return {}
        case WeeklyRetention():
            return {"daysOfTheWeek": list(level.days)}
        case MonthlyRetention():
            return _format(level, live)
        case YearlyRetention():
            return {"monthsOfYear": list(level.months), **_format(level, live)}


def _format(level: MonthlyRetention | YearlyRetention, live: Mapping[str, Any]) -> dict[str, Any]:
    """Which points of a month are kept, in one of the service's two formats; the other must be empty."""
    if level.dates is not None:
        before = live.get("retentionScheduleDaily") or {}
        known = {_date(day): day for day in before.get("daysOfTheMonth") or ()}
        days = [known.get(date) or _day(date) for date in level.dates]
        return {
            "retentionScheduleFormatType": "Daily",
            "retentionScheduleDaily": {**before, "daysOfTheMonth": days},
            "retentionScheduleWeekly": None,
        }
    weekly = {"daysOfTheWeek": list(level.days or ()), "weeksOfTheMonth": list(level.weeks or ())}
    return {
        "retentionScheduleFormatType": "Weekly",
        "retentionScheduleDaily": None,
        "retentionScheduleWeekly": {**(live.get("retentionScheduleWeekly") or {}), **weekly},
    }


def _day(date: int | str) -> dict[str, Any]:
    return {"date": 0, "isLast": True} if date == "last" else {"date": date, "isLast": False}


def _date(day: Mapping[str, Any]) -> int | str | None:
    return "last" if day.get("isLast") else day.get("date")


def _decode_level(level: _Level, arm: Mapping[str, Any]) -> dict[str, Any]:
    duration = arm.get("retentionDuration") or {}
    if duration.get("durationType") != level.unit:
        raise Untold(f"its {level.name} retention is counted in {duration.get('durationType')}")
    result: dict[str, Any] = {level.count_field: duration.get("count")}
    if level.name == "weekly":
        result["days"] = arm.get("daysOfTheWeek") or ()
    if level.name == "yearly":
        result["months"] = arm.get("monthsOfYear") or ()
    if level.name in ("monthly", "yearly"):
        result |= _decode_format(arm)
    return result


def _decode_format(arm: Mapping[str, Any]) -> dict[str, Any]:
    if arm.get("retentionScheduleFormatType") == "Daily":
        days = (arm.get("retentionScheduleDaily") or {}).get("daysOfTheMonth") or ()
        return {"dates": [_date(day) for day in days]}
    weekly = arm.get("retentionScheduleWeekly") or {}
    return {"weeks": weekly.get("weeksOfTheMonth") or (), "days": weekly.get("daysOfTheWeek") or ()}
