"""How long snapshots are kept for instant restore, by tier and kind of schedule."""

from collections.abc import Iterator

from backup_reconciler.spec import ranges
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.policy import BackupPolicySpec, HourlySchedule, PolicySettings, Tier, WeeklySchedule
from backup_reconciler.spec.policy_rules.breach import Breach
from backup_reconciler.spec.rules.retention import INSTANT_RESTORE_BELOW_DAILY, INSTANT_RESTORE_DAYS

_MOST = {"Standard": 5, "Enhanced": ranges.INSTANT_RESTORE_DAYS.most}
_USUAL = {"Standard": 2, "Enhanced": 7}
"""What the service fills in (source: Azure Backup instant restore capability)."""
_WEEKLY = 5
"""The one number that a weekly schedule takes, in both tiers (source: terraform-provider-azurerm issue 24539)."""

_FIELD: FieldPath = ("instantRestoreDays",)


def default_days(tier: Tier, settings: PolicySettings) -> int:
    """The instant-restore days of a new policy that states none: what the service fills in, where that is valid."""
    if isinstance(settings.schedule, WeeklySchedule):
        return _WEEKLY
    daily = settings.retention.daily if settings.retention else None
    return min(_USUAL[tier], max(daily.days - 1, 1)) if daily else _USUAL[tier]


def in_range(policy: BackupPolicySpec) -> Iterator[Breach]:
    stated = policy.instant_restore_days
    if stated is None:
        return
    if isinstance(policy.schedule, WeeklySchedule):
        if stated != _WEEKLY:
            what = f"{stated} is not {_WEEKLY}, the only number that a weekly schedule takes"
            remedy = f"use {_WEEKLY}, or leave it out"
            yield Breach(INSTANT_RESTORE_DAYS, _FIELD, what, remedy, also=("schedule", "frequency"))
        return
    hourly = isinstance(policy.schedule, HourlySchedule)
    tier: Tier = "Enhanced" if hourly else policy.tier  # an hourly schedule under another tier is told as such
    if not 1 <= stated <= _MOST[tier]:
        kind = "an hourly schedule" if hourly else "a daily schedule" if policy.schedule else "a policy"
        what = f"{stated} is not from 1 to {_MOST[tier]}, the range of {kind} with tier: {tier}"
        yield Breach(INSTANT_RESTORE_DAYS, _FIELD, what, _remedy(stated, tier))


def _remedy(stated: int, tier: Tier) -> str:
    if stated < 1:
        return "use 1 or more"
    or_enhanced = ", or tier: Enhanced" if stated <= _MOST["Enhanced"] and tier != "Enhanced" else ""
    return f"use {_MOST[tier]} or fewer{or_enhanced}"


def below_daily(policy: BackupPolicySpec) -> Iterator[Breach]:
    """Snapshots go before the points they belong to. A point that is kept one day has a snapshot of one day."""
    stated, retention = policy.instant_restore_days, policy.retention
    daily = retention.daily.days if retention and retention.daily else None
    if stated is None or daily is None or daily < 1 or any(in_range(policy)):
        return  # a count that is wrong by itself has to change in any case; 2 to 6 are found in live policies
    most = max(daily - 1, 1)
    if stated > most:
        what = f"{stated} is not fewer than retention.daily.days, which is {daily}"
        fewer = " or fewer" if most > 1 else ""
        remedy = f"use {most}{fewer}, or keep daily points for {max(stated + 1, 7)} days or more"
        yield Breach(INSTANT_RESTORE_BELOW_DAILY, _FIELD, what, remedy, also=("retention", "daily", "days"))


RULES = (in_range, below_daily)
