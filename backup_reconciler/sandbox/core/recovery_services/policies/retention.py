"""How long a policy keeps a recovery point.

A scheduled point belongs to retention levels from its first day, and for good: a level that the policy gets later takes
no old points in (Learn: backup-azure-vm-backup-faq). It is kept as long as the most generous of its levels says.
"""

from __future__ import annotations

import calendar
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.recovery_services.policies.schedule import clock, in_zone

if TYPE_CHECKING:
    from datetime import date

    from backup_reconciler.sandbox.core.estate import RecoveryPoint
    from backup_reconciler.sandbox.core.wire.messages import Json

_LEVELS = {"d": "dailySchedule", "w": "weeklySchedule", "m": "monthlySchedule", "y": "yearlySchedule"}
_WEEKS = ("First", "Second", "Third", "Fourth")
_END = datetime(9999, 12, 31, tzinfo=UTC)
"""No retention goes beyond the calendar, though 9999 years would."""


def levels_at(properties: Json, run: datetime) -> str:
    """The levels that a run's point belongs to. Of several runs a day all are daily, one is the others' (INFERRED)."""
    local = in_zone(properties, run)
    found = ""
    for initial, name in _LEVELS.items():
        level = properties["retentionPolicy"].get(name)
        if not level:
            continue
        at_its_time = initial == "d" or clock(level["retentionTimes"][0]) == local.time()
        if at_its_time and _takes(initial, level, local.date()):
            found += initial
    return found


def _takes(initial: str, level: Json, day: date) -> bool:
    match initial:
        case "d":
            return True
        case "w":
            return f"{day:%A}" in level["daysOfTheWeek"]
        case "y" if f"{day:%B}" not in level["monthsOfYear"]:
            return False
        case _:
            return _takes_of_month(level, day)


def _takes_of_month(level: Json, day: date) -> bool:
    last = calendar.monthrange(day.year, day.month)[1]
    if level["retentionScheduleFormatType"] == "Daily":
        dates = level["retentionScheduleDaily"]["daysOfTheMonth"]
        return any(day.day == (last if one.get("isLast") else one["date"]) for one in dates)
    weekly = level["retentionScheduleWeekly"]
    weeks = {_WEEKS[(day.day - 1) // 7]} if day.day <= 28 else set()
    if day.day + 7 > last:
        weeks.add("Last")
    return f"{day:%A}" in weekly["daysOfTheWeek"] and not weeks.isdisjoint(weekly["weeksOfTheMonth"])


def expiry(properties: Json, levels: str, time: datetime) -> datetime:
    """When a point of these levels goes. One that no level takes lives as long as its snapshot (INFERRED)."""
    retention = properties["retentionPolicy"]
    ends = [_after(time, retention[_LEVELS[one]]["retentionDuration"]) for one in levels if retention.get(_LEVELS[one])]
    return max(ends, default=time + timedelta(days=properties["instantRpRetentionRangeInDays"]))


def expiry_anew(properties: Json, point: RecoveryPoint) -> datetime:
    """When an existing point goes under another policy, or one that has changed (Learn: backup-architecture).

    From daily to weekly, daily points go; from weekly to daily, the weekly ones keep the days they had.
    """
    retention = properties["retentionPolicy"]
    if not point.levels:
        return point.expires
    if any(retention.get(_LEVELS[one]) for one in point.levels):
        return expiry(properties, point.levels, point.time)
    return point.time if "d" in point.levels else point.expires


def _after(time: datetime, length: Json) -> datetime:
    count = length["count"]
    match length["durationType"]:
        case "Days":
            return time + min(timedelta(days=count), _END - time)
        case "Weeks":
            return time + min(timedelta(weeks=count), _END - time)
        case "Months":
            return _months_after(time, count)
        case _:
            return _months_after(time, 12 * count)


def _months_after(time: datetime, months: int) -> datetime:
    """The same day of a later month, or the last where that month is shorter."""
    years, month = divmod(time.month - 1 + months, 12)
    if time.year + years > _END.year - 1:
        return _END
    day = min(time.day, calendar.monthrange(time.year + years, month + 1)[1])
    return time.replace(year=time.year + years, month=month + 1, day=day)
