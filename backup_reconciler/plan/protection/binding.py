"""What binding a VM to a policy does to its recovery points, and whether a way leads back."""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.plan.action import (
    AnyAction,
    ChangeDisks,
    ChangePolicy,
    CreatePolicy,
    Migrate,
    Resume,
    Risk,
    UpdatePolicy,
)
from backup_reconciler.plan.address import policy_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.policy.effect import is_lowered, moves_more, on_backups
from backup_reconciler.plan.policy.retention import losses, shortened
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import BUILT_IN_POLICIES, PolicySettings, Retention, Tier, built_in_policy
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import VaultContents

FIRST_BY_SCHEDULE = "none yet; the first is made by the policy's schedule"
"""What becomes of the recovery points of a VM that has none."""
_NO_WAY_BACK = "a move to an Enhanced policy cannot be taken back"


@dataclass(frozen=True, slots=True)
class Policies:
    """The policies of one vault, as they are and as applying this plan leaves them."""

    vault: ArmId
    contents: VaultContents | None
    """None of a vault that does not exist yet."""
    draft: Draft

    def live(self, policy: ArmId | None) -> LivePolicy | None:
        return self.contents.policies.get(policy) if policy is not None and self.contents is not None else None

    def tier(self, policy: ArmId | None) -> Tier | None:
        """The tier that a policy has or will have; None where that cannot be told."""
        if policy is None:
            return None
        planned = self.planned(policy)
        if isinstance(planned, CreatePolicy):
            return planned.tier
        if live := self.live(policy):
            return live.tier
        name = built_in_policy(policy.name)
        return BUILT_IN_POLICIES[name] if name else None

    def retention_after(self, policy: ArmId) -> Retention | None:
        """The retention that a policy has or, where this plan writes it, will have."""
        planned = self.planned(policy)
        if isinstance(planned, CreatePolicy | UpdatePolicy) and planned.settings.retention is not None:
            return planned.settings.retention
        live = self.live(policy)
        return live.retention if live else None

    def after(self, policy: ArmId) -> PolicySettings | None:
        """What a policy is like or, where this plan writes it, will be; None where that cannot be told."""
        live, planned = self.live(policy), self.planned(policy)
        found = live.settings if live else None
        if not isinstance(planned, CreatePolicy | UpdatePolicy):
            return found
        if found is None:
            return planned.settings
        return planned.settings.over(found)

    def planned(self, policy: ArmId) -> AnyAction | None:
        """What apply does to a policy; what waits for approval leaves it as it is."""
        return None if self.waits_for_approval(policy) else self._asked_for(policy)

    def waits_for_approval(self, policy: ArmId) -> bool:
        """Whether a Resource Guard has to approve what is planned for a policy."""
        asked_for = self._asked_for(policy)
        return asked_for is not None and bool(asked_for.guard)

    def _asked_for(self, policy: ArmId) -> AnyAction | None:
        return self.draft.planned_at(policy_address(self.vault, policy.name))


def update_under_way(item: LiveItem, policies: Policies) -> Iterator[str]:
    """The id of the update of the policy that an item leaves, where apply makes one.

    The service refuses a change of an item while an update of its policy is still being spread. One that is blocked,
    or waits for approval, is not spread, and keeps no VM from leaving.
    """
    update = policies.planned(item.policy) if item.policy is not None else None
    if update is not None:
        yield update.id


def is_move_to_enhanced(item: LiveItem, policy: ArmId, policies: Policies) -> bool:
    """Whether a VM that a Standard policy backs up would come to an Enhanced one."""
    return policies.tier(item.policy) == "Standard" and policies.tier(policy) == "Enhanced"


def verb_of_binding(
    item: LiveItem, policy: ArmId, policies: Policies
) -> type[Resume | ChangePolicy | ChangeDisks | Migrate]:
    """What it means to bind a VM that has a backup item."""
    if item.state is not ItemState.ACTIVE:
        return Resume
    if item.policy == policy:
        return ChangeDisks
    return Migrate if is_move_to_enhanced(item, policy, policies) else ChangePolicy


@dataclass(frozen=True, slots=True)
class BindingEffect:
    """What becomes of the recovery points of a VM that is bound to another policy, and what that can cost."""

    words: str
    risks: frozenset[Risk]
    critical: frozenset[CriticalOperation]


def effect_of_binding(item: LiveItem, policy: ArmId, policies: Policies) -> BindingEffect:
    """What it does to the recovery points that the VM has, and to those it will get."""
    live = policies.live(item.policy)
    before, after = live.settings if live else None, policies.after(policy)
    words, deletes = _effect_on_points(item, live.retention if live else None, policies.retention_after(policy))
    risks = {Risk.DESTRUCTIVE} if deletes else set()
    if policies.tier(policy) == "Enhanced" and policies.tier(item.policy) != "Enhanced":
        risks.add(Risk.ONE_WAY)
        words = f"{words}; {_NO_WAY_BACK}"
    lowered = deletes and item.policy is not None  # by which policy a stopped VM was backed up Azure does not tell
    if before is not None and after is not None:
        words = "; ".join((words, *on_backups(before, after)))
        lowered = lowered or is_lowered(before, after)
        risks |= {Risk.ONE_WAY} if moves_more(before.archive_tier, after.archive_tier) else set()
    critical = {CriticalOperation.LOWER_ITEM} if lowered else set()
    return BindingEffect(words, frozenset(risks), frozenset(critical))


def shortened_by_binding(item: LiveItem, policy: ArmId | None, policies: Policies) -> list[str]:
    """Which levels of the VM's points would be kept for less time, which an immutable vault denies."""
    live = policies.live(item.policy)
    if policy is None or policy == item.policy or live is None or live.retention is None:
        return []
    after = policies.retention_after(policy)
    return shortened(live.retention, after) if after else []


def _effect_on_points(item: LiveItem, before: Retention | None, after: Retention | None) -> tuple[str, bool]:
    """In words, and whether points may be deleted."""
    if not item.has_points:
        return FIRST_BY_SCHEDULE, False
    if item.state is ItemState.STOPPED:
        return "no longer kept without an end: those older than the policy keeps them are deleted", True
    if item.state is ItemState.SUSPENDED:
        return "of those that are left, the ones older than the policy keeps them are deleted", True
    if before is None or after is None:
        return "perhaps deleted: the retention of one of the two policies cannot be read", True
    lost = losses(before, after)
    return (f"deleted earlier: {'; '.join(lost)}", True) if lost else ("kept at least as long as before", False)
