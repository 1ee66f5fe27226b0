"""Planning protection: what each selected VM needs, from the state it is in to the one that is wished for."""

from dataclasses import replace
from typing import Any

from backup_reconciler.plan.action import (
    AnyAction,
    Change,
    ChangePolicy,
    CreatePolicy,
    Protect,
    Resume,
    Risk,
    Stop,
    UpdatePolicy,
)
from backup_reconciler.plan.address import policy_address, protection_address, vault_address
from backup_reconciler.plan.assignment import Wish, claimed_twice, wishes_by_vm
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.retention import losses
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.policy import Retention
from backup_reconciler.spec.rules.policy import POLICY_TIER
from backup_reconciler.spec.rules.protection import (
    ITEM_SOFT_DELETED,
    ITEM_STATE_UNKNOWN,
    NOTHING_TO_STOP,
    POLICY_NOT_IN_VAULT,
    UNDECLARED_ITEM,
    VM_IN_OTHER_VAULT,
    VM_REGION,
)
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import Snapshot, VaultContents


def plan_protections(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about every VM that an assignment selects, and list what nobody declared."""
    declared: set[tuple[ArmId, ArmId]] = set()
    for vm, wishes in wishes_by_vm(manifests, snapshot, draft).items():
        declared.update((wish.vault, vm) for wish in wishes)
        if len(wishes) > 1:
            draft.find(claimed_twice(wishes))
        else:
            _plan_vm(wishes[0], snapshot, draft)
    for vault in sorted(snapshot.vaults):
        _list_undeclared(snapshot.vaults[vault], {vm for owner, vm in declared if owner == vault}, draft)


# ---- one VM --------------------------------------------------------------------------------------------------------


def _plan_vm(wish: Wish, snapshot: Snapshot, draft: Draft) -> None:
    contents = snapshot.vaults.get(wish.vault)
    item = contents.items.get(wish.vm.id) if contents else None
    needs = [vault_address(wish.vault)]
    if wish.settings.policy is not None:
        needs.append(policy_address(wish.vault, wish.settings.policy.name))
    if finding := _refusal(wish, item, contents, snapshot):
        draft.find(finding)
    elif item is None:
        _plan_unprotected(wish, draft, needs)
    elif item.settings == wish.settings:
        draft.same(wish.address, wish.label, _why_unchanged(wish))
    else:
        if item.policy is not None:
            # The service refuses a change of an item while an update of its policy is still being spread.
            needs.append(policy_address(wish.vault, item.policy.name))
        draft.act(_move(wish, item, contents, draft), *needs)


def _plan_unprotected(wish: Wish, draft: Draft, needs: list[str]) -> None:
    policy = wish.settings.policy
    if policy is None:
        message = "it is not protected, so there is nothing to stop"
        draft.find(wish.finding(NOTHING_TO_STOP, Severity.WARNING, message, "protection"))
        return
    effect = "none yet; the first is made by the policy's schedule"
    draft.act(Protect(**_common(wish, None), policy=policy, data_effect=effect), *needs)


def _move(wish: Wish, item: LiveItem, contents: VaultContents | None, draft: Draft) -> AnyAction:
    """The action that takes a protected item from the state it is in to another."""
    common, policy = _common(wish, item), wish.settings.policy
    if policy is None:
        return Stop(
            **common,
            data_effect="all kept, without an end and at cost; no new ones are made",
            critical=frozenset({CriticalOperation.STOP_ITEM}),
        )
    bind = Resume if item.state is ItemState.STOPPED else ChangePolicy
    effect, risks = _effect_of_binding(item, policy, contents, draft)
    critical = {CriticalOperation.LOWER_ITEM} if Risk.DESTRUCTIVE in risks else set()
    return bind(**common, policy=policy, data_effect=effect, risks=risks, critical=frozenset(critical))


def _common(wish: Wish, item: LiveItem | None) -> dict[str, Any]:
    return {
        "address": wish.address,
        "label": wish.label,
        "changes": _changes(wish, item),
        "place": wish.assignment.place,
        "vault": wish.vault,
        "vm": wish.vm.id,
        "found": item,
    }


def _changes(wish: Wish, item: LiveItem | None) -> tuple[Change, ...]:
    found = item.settings if item else None
    wished, changes = wish.settings, []
    if found is None or found.protection != wished.protection:
        before = item.state.value if item else None
        changes.append(Change("protection", before, wished.protection, wish.assignment.place_of("protection")))
    if wished.policy is not None and (found is None or found.policy != wished.policy):
        bound = found.policy.name if found and found.policy else None
        changes.append(Change("policy", bound, wished.policy.name, wish.assignment.place_of("policy")))
    return tuple(changes)


def _why_unchanged(wish: Wish) -> str:
    policy = wish.settings.policy
    return f"it is backed up by {policy.name}" if policy else "its backups are stopped and its data is kept"


# ---- what a change of policy does to recovery points ---------------------------------------------------------------


def _effect_of_binding(
    item: LiveItem, policy: ArmId, contents: VaultContents | None, draft: Draft
) -> tuple[str, frozenset[Risk]]:
    """What binding a protected VM to a policy does to the recovery points it has, and what that can cost."""
    before, after = _live_policy(item.policy, contents), _live_policy(policy, contents)
    effect, deletes = _effect_on_points(
        item, _retention(item.policy, contents, None), _retention(policy, contents, draft)
    )
    risks = {Risk.DESTRUCTIVE} if deletes else set()
    if after is not None and after.tier == "Enhanced" and not (before is not None and before.tier == "Enhanced"):
        risks.add(Risk.ONE_WAY)
        effect = f"{effect}; a move to an Enhanced policy cannot be taken back"
    return effect, frozenset(risks)


def _effect_on_points(item: LiveItem, before: Retention | None, after: Retention | None) -> tuple[str, bool]:
    """In words, and whether points may be deleted."""
    if not item.has_points:
        return "none yet; the first is made by the policy's schedule", False
    if item.state is ItemState.STOPPED:
        return "those kept without an end until now are deleted when older than the policy keeps them", True
    if before is None or after is None:
        return "perhaps deleted: the retention of one of the two policies cannot be read", True
    lost = losses(before, after)
    return (f"deleted earlier: {'; '.join(lost)}", True) if lost else ("kept at least as long as before", False)


def _retention(policy: ArmId | None, contents: VaultContents | None, draft: Draft | None) -> Retention | None:
    """The retention a policy has or, where this plan writes it, will have."""
    if policy is None or contents is None:
        return None
    planned = draft.planned_at(policy_address(contents.vault.id, policy.name)) if draft else None
    if isinstance(planned, CreatePolicy | UpdatePolicy) and planned.settings.retention is not None:
        return planned.settings.retention
    live = _live_policy(policy, contents)
    return live.retention if live else None


def _live_policy(policy: ArmId | None, contents: VaultContents | None) -> LivePolicy | None:
    return contents.policies.get(policy) if policy is not None and contents is not None else None


# ---- what stands in the way ----------------------------------------------------------------------------------------


def _refusal(wish: Wish, item: LiveItem | None, contents: VaultContents | None, snapshot: Snapshot) -> Finding | None:
    """Why this VM cannot be given what is wished for it, if so; the first reason is enough."""
    if item is not None:
        return _item_refusal(wish, item, contents) or _policy_refusal(wish, item, contents)
    holder = _other_holder(wish, snapshot)
    if holder is not None:
        message = f"the vault {holder.name} in {holder.resource_group} holds it already"
        return wish.finding(VM_IN_OTHER_VAULT, Severity.BLOCKED, message, "select")
    if wish.settings.protection == "active" and wish.vm.location != wish.vault_location:
        message = f"it is in {wish.vm.location}, the vault is in {wish.vault_location}"
        return wish.finding(VM_REGION, Severity.BLOCKED, message, "select")
    return _policy_refusal(wish, item, contents)


def _other_holder(wish: Wish, snapshot: Snapshot) -> ArmId | None:
    """The vault that holds the VM instead: of a vault in scope its own list knows, of others Resource Graph does."""
    for vault in sorted(snapshot.vaults):
        if vault != wish.vault and wish.vm.id in snapshot.vaults[vault].items:
            return vault
    return snapshot.held_elsewhere.get(wish.vm.id)


def _item_refusal(wish: Wish, item: LiveItem, contents: VaultContents | None) -> Finding | None:
    """A state that nothing leads out of, with what differs, so that drift tells it."""
    bound = _live_policy(item.policy, contents)
    wished = _live_policy(wish.settings.policy, contents)
    if item.state is ItemState.SOFT_DELETED:
        rule, message = ITEM_SOFT_DELETED, "its backup is soft-deleted"
    elif item.settings is None:
        rule, message = ITEM_STATE_UNKNOWN, f"its protection state is {item.wire_state or 'not told'}"
    elif (
        bound is not None
        and bound.tier == "Enhanced"
        and wish.settings.policy not in (None, bound.id)
        and not (wished is not None and wished.tier == "Enhanced")
    ):
        rule, message = (
            POLICY_TIER,
            f"it is bound to the Enhanced policy {bound.name}, which cannot be taken back",
        )
    else:
        return None
    finding = wish.finding(rule, Severity.BLOCKED, message, "vault")
    return replace(finding, drift=DriftState.DIFFERS, changes=_changes(wish, item))


def _policy_refusal(wish: Wish, item: LiveItem | None, contents: VaultContents | None) -> Finding | None:
    """A policy that is not declared must be in the vault; a vault that is still to be created will have its own."""
    policy = wish.settings.policy
    if policy is None or wish.policy_is_declared or contents is None or contents.vault.being_created:
        return None
    if policy in contents.policies:
        return None
    message = f"the vault has no policy {policy.name}"
    finding = wish.finding(POLICY_NOT_IN_VAULT, Severity.BLOCKED, message, "policy")
    return replace(finding, drift=DriftState.DIFFERS if item else DriftState.MISSING, changes=_changes(wish, item))


def _list_undeclared(contents: VaultContents, declared: set[ArmId], draft: Draft) -> None:
    vault = contents.vault.id
    for vm in sorted(set(contents.items) - declared):
        address, label = protection_address(vault, vm), f"VM {vm.name} in {vault.name}"
        message = f"no assignment selects it; its protection is {contents.items[vm].state.value} and stays so"
        draft.find(Finding(UNDECLARED_ITEM, Severity.INFO, address, label, message))
