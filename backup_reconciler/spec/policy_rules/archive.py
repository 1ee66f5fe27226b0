"""The archive tier against retention: which points there are to move, and for how long they are kept afterwards."""

from collections.abc import Iterator

from backup_reconciler.spec import ranges
from backup_reconciler.spec.policy import ArchiveTier, BackupPolicySpec, Retention
from backup_reconciler.spec.policy_rules.breach import Breach
from backup_reconciler.spec.rules.retention import ARCHIVE_REMAINING, ARCHIVE_RETENTION

_LEAST_AGE = ranges.ARCHIVE_MONTHS.least
"""Months that a point must be old to move (source: Azure Backup, archive tier support)."""
_LEAST_REMAINING = 6
"""Months for which a point must be kept after it moves (source: Azure Backup, archive tier support)."""


def moves(tier: ArchiveTier | None) -> bool:
    """Whether points move to the archive tier."""
    return tier is not None and tier.mode != "DoNotTier"


def age_of_moving(tier: ArchiveTier) -> int:
    """The age in months at which points can move, the earliest where the mode does not say."""
    return _LEAST_AGE if tier.months is None else tier.months


def points_to_move(policy: BackupPolicySpec) -> Iterator[Breach]:
    tier, kept = policy.archive_tier, policy.retention
    if tier is None or not moves(tier) or kept is None:
        return
    if kept.monthly is None and kept.yearly is None:
        what = f"{tier.mode} moves monthly and yearly points, and retention keeps none"
        yield Breach(ARCHIVE_RETENTION, ("archiveTier", "mode"), what, also=("retention",))
    elif tier.months is None or tier.months >= _LEAST_AGE:
        yield from _remaining(tier, _months_kept(kept))


def _remaining(tier: ArchiveTier, kept: int) -> Iterator[Breach]:
    age = age_of_moving(tier)
    if kept >= age + _LEAST_REMAINING:
        return
    field = "mode" if tier.months is None else "months"
    what = (
        f"points move when they are {age} months old and must then be kept for {_LEAST_REMAINING} more, "
        f"but the longest that monthly and yearly ones are kept is {kept}"
    )
    remedy = f"keep monthly or yearly points for {age + _LEAST_REMAINING} months or more"
    if kept >= _LEAST_AGE + _LEAST_REMAINING:
        remedy += f", or use {kept - _LEAST_REMAINING} or fewer here"
    yield Breach(ARCHIVE_REMAINING, ("archiveTier", field), what, remedy, also=("retention",))


def _months_kept(kept: Retention) -> int:
    """For how many months the point that is kept the longest is kept, of those that can move."""
    return max(kept.monthly.months if kept.monthly else 0, 12 * kept.yearly.years if kept.yearly else 0)


RULES = (points_to_move,)
