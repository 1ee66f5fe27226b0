"""Whether one policy keeps less than another: what an immutable vault denies, and a Resource Guard watches over."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.messages import Json

_DAYS = {"Days": 1, "Weeks": 7, "Months": 30, "Years": 365}
"""Lengths are compared within one level, whose unit is fixed, so that round numbers do."""
_LEVELS = ("dailySchedule", "weeklySchedule", "monthlySchedule", "yearlySchedule")


def keeps_less(old: Json, new: Json) -> bool:
    """Whether some level of retention is shorter, or gone (Learn: immutable-vault)."""
    return any(_length(new, level) < _length(old, level) for level in _LEVELS)


def lowers(old: Json, new: Json) -> bool:
    """Whether it protects less in any way: also by snapshots kept for less, and by running less often (CLI)."""
    snapshots = "instantRpRetentionRangeInDays"
    return keeps_less(old, new) or new[snapshots] < old[snapshots] or _runs_a_week(new) < _runs_a_week(old)


def _length(properties: Json, level: str) -> int:
    """Days that points of a level are kept; 0 where there is no such level."""
    schedule = properties["retentionPolicy"].get(level)
    if not schedule:
        return 0
    duration = schedule["retentionDuration"]
    return int(duration["count"]) * _DAYS[duration["durationType"]]


def _runs_a_week(properties: Json) -> int:
    schedule = properties["schedulePolicy"]
    match schedule["scheduleRunFrequency"]:
        case "Hourly":
            hourly = schedule["hourlySchedule"]
            return 7 * (int(hourly["scheduleWindowDuration"]) // int(hourly["interval"]) + 1)
        case "Daily":
            return 7
        case _:
            return len(schedule.get("scheduleRunDays") or schedule["weeklySchedule"]["scheduleRunDays"])
