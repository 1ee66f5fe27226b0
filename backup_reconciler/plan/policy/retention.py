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
    return [
        loss
        for level, old, new in _levels(before, after)
        for loss in (*_shorter(level, old, new), *_fewer(level, old, new))
    ]


def shortened(before: Retention, after: Retention) -> list[str]:
    """Those of the losses that an immutable vault denies: a level that is gone, or kept for a shorter time."""
    return [loss for each in _levels(before, after) for loss in _shorter(*each)]


def _levels(before: Retention, after: Retention) -> Iterator[tuple[str, Level, Level | None]]:
    """Every level that the first has, and what the second has of it."""
    for level in _LEVELS:
        if (old := getattr(before, level)) is not None:
            yield level, old, getattr(after, level)


def _shorter(level: str, old: Level, new: Level | None) -> Iterator[str]:
    if new is None:
        yield f"{level} points are no longer kept"
        return
    unit = _LEVELS[level]
    before, after = getattr(old, unit), getattr(new, unit)
    if after < before:
        yield f"{level} points are kept {after} instead of {before} {unit}"


def _fewer(level: str, old: Level, new: Level | None) -> Iterator[str]:
    if new is not None and (dropped := [value for field, value in _picks(old) if (field, value) not in _picks(new)]):
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
