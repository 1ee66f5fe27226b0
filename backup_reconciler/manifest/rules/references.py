"""Rules of references from one document to another."""

from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.handles import Handles
from backup_reconciler.manifest.words import either, named, quoted
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import FieldPath, by_handle
from backup_reconciler.spec.policy import BUILT_IN_POLICIES, BackupPolicySpec, built_in_policy
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.document import UNKNOWN_REFERENCE
from backup_reconciler.spec.rules.protection import POLICY_NOT_IN_VAULT


def vaults_of_policies(collected: Collected, handles: Handles) -> Iterator[Problem]:
    for policy in collected.policies:
        if policy.spec.vaults != "all":
            for index, handle in enumerate(policy.spec.vaults):
                yield from _vault(policy, ("spec", "vaults", index), handle, handles)


def vaults_of_assignments(collected: Collected, handles: Handles) -> Iterator[Problem]:
    for assignment in collected.assignments:
        for path, handle in named_vaults(assignment):
            yield from _vault(assignment, path, handle, handles)


def named_vaults(assignment: Declared[AssignmentSpec]) -> Iterator[tuple[FieldPath, str]]:
    """The vaults of an assignment, with the places where they are named."""
    if assignment.spec.vault is not None:
        yield ("spec", "vault"), assignment.spec.vault
    if assignment.spec.vaults is not None:
        for index, handle in enumerate(assignment.spec.vaults.match_region):
            yield ("spec", "vaults", "matchRegion", index), handle


def _vault(document: Declared[Model], path: FieldPath, handle: str, handles: Handles) -> Iterator[Problem]:
    if not handles.may_be("Vault", handle):
        near = handles.nearest("Vault", handle)
        remedy = f"did you mean {named(near)}?" if near else ""
        yield document.problem(UNKNOWN_REFERENCE, path, f"no Vault has the handle {quoted(handle)}", remedy)


def policies_of_assignments(collected: Collected, handles: Handles) -> Iterator[Problem]:
    for assignment in collected.assignments:
        handle = assignment.spec.policy
        if handle is None or built_in_policy(handle) or handles.may_be("BackupPolicy", handle):
            continue
        near = handles.nearest("BackupPolicy", handle, *BUILT_IN_POLICIES)
        remedy = f"did you mean {named(near)}?" if near else f"declare it, or use {either(BUILT_IN_POLICIES)}"
        what = f"no BackupPolicy has the handle {quoted(handle)}"
        yield assignment.problem(UNKNOWN_REFERENCE, ("spec", "policy"), what, remedy)


def policy_in_vault(collected: Collected, handles: Handles) -> Iterator[Problem]:
    """Of a policy that is not declared nothing can be said; a vault that is misspelt is told as such."""
    policies = by_handle(collected.policies)
    for assignment in collected.assignments:
        policy = policies.get((assignment.spec.policy or "").casefold())
        if policy is None or policy.spec.vaults == "all":
            continue
        vaults = (*assignment.spec.vault_handles(), *policy.spec.vaults)
        if all(handles.may_be("Vault", handle) for handle in vaults):
            yield from _not_in_vaults(policy, policy.spec.vaults, assignment)


def _not_in_vaults(
    policy: Declared[BackupPolicySpec], vaults: tuple[str, ...], assignment: Declared[AssignmentSpec]
) -> Iterator[Problem]:
    holders = {handle.casefold() for handle in vaults}
    for vault in assignment.spec.vault_handles():
        if vault.casefold() not in holders:
            what = f"{policy} is not in the vault {quoted(vault)}"
            remedy = f"add {quoted(vault)} to the policy's vaults, or name a policy of that vault"
            also = policy.written.tree.place(("spec", "vaults"))
            yield assignment.problem(POLICY_NOT_IN_VAULT, ("spec", "policy"), what, remedy, also=also)


RULES = (vaults_of_policies, vaults_of_assignments, policies_of_assignments, policy_in_vault)
