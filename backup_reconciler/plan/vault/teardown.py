"""Planning the teardown of a vault: its backups, where that is approved, then its policies, then the vault itself.

When in doubt nothing of it is done: while one thing stands in the way of the vault's end, none of the steps before it
is taken.
"""

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from backup_reconciler.plan.action import DeleteVault, Risk
from backup_reconciler.plan.address import protection_address, vault_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.finding import DriftState
from backup_reconciler.plan.policy.deletion import absence, policy_deletion
from backup_reconciler.plan.protection.deletion import deletion_steps
from backup_reconciler.plan.selection.labels import Labels
from backup_reconciler.plan.selection.target import vaults_of
from backup_reconciler.plan.vault.teardown_refusals import refusals
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.policy import built_in_policy
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from backup_reconciler.state.vault import LiveVault


def plan_teardown(declaration: Declaration[VaultSpec], snapshot: Snapshot, draft: Draft) -> None:
    """Decide what to do about one vault that is declared absent."""
    vault = declaration.spec.vault_id(declaration.handle)
    contents = snapshot.vaults.get(vault)
    address, label = vault_address(vault), f"vault {vault.name}"
    if contents is None:
        draft.same(address, label, "it is absent")
    elif contents.vault.being_deleted:
        draft.act(_vault_deletion(declaration, contents, draft.as_of))
    elif findings := list(refusals(declaration, contents, draft.as_of, address, label)):
        draft.find(replace(findings[0], drift=DriftState.UNWANTED, changes=(absence(declaration),)))
        for finding in findings[1:]:
            draft.find(finding)
    else:
        _tear_down(declaration, contents, draft)


def leave_to_teardown(
    assignments: tuple[Declaration[AssignmentSpec], ...], manifests: Manifests, draft: Draft
) -> tuple[Declaration[AssignmentSpec], ...]:
    """The assignments but for those all of whose vaults are torn down.

    It is said of each vault of an assignment that is torn down that the backups of its VMs go with it.
    """
    kept = []
    for assignment in assignments:
        vaults = vaults_of(assignment, manifests)
        for vault in vaults:
            if vault.spec.is_absent():
                reason = f"the vault {vault.handle} is torn down, and its VMs' backups with it"
                draft.same(str(assignment), str(assignment), reason)
        if not all(vault.spec.is_absent() for vault in vaults):
            kept.append(assignment)
    return tuple(kept)


def _tear_down(declaration: Declaration[VaultSpec], contents: VaultContents, draft: Draft) -> None:
    vault = contents.vault.id
    backups = list(_delete_backups(declaration, contents, draft))
    policies = [
        draft.act(replace(policy_deletion(vault, policy.name, policy, declaration), earliest=draft.as_of), *backups)
        for _, policy in sorted(contents.policies.items())
        if not built_in_policy(policy.name)
    ]
    draft.act(_vault_deletion(declaration, contents, draft.as_of), *backups, *policies)


# ---- backups -------------------------------------------------------------------------------------------------------


def _delete_backups(declaration: Declaration[VaultSpec], contents: VaultContents, draft: Draft) -> Iterator[str]:
    """Stop the backups of each VM, where they are not, then delete them; gives the ids of the deletions."""
    labels, place = Labels.among(contents.items), declaration.place_of("approval", "vms")
    for item in contents.backups:
        step: dict[str, Any] = {
            "address": protection_address(contents.vault.id, item.vm),
            "label": labels.of_vm(item.vm, contents.vault.id),
            "place": declaration.place,
            "vault": contents.vault.id,
            "vm": item.vm,
            "earliest": draft.as_of,
        }
        done: list[str] = []
        for action in deletion_steps(step, item, contents.vault, draft.as_of, place):
            done.append(draft.act(action, *done))
        yield done[-1]


# ---- the vault -----------------------------------------------------------------------------------------------------


def _vault_deletion(declaration: Declaration[VaultSpec], contents: VaultContents, as_of: date) -> DeleteVault:
    """The action; one that leaves nothing to bring back is one-way."""
    vault, emptied_on = contents.vault, _emptied_on(contents, as_of)
    empty = not vault.being_deleted and not _keeps_deleted(contents)
    return DeleteVault(
        address=vault_address(vault.id),
        label=f"vault {vault.id.name}",
        changes=(absence(declaration),),
        data_effect=_effect_of_vault_deletion(vault, emptied_on, empty=empty),
        risks=frozenset({Risk.ONE_WAY} if empty else ()),
        place=declaration.place,
        vault=vault.id,
        earliest=as_of,
        live=vault,
        emptied_on=emptied_on,
    )


def _keeps_deleted(contents: VaultContents) -> bool:
    """Whether soft-deleted backups will be in it when all are deleted."""
    deleted_before = len(contents.items) > len(contents.backups)
    return deleted_before or (bool(contents.backups) and contents.vault.deleted_kept_days != 0)


def _emptied_on(contents: VaultContents, as_of: date) -> date | None:
    """The day on which the last soft-deleted backup goes for good, those among them that this plan deletes."""
    days = contents.vault.deleted_kept_days
    if not days or not contents.items:
        return None
    last = max(item.deleted_on or as_of for item in contents.items.values())
    return last + timedelta(days=days)


def _effect_of_vault_deletion(vault: LiveVault, emptied_on: date | None, *, empty: bool) -> str:
    if vault.being_deleted:
        return "nothing more happens to them; Azure is deleting the vault already"
    if empty:  # it is purged at once (recorded answers: the `purgeAt` of an empty vault)
        return "none are left in it; a vault without any cannot be brought back"
    if emptied_on is None:
        return "soft-deleted ones go with the vault, and can be brought back with it until they are purged"
    return (
        f"soft-deleted ones go with the vault, and can be brought back with it until {emptied_on}; a cloud that does "
        "not delete a vault with such backups in it refuses until then, and takes it from that day on"
    )
