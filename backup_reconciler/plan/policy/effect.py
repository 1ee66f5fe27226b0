"""What a change of a policy does to the recovery points of its VMs, in words, and what that can cost."""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.plan.action import Risk
from backup_reconciler.plan.policy import frequency
from backup_reconciler.plan.policy.retention import losses
from backup_reconciler.spec.policy import ArchiveTier, PolicySettings
from backup_reconciler.spec.policy_rules.archive import age_of_moving, moves
from backup_reconciler.state.guard import CriticalOperation


@dataclass(frozen=True, slots=True)
class Effect:
    """What becomes of recovery points."""

    words: str
    risks: frozenset[Risk]
    critical: frozenset[CriticalOperation]


def effect_of(before: PolicySettings, after: PolicySettings, vms: int) -> Effect:
    """The effect of turning a live policy into another; `vms` is the number of VMs that it backs up."""
    lost = _lost(before, after)
    risks = {Risk.DESTRUCTIVE} if lost else set()
    if vms and moves_more(before.archive_tier, after.archive_tier):
        risks.add(Risk.ONE_WAY)
    critical = {CriticalOperation.LOWER_POLICY} if is_lowered(before, after) else set()
    return Effect(_words(before, after, lost, vms), frozenset(risks), frozenset(critical))


def is_lowered(before: PolicySettings, after: PolicySettings) -> bool:
    """Whether VMs get less protection in any way, which is what a Resource Guard watches over.

    The az CLI counts snapshots that are kept for less, and a longer time between two backups, as it counts retention.
    """
    if _lost(before, after) or _fewer_snapshots(before, after):
        return True
    return bool(before.schedule and after.schedule and frequency.is_lowered(before.schedule, after.schedule))


def on_backups(before: PolicySettings, after: PolicySettings) -> Iterator[str]:
    """What becomes of the points there will be, of snapshots, and of what moves to the archive tier."""
    if before.schedule and after.schedule:
        yield from frequency.told(before.schedule, after.schedule)
    yield from _on_snapshots(before, after)
    yield from _on_archive(before.archive_tier, after.archive_tier)


def _lost(before: PolicySettings, after: PolicySettings) -> list[str]:
    return losses(before.retention, after.retention) if before.retention and after.retention else []


def _words(before: PolicySettings, after: PolicySettings, lost: list[str], vms: int) -> str:
    whose = f"for the VMs it backs up ({vms})" if vms else "for VMs that are bound to it later"
    others = list(on_backups(before, after))
    if lost:
        first = f"deleted earlier, {whose}: {'; '.join(lost)}"
    elif before.retention != after.retention:
        first = f"kept longer, the existing ones too, {whose}"
    else:
        first = f"not touched, {whose}" if others else f"not touched; new ones are made as declared, {whose}"
    return "; ".join((first, *others))


# ---- snapshots -----------------------------------------------------------------------------------------------------


def _fewer_snapshots(before: PolicySettings, after: PolicySettings) -> bool:
    return (after.instant_restore_days or 0) < (before.instant_restore_days or 0)


def _on_snapshots(before: PolicySettings, after: PolicySettings) -> Iterator[str]:
    if _fewer_snapshots(before, after):
        days, instead = after.instant_restore_days, before.instant_restore_days
        yield f"snapshots for instant restore are deleted earlier, after {days} instead of {instead} days"
    group = after.snapshot_resource_group
    if group is not None and group != before.snapshot_resource_group:
        names = f"{group.prefix}N{group.suffix or ''}"
        yield f"new snapshots are made in resource groups named {names}, the existing ones stay where they are"
    crash = _is_crash_consistent(after)
    if crash != _is_crash_consistent(before):
        how = "only as consistent as after a crash" if crash else "as consistent as the VM allows"
        yield f"new points are {how}"


def _is_crash_consistent(settings: PolicySettings) -> bool:
    return settings.snapshot_consistency == "OnlyCrashConsistent"


# ---- the archive tier (source: Azure Backup, archive tier support) -------------------------------------------------


def moves_more(before: ArchiveTier | None, after: ArchiveTier | None) -> bool:
    """Whether points move that would not have moved, or not yet."""
    if after is None or not moves(after):
        return False
    if before is None or not moves(before):
        return True
    all_instead_of_some = (before.mode, after.mode) == ("TierRecommended", "TierAfter")
    return all_instead_of_some or age_of_moving(after) < age_of_moving(before)


def _on_archive(before: ArchiveTier | None, after: ArchiveTier | None) -> Iterator[str]:
    """What becomes of points that move, or have moved."""
    if before == after or after is None:
        return
    which = "" if after.mode == "TierAfter" else ", where it is cheaper,"
    to = f"monthly and yearly points{which} move to the archive tier when they are {age_of_moving(after)} months old"
    if moves_more(before, after):
        yield (
            f"{to}, and cannot be moved back: one that is to be restored is rehydrated for a while, and deleting one "
            "within 180 days of its move costs"
        )
    elif moves(after):
        yield f"{to}, later or fewer of them than before; those that have moved stay there"
    elif moves(before):
        yield "no more points move to the archive tier; those that have moved stay there"
