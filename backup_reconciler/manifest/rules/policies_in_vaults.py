"""Rules of policies with the vaults that hold them and the assignments that name them."""

from collections import defaultdict
from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.policy import BUILT_IN_POLICIES, BackupPolicySpec
from backup_reconciler.spec.policy_rules.archive import moves
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.policy import POLICIES_PER_VAULT, POLICY_ABSENT_IN_USE
from backup_reconciler.spec.rules.retention import ARCHIVE_REDUNDANCY
from backup_reconciler.spec.vault import VaultSpec

_MOST = 200
"""Policies of one vault (source: Azure Backup FAQ)."""
_BUILT_IN = {name.casefold() for name in BUILT_IN_POLICIES}


def policies_per_vault(collected: Collected) -> Iterator[Problem]:
    """Told once for each vault, at the first policy that is one too many."""
    held: dict[str, list[Declared[BackupPolicySpec]]] = defaultdict(list)
    for policy in collected.policies:
        for vault in _vaults(policy, collected) if not policy.spec.is_absent() else ():
            held[vault.handle].append(policy)
    for handle, policies in held.items():
        if len(policies) > _MOST:
            what = f"{len(policies)} policies are declared for the vault {quoted(handle)}, not at most {_MOST}"
            yield policies[_MOST].problem(POLICIES_PER_VAULT, ("spec", "vaults"), what)


def archive_redundancy(collected: Collected) -> Iterator[Problem]:
    for policy in collected.policies:
        if policy.spec.is_absent() or not moves(policy.spec.archive_tier):
            continue
        for vault in _vaults(policy, collected):
            if vault.spec.redundancy == "ZoneRedundant":
                what = f"the vault {quoted(vault.handle)} is zone-redundant, and has no archive tier"
                also = vault.written.tree.place(("spec", "redundancy"))
                yield policy.problem(ARCHIVE_REDUNDANCY, ("spec", "archiveTier", "mode"), what, also=also)


def _vaults(policy: Declared[BackupPolicySpec], collected: Collected) -> list[Declared[VaultSpec]]:
    """The declared vaults that hold a policy; one that is owned elsewhere or torn down must be named."""
    if policy.spec.vaults == "all":
        return [vault for vault in collected.vaults if not vault.spec.existing and vault.spec.state == "present"]
    named = {handle.casefold() for handle in policy.spec.vaults}
    return [vault for vault in collected.vaults if vault.handle.casefold() in named]


def absent_in_use(collected: Collected) -> Iterator[Problem]:
    absent = [policy for policy in collected.policies if policy.spec.is_absent()]
    for assignment in collected.assignments:
        for policy in absent:
            if _is_named(policy, assignment):
                what = f"{policy} is to be absent"
                also = policy.written.tree.place(("spec", "state"))
                yield assignment.problem(POLICY_ABSENT_IN_USE, ("spec", "policy"), what, also=also)


def _is_named(policy: Declared[BackupPolicySpec], assignment: Declared[AssignmentSpec]) -> bool:
    """By its handle; or, of the service's own, by its name in Azure where the vault is the same."""
    named = (assignment.spec.policy or "").casefold()
    if named == policy.handle.casefold():
        return True
    if named not in _BUILT_IN or named != policy.spec.azure_name(policy.handle).casefold():
        return False
    holders = {handle.casefold() for handle in policy.spec.vaults} if policy.spec.vaults != "all" else None
    return any(holders is None or handle.casefold() in holders for handle in assignment.spec.vault_handles())


RULES = (policies_per_vault, archive_redundancy, absent_in_use)
