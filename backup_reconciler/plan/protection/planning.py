"""Planning protection: what each selected VM needs, from the state it is in to the one that is wished for."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence

from backup_reconciler.plan.address import policy_address, protection_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.protection.assignment import Wish, claimed_twice, wishes_by_vm
from backup_reconciler.plan.protection.binding import Policies
from backup_reconciler.plan.protection.refusals import needs_enhanced, refusal
from backup_reconciler.plan.protection.transition import protect, steps
from backup_reconciler.plan.protection.waves import form_waves
from backup_reconciler.plan.vault.teardown import torn_down
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.rules.protection import NOTHING_TO_STOP, UNDECLARED_ITEM, VM_NEEDS_ENHANCED
from backup_reconciler.state.protection import LiveItem
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
    if finding := refusal(wish, item, policies, holders):
        draft.find(finding)
    elif contents is None or item is None:
        _plan_unprotected(wish, policies)
    elif item.meets(wish.settings):
        _warn_of_tier(wish, policies, draft)
        draft.same(wish.address, wish.label, _why_unchanged(wish, item, contents))
    else:
        needs = [*_needs(wish, policies), *_update_under_way(item, policies)]
        for step in steps(wish, item, contents, policies):
            needs.append(draft.act(step, *needs))


def _needs(wish: Wish, policies: Policies) -> Iterator[str]:
    """The addresses that come before the VM: its vault, and its policy where this run writes it."""
    yield vault_address(wish.vault)
    if wish.settings.policy is not None and not policies.waits_for_approval(wish.settings.policy):
        yield policy_address(wish.vault, wish.settings.policy.name)


def _update_under_way(item: LiveItem, policies: Policies) -> Iterator[str]:
    """The id of the update of the policy that an item leaves, where apply makes one.

    The service refuses a change of an item while an update of its policy is still being spread. One that is blocked,
    or waits for approval, is not spread, and keeps no VM from leaving.
    """
    update = policies.planned(item.policy) if item.policy is not None else None
    if update is not None:
        yield update.id


def _plan_unprotected(wish: Wish, policies: Policies) -> None:
    draft, policy = policies.draft, wish.settings.policy
    if policy is not None:
        draft.act(protect(wish, policy), *_needs(wish, policies))
    elif wish.settings.protection == "deleted":
        draft.same(wish.address, wish.label, "it has no backup")
    else:
        message = "it is not protected, so there is nothing to stop"
        draft.find(wish.finding(NOTHING_TO_STOP, Severity.WARNING, message, "protection"))


def _why_unchanged(wish: Wish, item: LiveItem, contents: VaultContents) -> str:
    match wish.settings.protection:
        case "active":
            pending = "" if item.has_points else "; its first backup is pending"
            return f"it is backed up by {item.policy.name if item.policy else 'its policy'}{pending}"
        case "stopped":
            return "its backups are stopped and its data is kept"
        case "suspended":
            return "its backups are suspended, and its recovery points expire by its policy"
    purged_on = contents.purged_on(item)
    return f"its backup is soft-deleted{f', and purged on {purged_on}' if purged_on else ''}"


def _warn_of_tier(wish: Wish, policies: Policies, draft: Draft) -> None:
    """A disk may have come after the policy."""
    if reason := needs_enhanced(wish, policies):
        draft.find(wish.finding(VM_NEEDS_ENHANCED, Severity.WARNING, reason, "policy"))


def _list_undeclared(contents: VaultContents, declared: set[ArmId], draft: Draft) -> None:
    vault = contents.vault.id
    for vm in sorted(set(contents.items) - declared):
        address, label = protection_address(vault, vm), f"VM {vm.name} in {vault.name}"
        message = f"no assignment selects it; its protection is {contents.items[vm].state.value} and stays so"
        draft.find(Finding(UNDECLARED_ITEM, Severity.INFO, address, label, message))
