"""What stands in the way of giving a VM the protection that is wished for it."""

from dataclasses import replace
from datetime import date

from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.protection.absence import absence_refusal
from backup_reconciler.plan.protection.binding import Policies, is_move_to_enhanced, shortened_by_binding
from backup_reconciler.plan.protection.changes import changes
from backup_reconciler.plan.protection.deletion import unapproved
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.plan.vaults_after import is_immutable
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.approval import APPROVAL_EXPIRED, APPROVAL_INCOMPLETE
from backup_reconciler.spec.rules.policy import IMMUTABLE_RETENTION, POLICY_TIER
from backup_reconciler.spec.rules.protection import (
    DELETE_IMMUTABLE,
    ITEM_STATE_UNKNOWN,
    MOVE_TO_ENHANCED,
    POLICY_NOT_IN_VAULT,
    SUSPEND_ACTIVE,
    SUSPEND_IMMUTABLE,
    VM_IN_OTHER_VAULT,
    VM_NEEDS_ENHANCED,
    VM_REGION,
)
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import VaultContents


def refusal(wish: Wish, item: LiveItem | None, policies: Policies, where: Whereabouts) -> Finding | None:
    """Why this VM cannot be given what is wished for it, if so; the first reason is enough."""
    if finding := absence_refusal(wish, item, where):
        return finding
    if item is not None:
        return (
            _item_refusal(wish, item, policies)
            or _ending_refusal(wish, item, policies)
            or _policy_refusal(wish, item, policies)
            or _immutability_refusal(wish, item, policies)
        )
    return _holder_refusal(wish, where) or _region_refusal(wish) or _policy_refusal(wish, item, policies)


def _holder_refusal(wish: Wish, where: Whereabouts) -> Finding | None:
    holder = next((vault for vault in where.holders(wish.vm) if vault != wish.vault), None)
    if holder is None:
        return None
    finding = wish.finding(VM_IN_OTHER_VAULT, Severity.BLOCKED, where.told_holder(wish.vm, holder), "select")
    return replace(finding, resources=(holder,))


def _region_refusal(wish: Wish) -> Finding | None:
    vm = wish.live
    if wish.settings.protection != "active" or vm is None or vm.location == wish.vault_location:
        return None
    if wish.assignment.spec.vaults is None:
        message, field = f"it is in {vm.location}, the vault is in {wish.vault_location}", "select"
    else:
        message, field = f"it is in {vm.location}, and none of the vaults is there", "vaults"
    return wish.finding(VM_REGION, Severity.BLOCKED, message, field)


def _item_refusal(wish: Wish, item: LiveItem, policies: Policies) -> Finding | None:
    """A state that nothing leads out of, with what differs, so that drift tells it."""
    policy, field, instead = wish.settings.policy, "policy", ""
    if item.settings is None:
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
    return _differing(finding, wish, item, instead)


def _ending_refusal(wish: Wish, item: LiveItem, policies: Policies) -> Finding | None:
    """What a vault denies, or nobody has approved, of ending a VM's backups."""
    if item.meets(wish.settings):
        return None
    immutable = is_immutable(policies.draft.vaults_after[wish.vault])
    finding = None
    if wish.settings.protection == "suspended":
        finding = _suspension_refusal(wish, item, immutable=immutable)
    elif wish.settings.protection == "deleted":
        finding = _deletion_refusal(wish, item, policies.draft.as_of, immutable=immutable)
    return _differing(finding, wish, item) if finding else None


def _suspension_refusal(wish: Wish, item: LiveItem, *, immutable: bool) -> Finding | None:
    if not immutable:
        return wish.finding(SUSPEND_IMMUTABLE, Severity.BLOCKED, "its vault is not immutable", "protection")
    if item.state is not ItemState.ACTIVE:
        message = f"it is {item.state.value}, and has no policy that its recovery points could expire by"
        return wish.finding(SUSPEND_ACTIVE, Severity.BLOCKED, message, "protection")
    return None


def _deletion_refusal(wish: Wish, item: LiveItem, as_of: date, *, immutable: bool) -> Finding | None:
    approval = wish.assignment.spec.approval
    if immutable:
        message = "its vault is immutable: recovery points cannot be deleted before they expire"
        return wish.finding(DELETE_IMMUTABLE, Severity.BLOCKED, message, "protection")
    if unapproved(approval, [item]):
        message = f"the approval does not name {item.vm}"
        return wish.finding(APPROVAL_INCOMPLETE, Severity.BLOCKED, message, "approval")
    if approval is not None and approval.expires < as_of:
        message = f"the approval ended on {approval.expires}"
        return wish.finding(APPROVAL_EXPIRED, Severity.BLOCKED, message, "approval")
    return None


def _immutability_refusal(wish: Wish, item: LiveItem, policies: Policies) -> Finding | None:
    """An immutable vault lets no VM go to a policy that keeps its points for less time."""
    lost = shortened_by_binding(item, wish.settings.policy, policies)
    if not lost or not is_immutable(policies.draft.vaults_after[wish.vault]):
        return None
    message = f"the vault is immutable, and the policy keeps less: {'; '.join(lost)}"
    finding = wish.finding(IMMUTABLE_RETENTION, Severity.BLOCKED, message, "policy")
    return _differing(finding, wish, item)


def _policy_refusal(wish: Wish, item: LiveItem | None, policies: Policies) -> Finding | None:
    """A policy that is not declared must be in the vault, and it must be one for this VM."""
    policy = wish.settings.policy
    if policy is None:
        return None
    message, rule = "", POLICY_NOT_IN_VAULT
    if not wish.policy_is_declared and _is_lacking(policy, policies.contents):
        message = f"the vault has no policy {policy.name}"
    elif (item is None or item.policy != policy) and (reason := needs_enhanced(wish, policies)):
        message, rule = reason, VM_NEEDS_ENHANCED
    if not message:
        return None
    finding = wish.finding(rule, Severity.BLOCKED, message, "policy")
    return _differing(finding, wish, item)


def _differing(finding: Finding, wish: Wish, item: LiveItem | None, instead: str = "") -> Finding:
    """The finding with what the VM has otherwise than wished, so that drift tells it."""
    drift = DriftState.UNWANTED if wish.settings.protection == "deleted" else DriftState.DIFFERS
    return replace(finding, drift=drift if item else DriftState.MISSING, changes=changes(wish, item), instead=instead)


def _is_lacking(policy: ArmId, contents: VaultContents | None) -> bool:
    """Whether a vault has no such policy; one that is still to be created will have its own."""
    return contents is not None and not contents.vault.being_created and policy not in contents.policies


def needs_enhanced(wish: Wish, policies: Policies) -> str:
    """What of the VM its policy does not back up, in words; empty where it does."""
    policy = wish.settings.policy
    if policy is None or policies.tier(policy) != "Standard" or not wish.live:
        return ""
    return wish.live.needs_enhanced and f"{wish.live.needs_enhanced}, and {policy.name} is a Standard policy"
