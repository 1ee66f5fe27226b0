"""Planning protection: what each selected VM needs, from the state it is in to the one that is wished for."""

from collections import defaultdict
from dataclasses import dataclass
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
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.retention import losses
from backup_reconciler.plan.selection import missing_ids, selected, subscriptions_of
from backup_reconciler.spec import rules
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.policy import Retention
from backup_reconciler.spec.protection import AssignmentSpec, ProtectionSettings
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from backup_reconciler.state.vm import LiveVM


@dataclass(frozen=True, slots=True)
class _Wish:
    """What one assignment wishes for one VM."""

    assignment: Declaration[AssignmentSpec]
    vault: ArmId
    vault_location: str
    policy: ArmId | None
    vm: LiveVM

    @property
    def address(self) -> str:
        return protection_address(self.vault, self.vm.id)

    @property
    def label(self) -> str:
        return f"VM {self.vm.name} in {self.vault.name}"

    @property
    def settings(self) -> ProtectionSettings:
        if self.assignment.spec.protection == "stopped":
            return ProtectionSettings("stopped")
        return ProtectionSettings("active", self.policy)


def plan_protections(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about every VM that an assignment selects, and list what nobody declared."""
    wishes: dict[ArmId, list[_Wish]] = defaultdict(list)
    for assignment in manifests.assignments:
        for wish in _wishes(assignment, manifests, snapshot, draft):
            wishes[wish.vm.id].append(wish)
    for vm in sorted(wishes):
        first, *others = wishes[vm]
        if others:
            _claimed_twice(first, others, draft)
        else:
            _plan_vm(first, manifests, snapshot, draft)
    for vault in sorted(snapshot.vaults):
        _list_undeclared(vault, snapshot.vaults[vault], set(wishes), draft)


def _wishes(
    assignment: Declaration[AssignmentSpec], manifests: Manifests, snapshot: Snapshot, draft: Draft
) -> list[_Wish]:
    vault = manifests.vault(assignment.spec.vault)
    assert vault is not None, "manifests are validated before they are planned"
    vault_id = vault.spec.vault_id(vault.handle)
    subscriptions = subscriptions_of(assignment, vault_id.subscription)
    vms = selected(assignment.spec, subscriptions, snapshot.vms.values())
    for missing in missing_ids(assignment.spec, snapshot.vms):
        address, label = protection_address(vault_id, missing), f"VM {missing.name} in {vault_id.name}"
        message, place = f"{missing} does not exist", assignment.place_of("select", "ids")
        draft.find(Finding(rules.VM_MISSING, Severity.BLOCKED, address, label, message, place))
    if not vms and not assignment.spec.select.ids:
        message, place = "it matches no VM", assignment.place_of("select")
        draft.find(Finding(rules.SELECTS_NOTHING, Severity.WARNING, str(assignment), str(assignment), message, place))
    policy = _policy(assignment, manifests, vault_id)
    return [_Wish(assignment, vault_id, vault.spec.location, policy, vm) for vm in vms]


def _policy(assignment: Declaration[AssignmentSpec], manifests: Manifests, vault: ArmId) -> ArmId | None:
    handle = assignment.spec.policy
    if handle is None:
        return None
    declared = manifests.policy(handle)
    return policy_id(vault, (declared.spec.name or declared.handle) if declared else handle)


# ---- one VM --------------------------------------------------------------------------------------------------------


def _plan_vm(wish: _Wish, manifests: Manifests, snapshot: Snapshot, draft: Draft) -> None:
    needs = [vault_address(wish.vault)]
    if wish.settings.policy is not None:
        needs.append(policy_address(wish.vault, wish.settings.policy.name))
    if draft.held(wish.address, wish.label, *needs):
        return
    contents = snapshot.vaults.get(wish.vault)
    item = contents.items.get(wish.vm.id) if contents else None
    if finding := _refusal(wish, item, contents, manifests, snapshot):
        draft.find(finding)
    elif item is None:
        _plan_unprotected(wish, draft, needs)
    elif item.settings == wish.settings:
        draft.same(wish.address, wish.label, _why_unchanged(wish))
    else:
        draft.act(_move(wish, item, contents, draft, needs))


def _refusal(
    wish: _Wish, item: LiveItem | None, contents: VaultContents | None, manifests: Manifests, snapshot: Snapshot
) -> Finding | None:
    """Why this VM cannot be given what is wished for it, if so; the first reason is enough."""
    if item is not None and item.state is ItemState.SOFT_DELETED:
        return _blocked(wish, rules.ITEM_SOFT_DELETED, "its backup is soft-deleted", "vault")
    if item is not None and item.settings is None:
        message = f"its protection state is {item.wire_state or 'not told'}"
        return _blocked(wish, rules.ITEM_STATE_UNKNOWN, message, "vault")
    if item is None and wish.settings.protection == "active":
        if wish.vm.location != wish.vault_location:
            message = f"it is in {wish.vm.location}, the vault is in {wish.vault_location}"
            return _blocked(wish, rules.VM_REGION, message, "select")
        if holder := snapshot.held_elsewhere.get(wish.vm.id):
            message = f"the vault {holder.name} in {holder.resource_group} holds it already"
            return _blocked(wish, rules.VM_IN_OTHER_VAULT, message, "select")
    return _policy_refusal(wish, contents, manifests)


def _policy_refusal(wish: _Wish, contents: VaultContents | None, manifests: Manifests) -> Finding | None:
    """A policy that is not declared must be in the vault; a vault that is still to be created will have its own."""
    policy, handle = wish.settings.policy, wish.assignment.spec.policy
    if policy is None or contents is None or contents.vault.under_way or (handle and manifests.policy(handle)):
        return None
    if policy not in contents.policies:
        message = f"the vault has no policy {policy.name}"
        return _blocked(wish, rules.POLICY_NOT_IN_VAULT, message, "policy")
    return None


def _plan_unprotected(wish: _Wish, draft: Draft, needs: list[str]) -> None:
    policy = wish.settings.policy
    if policy is None:
        message, place = "it is not protected, so there is nothing to stop", wish.assignment.place_of("protection")
        draft.find(Finding(rules.NOTHING_TO_STOP, Severity.WARNING, wish.address, wish.label, message, place))
        return
    draft.act(
        Protect(
            address=wish.address,
            label=wish.label,
            changes=_changes(wish, None),
            data_effect="none yet; the first is made by the policy's schedule",
            place=wish.assignment.place,
            depends_on=draft.after(*needs),
            vault=wish.vault,
            vm=wish.vm.id,
            item=None,
            policy=policy,
        )
    )


def _move(wish: _Wish, item: LiveItem, contents: VaultContents | None, draft: Draft, needs: list[str]) -> AnyAction:
    """The action that takes a protected item from the state it is in to another."""
    policy = wish.settings.policy
    before = [policy_address(wish.vault, item.policy.name)] if item.policy else []
    common: dict[str, Any] = {
        "address": wish.address,
        "label": wish.label,
        "changes": _changes(wish, item),
        "place": wish.assignment.place,
        # The service refuses a change of an item while an update of its policy, the old one too, is still being spread.
        "depends_on": draft.after(*dict.fromkeys((*needs, *before))),
        "vault": wish.vault,
        "vm": item.vm,
        "item": item.id,
    }
    if policy is None:
        effect = "all kept, without an end and at cost; no new ones are made"
        return Stop(**common, data_effect=effect)
    if item.state is ItemState.STOPPED:
        effect = "existing ones are kept as long as the policy says; new ones are made by its schedule"
        return Resume(**common, policy=policy, data_effect=effect)
    effect, risk = _effect_of_policy_change(item.policy, policy, contents, draft)
    return ChangePolicy(**common, policy=policy, data_effect=effect, risk=risk)


def _effect_of_policy_change(
    before: ArmId | None, after: ArmId, contents: VaultContents | None, draft: Draft
) -> tuple[str, Risk]:
    old = _retention(before, contents, None)
    new = _retention(after, contents, draft)
    if old is None or new is None:
        return (
            "may be deleted: the retention of one of the two policies cannot be read",
            Risk.DESTRUCTIVE,
        )
    lost = losses(old, new)
    if lost:
        return f"deleted earlier: {'; '.join(lost)}", Risk.DESTRUCTIVE
    return "kept at least as long as before", Risk.SAFE


def _retention(policy: ArmId | None, contents: VaultContents | None, draft: Draft | None) -> Retention | None:
    """The retention a policy has or, where this plan writes it, will have."""
    if policy is None or contents is None:
        return None
    planned = draft.actions.get(policy_address(contents.vault.id, policy.name)) if draft else None
    if isinstance(planned, CreatePolicy | UpdatePolicy) and planned.settings.retention is not None:
        return planned.settings.retention
    live = contents.policies.get(policy)
    return live.settings.retention if live and live.settings else None


def _changes(wish: _Wish, item: LiveItem | None) -> tuple[Change, ...]:
    found = item.settings if item else None
    wished, changes = wish.settings, []
    if found is None or found.protection != wished.protection:
        place = wish.assignment.place_of("protection")
        changes.append(Change("protection", found.protection if found else None, wished.protection, place))
    if wished.policy is not None and (found is None or found.policy != wished.policy):
        before = found.policy.name if found and found.policy else None
        changes.append(Change("policy", before, wished.policy.name, wish.assignment.place_of("policy")))
    return tuple(changes)


def _why_unchanged(wish: _Wish) -> str:
    policy = wish.settings.policy
    return f"it is backed up by {policy.name}" if policy else "its backups are stopped and its data is kept"


# ---- findings ------------------------------------------------------------------------------------------------------


def _claimed_twice(first: _Wish, others: list[_Wish], draft: Draft) -> None:
    names = " and ".join(f"{wish.assignment} ({wish.assignment.place})" for wish in (first, *others))
    draft.find(_blocked(first, rules.VM_CLAIMED_TWICE, f"it is selected by {names}", "select"))


def _list_undeclared(vault: ArmId, contents: VaultContents, declared: set[ArmId], draft: Draft) -> None:
    for vm in sorted(set(contents.items) - declared):
        item = contents.items[vm]
        address, label = protection_address(vault, vm), f"VM {vm.name} in {vault.name}"
        message = f"no assignment selects it; its protection is {item.state.value} and stays so"
        draft.find(Finding(rules.UNDECLARED_ITEM, Severity.INFO, address, label, message))


def _blocked(wish: _Wish, rule: rules.Rule, message: str, field: str) -> Finding:
    place = wish.assignment.place_of(field)
    return Finding(rule, Severity.BLOCKED, wish.address, wish.label, message, place)
