"""What a change of retention does to recovery points that exist.

A policy is updated in place for all its VMs, and its retention applies to the points they have (source: Azure Backup
FAQ; recorded behaviour). So a level that goes, keeps fewer days or forgets a day deletes points.
"""

from collections.abc import Iterator

from backup_reconciler.spec.policy import (
    DailyRetention,
    MonthlyRetention,
    Retention,
    WeeklyRetention,
    YearlyRetention,
)

Level = DailyRetention | WeeklyRetention | MonthlyRetention | YearlyRetention
_LEVELS = {"daily": "days", "weekly": "weeks", "monthly": "months", "yearly": "years"}


def losses(before: Retention, after: Retention) -> list[str]:
    """What the second keeps less of than the first, in words; empty when it keeps at least as much."""
    found: list[str] = []
    for level, unit in _LEVELS.items():
        old, new = getattr(before, level), getattr(after, level)
        if old is not None:
            found += _lost(level, unit, old, new)
    return found


def _lost(level: str, unit: str, old: Level, new: Level | None) -> Iterator[str]:
    if new is None:
        yield f"{level} points are no longer kept"
        return
    before, after = getattr(old, unit), getattr(new, unit)
    if after < before:
        yield f"{level} points are kept {after} instead of {before} {unit}"
    if dropped := [value for field, value in _picks(old) if (field, value) not in _picks(new)]:
        yield f"{level} points of {', '.join(dropped)} are no longer kept"


def _picks(level: Level) -> list[tuple[str, str]]:
    """What a level picks points by, as (field, value) pairs; fewer pairs pick fewer points."""
    fields: tuple[str, ...] = ()
    match level:
        case DailyRetention():
            fields = ()
        case WeeklyRetention():
            fields = ("days",)
        case MonthlyRetention():
            fields = ("days", "weeks", "dates")
        case YearlyRetention():
            fields = ("months", "days", "weeks", "dates")
    return [(name, str(value)) for name in fields for value in getattr(level, name) or ()]
