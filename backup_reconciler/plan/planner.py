"""Making a plan: vaults first, then their policies, then the VMs they protect; what is to go comes last."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

from backup_reconciler.plan.coverage import coverage_of
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import in_order as findings_in_order
from backup_reconciler.plan.order import in_order
from backup_reconciler.plan.outbound.planning import plan_outbound
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.policy.deletion import plan_policy_deletion
from backup_reconciler.plan.policy.leaving import let_vms_leave_first
from backup_reconciler.plan.policy.planning import plan_policy, plan_undeclared
from backup_reconciler.plan.policy.write_budget import keep_within_budget
from backup_reconciler.plan.protection.first_backup import start_first_backups
from backup_reconciler.plan.protection.planning import plan_protections
from backup_reconciler.plan.protection.undeclared import kept_backups
from backup_reconciler.plan.room import keep_to_the_room
from backup_reconciler.plan.selection.exemption import Exemptions
from backup_reconciler.plan.selection.matching import ids_of
from backup_reconciler.plan.selection.target import looked_in
from backup_reconciler.plan.shard import shared_out
from backup_reconciler.plan.vault.planning import plan_vault
from backup_reconciler.plan.vault.teardown import leave_to_teardown, plan_teardown
from backup_reconciler.plan.vaults_after import torn_down, vaults_after
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Scope, Snapshot


def scope_of(manifests: Manifests, shard: Shard = WHOLE) -> Scope:
    """What must be read to plan these manifests, or a shard of them."""
    staying = [(assignment, looked_in(assignment, manifests)) for assignment in manifests.assignments]
    authoritative = {vault.spec.subscription.casefold() for vault in manifests.vaults if vault.spec.is_authoritative()}
    scope = Scope(
        vaults=frozenset(vault.spec.vault_id(vault.handle) for vault in manifests.vaults),
        vm_subscriptions=frozenset(authoritative).union(*(subscriptions for _, subscriptions in staying)),
        declared={
            vault.spec.vault_id(vault.handle): vault.spec.settings()
            for vault in manifests.vaults
            if not vault.spec.existing and not vault.spec.is_absent()
        },
        vms=frozenset[ArmId]().union(*(ids_of(one.spec.select) for one, subscriptions in staying if subscriptions)),
    )
    return shared_out(scope, manifests, shard)


def make_plan(manifests: Manifests, snapshot: Snapshot, as_of: date) -> Plan:
    """The difference between what is declared and what is on a day, as ordered actions and findings.

    Equal input, equal plan. Of vaults that the snapshot leaves out nothing is said that takes what they hold.
    """
    guards = {id_: contents.guard for id_, contents in snapshot.vaults.items() if contents.guard}
    draft = Draft(as_of, guards, vaults_after(manifests, snapshot))
    subscriptions = scope_of(manifests).vm_subscriptions
    exemptions = Exemptions(manifests, snapshot, subscriptions, as_of)
    _plan_what_stays(manifests, snapshot, exemptions, draft)
    keep_to_the_room(snapshot, draft)
    keep_within_budget(draft)
    let_vms_leave_first(draft)
    ways_out = plan_outbound(manifests, snapshot, draft)
    start_first_backups(manifests, snapshot, ways_out, draft)
    _plan_what_goes(manifests, snapshot, draft)
    actions = in_order(draft.actions)
    now = coverage_of(snapshot, exemptions.exempt(), ()) if subscriptions else None
    return Plan(
        as_of=as_of,
        actions=actions,
        findings=findings_in_order(draft.findings),
        unchanged=tuple(sorted(draft.unchanged, key=lambda one: one.address)),
        held_back=tuple(sorted(draft.held_back, key=lambda one: one.rank)),
        doubtful=tuple(draft.doubtful),
        coverage=coverage_of(snapshot, exemptions.exempt(), actions) if now and actions else now,
        coverage_now=now,
        kept=kept_backups(snapshot),
        opened=frozenset(vm for vm, actions in ways_out.items() if not draft.actions.keys().isdisjoint(actions)),
        reads=snapshot.requests,
        reading=snapshot.reading,
    )


def _plan_what_stays(manifests: Manifests, snapshot: Snapshot, exemptions: Exemptions, draft: Draft) -> None:
    for vault in _read(manifests, snapshot):
        if not vault.spec.is_absent():
            plan_vault(vault, snapshot, draft)
    placed = list(_placed(manifests, snapshot))
    for policy, vault_id in placed:
        if not policy.spec.is_absent():
            plan_policy(policy, vault_id, snapshot, draft)
    declared = {policy_id(vault_id, policy.spec.azure_name(policy.handle)) for policy, vault_id in placed}
    for vault_id in sorted(snapshot.vaults.keys() - torn_down(manifests)):
        plan_undeclared(vault_id, snapshot.vaults[vault_id], declared, draft)
    staying = leave_to_teardown(manifests.assignments, manifests, draft)
    names = {str(assignment) for assignment in staying}
    left_aside = [assignment for assignment in manifests.assignments if str(assignment) not in names]
    plan_protections(replace(manifests, assignments=staying), left_aside, snapshot, exemptions, draft)


def _plan_what_goes(manifests: Manifests, snapshot: Snapshot, draft: Draft) -> None:
    """Teardowns first: a policy that goes with its vault is not deleted a second time."""
    for vault in _read(manifests, snapshot):
        if vault.spec.is_absent():
            plan_teardown(vault, snapshot, draft)
    for policy, vault_id in _placed(manifests, snapshot):
        if policy.spec.is_absent():
            plan_policy_deletion(policy, vault_id, snapshot, draft)


def _read(manifests: Manifests, snapshot: Snapshot) -> list[Declaration[VaultSpec]]:
    """The declared vaults but for those that the snapshot leaves out."""
    return [vault for vault in manifests.vaults if vault.spec.vault_id(vault.handle) not in snapshot.left_out]


def _placed(manifests: Manifests, snapshot: Snapshot) -> Iterator[tuple[Declaration[BackupPolicySpec], ArmId]]:
    """Every declared policy with each of its vaults that were read."""
    for policy in manifests.policies:
        for vault in manifests.vaults_of(policy):
            id_ = vault.spec.vault_id(vault.handle)
            if id_ not in snapshot.left_out:
                yield policy, id_
