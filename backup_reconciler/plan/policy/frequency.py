"""How often a schedule makes a backup, and what a change of it means for the points there will be."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import pairwise
from typing import get_args

from backup_reconciler.spec.policy import HourlySchedule, Schedule, WeeklySchedule
from backup_reconciler.spec.values import Weekday

_WEEK: tuple[str, ...] = get_args(Weekday)
_A_DAY = timedelta(days=1)
_TWO_DAYS = timedelta(days=2)


def backups_a_week(schedule: Schedule) -> int:
    match schedule:
        case HourlySchedule(every=every, hours=hours):
            # Both ends of a window have a backup; a window of a whole day ends where the next begins.
            return 7 * (hours // every + (hours < 24))
        case WeeklySchedule(days=days):
            return len(days)
        case _:
            return 7


def longest_gap(schedule: Schedule) -> timedelta:
    """The longest time from one backup to the next, which is what can be lost with a VM."""
    match schedule:
        case HourlySchedule(every=every, hours=hours):
            return timedelta(hours=max(every, 24 - hours))
        case WeeklySchedule(days=days):
            run = [_WEEK.index(day) for day in days]
            return max(after - before for before, after in pairwise([*run, run[0] + len(_WEEK)])) * _A_DAY
        case _:
            return _A_DAY


def is_lowered(before: Schedule, after: Schedule) -> bool:
    """Whether there will be fewer backups, or longer gaps between them."""
    return backups_a_week(after) < backups_a_week(before) or longest_gap(after) > longest_gap(before)


def told(before: Schedule, after: Schedule) -> Iterator[str]:
    """What differs, in words; nothing where only the hour does."""
    old_runs, runs = backups_a_week(before), backups_a_week(after)
    if runs != old_runs:
        yield f"{runs} instead of {old_runs} backups a week are made"
    old_gap, gap = longest_gap(before), longest_gap(after)
    if gap != old_gap:
        yield f"up to {_words(gap)} instead of {_words(old_gap)} pass between two backups"


def _words(gap: timedelta) -> str:
    return f"{gap // timedelta(hours=1)} hours" if gap < _TWO_DAYS else f"{gap.days} days"
