"""Retention against schedule: which levels a schedule needs, and on which days there is a point to keep."""

from collections.abc import Iterator

from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.policy import BackupPolicySpec, HourlySchedule, WeeklySchedule
from backup_reconciler.spec.policy_rules.breach import Breach
from backup_reconciler.spec.rules.retention import (
    DAILY_NEEDS_DAILY,
    RETENTION_DAY,
    WEEKLY_BY_DATE,
    WEEKLY_DAYS,
    WEEKLY_FORBIDS_DAILY,
    WEEKLY_NEEDS_WEEKLY,
)

_RETENTION: FieldPath = ("retention",)
_FREQUENCY: FieldPath = ("schedule", "frequency")
_CHOOSING = ("monthly", "yearly")
"""The levels whose points are chosen by weeks and days, or by dates."""


def is_daily_count(days: int) -> bool:
    """Whether the service keeps daily points for so many days."""
    return days == 1 or 7 <= days <= 9999


def is_daily_count_from_before(days: int) -> bool:
    """Whether policies from before a rule of today keep daily points for so many days (Terraform issue 7792)."""
    return 2 <= days <= 6


def levels(policy: BackupPolicySpec) -> Iterator[Breach]:
    """A retention is a whole value: a level that it leaves out is one that the policy does not have."""
    kept = policy.retention
    if kept is None:
        return
    match policy.schedule:
        case None if kept.daily is None and kept.weekly is None:
            what = "it keeps neither daily nor weekly points, and every policy runs daily, hourly or weekly"
            yield Breach(DAILY_NEEDS_DAILY, _RETENTION, what, "add retention.daily, or retention.weekly")
        case None:
            return
        case WeeklySchedule():
            yield from _levels_of_weekly(policy)
        case schedule if kept.daily is None:
            runs = "hourly" if isinstance(schedule, HourlySchedule) else "daily"
            what = f"the policy runs {runs} and keeps no daily points"
            yield Breach(DAILY_NEEDS_DAILY, _RETENTION, what, also=_FREQUENCY)


def _levels_of_weekly(policy: BackupPolicySpec) -> Iterator[Breach]:
    assert policy.retention is not None
    if policy.retention.daily is not None:
        what = "the policy runs weekly, so there are no daily points"
        yield Breach(WEEKLY_FORBIDS_DAILY, (*_RETENTION, "daily"), what, also=_FREQUENCY)
    if policy.retention.weekly is None:
        what = "the policy runs weekly and keeps no weekly points"
        yield Breach(WEEKLY_NEEDS_WEEKLY, _RETENTION, what, also=_FREQUENCY)


def days(policy: BackupPolicySpec) -> Iterator[Breach]:
    """A day that is kept has a backup, and a backup's day is kept."""
    schedule, kept = policy.schedule, policy.retention
    if not isinstance(schedule, WeeklySchedule) or kept is None:
        return
    run = "schedule", "days"
    for level in ("weekly", *_CHOOSING):
        for day in getattr(getattr(kept, level), "days", None) or ():
            if day not in schedule.days:
                what, remedy = f"there is no backup on {day}", f"remove it, or add {day} to schedule.days"
                yield Breach(RETENTION_DAY, (*_RETENTION, level, "days"), what, remedy, also=run, item=day)
    for day in schedule.days:
        if kept.weekly is not None and day not in kept.weekly.days:
            what = f"no weekly point is kept of {day}, on which the policy runs"
            remedy = f"add {day}, or remove it from schedule.days"
            yield Breach(WEEKLY_DAYS, (*_RETENTION, "weekly", "days"), what, remedy, also=run)


def dates(policy: BackupPolicySpec) -> Iterator[Breach]:
    if not isinstance(policy.schedule, WeeklySchedule) or policy.retention is None:
        return
    for level in _CHOOSING:
        if getattr(getattr(policy.retention, level), "dates", None):
            what = f"the policy runs weekly, so {level} points are not chosen by date"
            yield Breach(WEEKLY_BY_DATE, (*_RETENTION, level, "dates"), what, also=_FREQUENCY)


RULES = (levels, days, dates)
