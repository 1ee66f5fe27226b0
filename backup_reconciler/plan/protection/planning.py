"""Planning protection: what each selected VM needs, from the state it is in to the one that is wished for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

from backup_reconciler.plan.action import (
    AnyAction,
    Change,
    Protect,
    Stop,
)
from backup_reconciler.plan.address import policy_address, protection_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.protection.assignment import Wish, claimed_twice, wishes_by_vm
from backup_reconciler.plan.protection.binding import (
    Policies,
    effect_of_binding,
    is_move_to_enhanced,
    shortened_by_binding,
    verb_of_binding,
)
from backup_reconciler.plan.protection.waves import form_waves
from backup_reconciler.plan.vault.teardown import torn_down
from backup_reconciler.plan.vaults_after import is_immutable
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.rules.policy import IMMUTABLE_RETENTION, POLICY_TIER
from backup_reconciler.spec.rules.protection import (
    ITEM_SOFT_DELETED,
    ITEM_STATE_UNKNOWN,
    MOVE_TO_ENHANCED,
    NOTHING_TO_STOP,
    POLICY_NOT_IN_VAULT,
    UNDECLARED_ITEM,
    VM_IN_OTHER_VAULT,
    VM_NEEDS_ENHANCED,
    VM_REGION,
)
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import Snapshot, VaultContents


def plan_protections(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about every VM that an assignment selects, and list what nobody declared."""
    declared: dict[ArmId, set[ArmId]] = defaultdict(set)
    holders = _holders(snapshot)
    for vm, wishes in wishes_by_vm(manifests, snapshot, draft).items():
        for wish in wishes:
            declared[wish.vault].add(vm)
        if len(wishes) > 1:
            draft.find(claimed_twice(wishes))
        else:
            _plan_vm(wishes[0], snapshot.vaults.get(wishes[0].vault), holders[vm], draft)
    form_waves(manifests.assignments, draft)
    for vault in sorted(snapshot.vaults.keys() - torn_down(manifests)):
        _list_undeclared(snapshot.vaults[vault], declared[vault], draft)


def _holders(snapshot: Snapshot) -> Mapping[ArmId, list[ArmId]]:
    """The vaults that hold each VM: of those in scope their own lists tell, of others Resource Graph does."""
    holders: dict[ArmId, list[ArmId]] = defaultdict(list)
    for vault in sorted(snapshot.vaults):
        for vm in snapshot.vaults[vault].items:
            holders[vm].append(vault)
    for vm, vault in snapshot.held_elsewhere.items():
        holders[vm].append(vault)
    return holders


# ---- one VM --------------------------------------------------------------------------------------------------------


def _plan_vm(wish: Wish, contents: VaultContents | None, holders: Sequence[ArmId], draft: Draft) -> None:
    policies = Policies(wish.vault, contents, draft)
    item = contents.items.get(wish.vm.id) if contents else None
    needs = [vault_address(wish.vault)]
    if wish.settings.policy is not None and not policies.waits_for_approval(wish.settings.policy):
        needs.append(policy_address(wish.vault, wish.settings.policy.name))
    if finding := _refusal(wish, item, policies, holders):
        draft.find(finding)
    elif item is None:
        _plan_unprotected(wish, draft, needs)
    elif item.settings == wish.settings:
        _warn_of_tier(wish, policies, draft)
        draft.same(wish.address, wish.label, _why_unchanged(wish))
    else:
        draft.act(_move(wish, item, policies), *needs, *_update_under_way(item, policies))


def _update_under_way(item: LiveItem, policies: Policies) -> Iterator[str]:
    """The id of the update of the policy that an item leaves, where apply makes one.

    The service refuses a change of an item while an update of its policy is still being spread. One that is blocked,
    or waits for approval, is not spread, and keeps no VM from leaving.
    """
    update = policies.planned(item.policy) if item.policy is not None else None
    if update is not None:
        yield update.id


def _plan_unprotected(wish: Wish, draft: Draft, needs: list[str]) -> None:
    policy = wish.settings.policy
    if policy is None:
        message = "it is not protected, so there is nothing to stop"
        draft.find(wish.finding(NOTHING_TO_STOP, Severity.WARNING, message, "protection"))
        return
    effect = "none yet; the first is made by the policy's schedule"
    draft.act(Protect(**_common(wish, None), policy=policy, data_effect=effect), *needs)


def _move(wish: Wish, item: LiveItem, policies: Policies) -> AnyAction:
    """The action that takes a protected item from the state it is in to another."""
    common, policy = _common(wish, item), wish.settings.policy
    if policy is None:
        return Stop(
            **common,
            data_effect="all kept, without an end and at cost; no new ones are made",
            critical=frozenset({CriticalOperation.STOP_ITEM}),
        )
    effect = effect_of_binding(item, policy, policies)
    bind = verb_of_binding(item, policy, policies)
    return bind(**common, policy=policy, data_effect=effect.words, risks=effect.risks, critical=effect.critical)


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


# ---- what stands in the way ----------------------------------------------------------------------------------------


def _refusal(wish: Wish, item: LiveItem | None, policies: Policies, holders: Sequence[ArmId]) -> Finding | None:
    """Why this VM cannot be given what is wished for it, if so; the first reason is enough."""
    if item is not None:
        return (
            _item_refusal(wish, item, policies)
            or _policy_refusal(wish, item, policies)
            or _immutability_refusal(wish, item, policies)
        )
    holder = next((vault for vault in holders if vault != wish.vault), None)
    if holder is not None:
        message = f"the vault {holder.name} in {holder.resource_group} holds it already"
        return wish.finding(VM_IN_OTHER_VAULT, Severity.BLOCKED, message, "select")
    if wish.settings.protection == "active" and wish.vm.location != wish.vault_location:
        message = f"it is in {wish.vm.location}, the vault is in {wish.vault_location}"
        return wish.finding(VM_REGION, Severity.BLOCKED, message, "select")
    return _policy_refusal(wish, item, policies)


def _item_refusal(wish: Wish, item: LiveItem, policies: Policies) -> Finding | None:
    """A state that nothing leads out of, with what differs, so that drift tells it."""
    policy, field, instead = wish.settings.policy, "policy", ""
    if item.state is ItemState.SOFT_DELETED:
        rule, message, field = ITEM_SOFT_DELETED, "its backup is soft-deleted", "vault"
    elif item.settings is None:
        rule, message, field = ITEM_STATE_UNKNOWN, f"its protection state is {item.wire_state or 'not told'}", "vault"
    elif policy is None or item.policy is None or item.policy == policy:
        return None
    elif policies.tier(item.policy) == "Enhanced" and policies.tier(policy) == "Standard":
        rule, message = (
            POLICY_TIER,
            f"it is bound to the Enhanced policy {item.policy.name}, which cannot be taken back",
        )
        instead = "assign it to an Enhanced policy"
    elif is_move_to_enhanced(item, policy, policies) and wish.assignment.spec.move_to_enhanced is None:
        rule = MOVE_TO_ENHANCED
        message = f"it is bound to the Standard policy {item.policy.name}, and {policy.name} is Enhanced"
    else:
        return None
    finding = wish.finding(rule, Severity.BLOCKED, message, field)
    return replace(finding, drift=DriftState.DIFFERS, changes=_changes(wish, item), instead=instead)


def _immutability_refusal(wish: Wish, item: LiveItem, policies: Policies) -> Finding | None:
    """An immutable vault lets no VM go to a policy that keeps its points for less time."""
    lost = shortened_by_binding(item, wish.settings.policy, policies)
    if not lost or not is_immutable(policies.draft.vaults_after[wish.vault]):
        return None
    message = f"the vault is immutable, and the policy keeps less: {'; '.join(lost)}"
    finding = wish.finding(IMMUTABLE_RETENTION, Severity.BLOCKED, message, "policy")
    return replace(finding, drift=DriftState.DIFFERS, changes=_changes(wish, item))


def _policy_refusal(wish: Wish, item: LiveItem | None, policies: Policies) -> Finding | None:
    """A policy that is not declared must be in the vault, and it must be one for this VM."""
    policy = wish.settings.policy
    if policy is None:
        return None
    message, rule = "", POLICY_NOT_IN_VAULT
    if not wish.policy_is_declared and _is_lacking(policy, policies.contents):
        message = f"the vault has no policy {policy.name}"
    elif (item is None or item.policy != policy) and (reason := _needs_enhanced(wish, policies)):
        message, rule = reason, VM_NEEDS_ENHANCED
    if not message:
        return None
    finding = wish.finding(rule, Severity.BLOCKED, message, "policy")
    return replace(finding, drift=DriftState.DIFFERS if item else DriftState.MISSING, changes=_changes(wish, item))


def _is_lacking(policy: ArmId, contents: VaultContents | None) -> bool:
    """Whether a vault has no such policy; one that is still to be created will have its own."""
    return contents is not None and not contents.vault.being_created and policy not in contents.policies


def _needs_enhanced(wish: Wish, policies: Policies) -> str:
    """What of the VM its policy does not back up, in words; empty where it does."""
    policy = wish.settings.policy
    if policy is None or policies.tier(policy) != "Standard" or not wish.vm.needs_enhanced:
        return ""
    return f"{wish.vm.needs_enhanced}, and {policy.name} is a Standard policy"


def _warn_of_tier(wish: Wish, policies: Policies, draft: Draft) -> None:
    """A disk may have come after the policy."""
    if reason := _needs_enhanced(wish, policies):
        draft.find(wish.finding(VM_NEEDS_ENHANCED, Severity.WARNING, reason, "policy"))


def _list_undeclared(contents: VaultContents, declared: set[ArmId], draft: Draft) -> None:
    vault = contents.vault.id
    for vm in sorted(set(contents.items) - declared):
        address, label = protection_address(vault, vm), f"VM {vm.name} in {vault.name}"
        message = f"no assignment selects it; its protection is {contents.items[vm].state.value} and stays so"
        draft.find(Finding(UNDECLARED_ITEM, Severity.INFO, address, label, message))
