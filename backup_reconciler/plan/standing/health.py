"""Whether a VM's backups are made when they are due, as far as a vault's list tells it.

A plan is for a day and not for a moment, so ages are counted in days: a daily backup that did not run on one day is
told on the day after.
"""

from datetime import UTC, date
from typing import get_args

from backup_reconciler.plan.standing.held import Held
from backup_reconciler.plan.standing.machine import Health
from backup_reconciler.spec.local_hour import AnySchedule
from backup_reconciler.spec.policy import WeeklySchedule
from backup_reconciler.spec.values import Weekday
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem

_WEEK: tuple[Weekday, ...] = get_args(Weekday)


def health_of(held: Held, as_of: date) -> Health:
    """How the backups of a VM fare under the policy that it is bound to."""
    if held.state not in {ItemState.ACTIVE, ItemState.UNKNOWN}:
        return Health.NONE_DUE
    if held.state is ItemState.UNKNOWN or held.item is None:
        return Health.UNKNOWN
    return _health_of_active(held.item, held.policy, as_of)


def _health_of_active(item: LiveItem, policy: LivePolicy | None, as_of: date) -> Health:
    if item.last_backup_failed:  # also one that never came so far that a time is told
        return Health.FAILED
    if item.never_backed_up:
        return Health.NEVER
    allowed, age = allowed_days(policy), age_days(item, as_of)
    if allowed is None or age is None:
        return Health.UNKNOWN
    return Health.OVERDUE if age > allowed else Health.IN_TIME


def age_days(item: LiveItem, as_of: date) -> int | None:
    """Days from the last backup, in UTC, to a day; none before it on a day that is past."""
    if item.last_backup is None:
        return None
    return max(0, (as_of - item.last_backup.astimezone(UTC).date()).days)


def allowed_days(policy: LivePolicy | None) -> int | None:
    """The most days from one backup to the next by a policy's schedule, and None where that cannot be told.

    The day that a plan is for may not have had its backup yet, so the gap itself is still in time.
    """
    settings = policy.settings if policy else None
    return _longest_gap(settings.schedule) if settings and settings.schedule else None


def _longest_gap(schedule: AnySchedule) -> int:
    """Of a weekly schedule the longest between two of its days; every other one runs every day."""
    if not isinstance(schedule, WeeklySchedule):
        return 1
    days = sorted(_WEEK.index(day) for day in schedule.days)
    return max(later - day for day, later in zip(days, [*days[1:], days[0] + len(_WEEK)], strict=True))
