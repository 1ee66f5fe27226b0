"""Planning protection: what each selected VM needs, from the state it is in to the one that is wished for."""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from backup_reconciler.plan.address import policy_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.protection.authoritative import stop_undeclared
from backup_reconciler.plan.protection.authority import Authority
from backup_reconciler.plan.protection.binding import Policies, update_under_way
from backup_reconciler.plan.protection.disks import disk_findings
from backup_reconciler.plan.protection.refusals import needs_enhanced, refusal
from backup_reconciler.plan.protection.transition import protect, steps
from backup_reconciler.plan.protection.undeclared import list_undeclared, tell_recreated
from backup_reconciler.plan.protection.waves import form_waves
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.protection.words import told_item
from backup_reconciler.plan.selection.assignment import Assignment, Wish, several_wishes, vaults_not_told, wishes_by_vm
from backup_reconciler.plan.selection.exemption import Exemptions
from backup_reconciler.plan.vaults_after import torn_down
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.rules.protection import NOTHING_TO_STOP, VM_NEEDS_ENHANCED
from backup_reconciler.state.snapshot import Snapshot, VaultContents

if TYPE_CHECKING:
    from backup_reconciler.spec.arm_id import ArmId


def plan_protections(
    manifests: Manifests, left_aside: Sequence[Assignment], snapshot: Snapshot, exemptions: Exemptions, draft: Draft
) -> None:
    """Decide what to do about every VM that an assignment selects, and about what nobody declared.

    `left_aside` are assignments of the run that are not among the manifests, because nothing of them is carried out.
    """
    declared: dict[ArmId, set[ArmId]] = defaultdict(set)
    where = Whereabouts.of(snapshot)
    wishes_of = wishes_by_vm(manifests, snapshot, draft)
    for vm, wishes in wishes_of.items():
        for wish in wishes:
            declared[wish.vault].add(vm)
        if len(wishes) > 1:
            draft.find(several_wishes(wishes))
        elif wishes[0].vault not in snapshot.left_out:
            _plan_vm(wishes[0], snapshot.vaults.get(wishes[0].vault), where, draft)
    for finding in exemptions.findings(wishes_of):
        draft.find(finding)
    form_waves(manifests.assignments, draft)
    untold = vaults_not_told(manifests, snapshot)
    authority = Authority.of(manifests, left_aside, wishes_of, snapshot, draft)
    for vault in sorted(snapshot.vaults.keys() - torn_down(manifests)):
        contents = snapshot.vaults[vault]
        settled = declared[vault] | stop_undeclared(contents, authority, wishes_of, where, draft)
        list_undeclared(contents, settled, where, draft, is_told=vault not in untold)
        tell_recreated(contents, where, draft)


# ---- one VM --------------------------------------------------------------------------------------------------------


def _plan_vm(wish: Wish, contents: VaultContents | None, where: Whereabouts, draft: Draft) -> None:
    policies = Policies(wish.vault, contents, draft)
    if wish.settings.protection == "active" and where.is_doubtful(wish.vm, wish.vault):
        draft.doubtful.append(wish.vm)
    item = contents.items.get(wish.vm) if contents else None
    for about_disks in disk_findings(wish):
        draft.find(about_disks)
    if finding := refusal(wish, item, policies, where):
        draft.find(finding)
    elif contents is None or item is None:
        _plan_unprotected(wish, policies)
    elif item.meets(wish.settings):
        _warn_of_tier(wish, policies, draft)
        draft.same(wish.address, wish.label, told_item(item, contents, draft.as_of))
    else:
        always = list(_needs(wish, policies))
        before = list(update_under_way(item, policies))
        for step in steps(wish, item, contents, policies):
            before = [draft.act(step, *always, *before)]


def _needs(wish: Wish, policies: Policies) -> Iterator[str]:
    """The addresses that come before the VM: its vault, and its policy where this run writes it."""
    yield vault_address(wish.vault)
    if wish.settings.policy is not None and not policies.waits_for_approval(wish.settings.policy):
        yield policy_address(wish.vault, wish.settings.policy.name)


def _plan_unprotected(wish: Wish, policies: Policies) -> None:
    draft, policy = policies.draft, wish.settings.policy
    if policy is not None:
        draft.act(protect(wish, policy), *_needs(wish, policies))
    elif wish.settings.protection == "deleted":
        draft.same(wish.address, wish.label, "it has no backup")
    else:
        end = "suspend" if wish.settings.protection == "suspended" else "stop"
        message = f"it is not protected, so there is nothing to {end}"
        draft.find(wish.finding(NOTHING_TO_STOP, Severity.WARNING, message, "protection"))


def _warn_of_tier(wish: Wish, policies: Policies, draft: Draft) -> None:
    """A disk may have come after the policy."""
    if reason := needs_enhanced(wish, policies):
        draft.find(wish.finding(VM_NEEDS_ENHANCED, Severity.WARNING, reason, "policy"))
