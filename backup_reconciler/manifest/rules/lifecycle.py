"""Rules of what a vault's own state lets others do: vaults that are owned elsewhere, torn down or immutable."""

from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.references import named_vaults
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import FieldPath, by_handle
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.rules.protection import SUSPEND_IMMUTABLE
from backup_reconciler.spec.rules.vault import VAULT_ABSENT, VAULT_EXISTING, VAULT_IMMUTABLE
from backup_reconciler.spec.vault import VaultSpec

Vault = Declared[VaultSpec]

_IMMUTABILITY: FieldPath = ("spec", "immutability")
_STATE: FieldPath = ("spec", "state")


def existing_is_not_governed(vault: Vault) -> Iterator[Problem]:
    if not vault.spec.existing:
        return
    tree = vault.written.tree
    governed = {"authoritative": vault.spec.authoritative, "state": vault.spec.state == "absent"}
    for field in (field for field, states in governed.items() if states):
        path, also = ("spec", field), tree.place(("spec", "existing"))
        what = "the vault is declared as existing"
        yield vault.written.problem(VAULT_EXISTING, path, what, at=tree.key_place(path), also=also)


def immutable_is_not_torn_down(vault: Vault) -> Iterator[Problem]:
    if vault.spec.state == "absent" and vault.spec.immutability in {"Unlocked", "Locked"}:
        what = f"the vault is to be torn down, and its immutability is {vault.spec.immutability}"
        remedy = "declare immutability: Disabled first, if it is not Locked in Azure; a Locked one stays so for good"
        also = vault.written.tree.place(_IMMUTABILITY)
        yield vault.problem(VAULT_IMMUTABLE, _STATE, what, remedy, also=also)


OF_VAULTS = (existing_is_not_governed, immutable_is_not_torn_down)


def absent_is_not_used(collected: Collected) -> Iterator[Problem]:
    vaults = by_handle(collected.vaults)
    for policy in collected.policies:
        if policy.spec.vaults != "all" and policy.spec.state == "present":
            for index, handle in enumerate(policy.spec.vaults):
                yield from _use_of_absent(policy, ("spec", "vaults", index), vaults.get(handle.casefold()))
    for assignment in collected.assignments:
        if assignment.spec.protection in {"active", "suspended"}:
            for path, handle in named_vaults(assignment):
                yield from _use_of_absent(assignment, path, vaults.get(handle.casefold()))


def _use_of_absent(document: Declared[Model], path: FieldPath, vault: Vault | None) -> Iterator[Problem]:
    if vault is not None and vault.spec.state == "absent":
        also = vault.written.tree.place(_STATE)
        yield document.problem(VAULT_ABSENT, path, f"{quoted(vault.handle)} is to be torn down", also=also)


def immutable_keeps_its_data(collected: Collected) -> Iterator[Problem]:
    vaults = by_handle(collected.vaults)
    for assignment in collected.assignments:
        for _, handle in named_vaults(assignment):
            vault = vaults.get(handle.casefold())
            if vault is not None:
                yield from _against_immutability(assignment, vault)


def _against_immutability(assignment: Declared[AssignmentSpec], vault: Vault) -> Iterator[Problem]:
    """What the vault does not state may be one or the other in Azure: that is for a plan to say."""
    wish, immutability = assignment.spec.protection, vault.spec.immutability
    path, also = ("spec", "protection"), vault.written.tree.place(_IMMUTABILITY)
    if wish == "deleted" and immutability in {"Unlocked", "Locked"}:
        what = f"is deleted, and the immutability of {quoted(vault.handle)} is {immutability}"
        yield assignment.problem(VAULT_IMMUTABLE, path, what, also=also)
    if wish == "suspended" and immutability == "Disabled":
        what = f"is suspended, and the immutability of {quoted(vault.handle)} is Disabled"
        yield assignment.problem(SUSPEND_IMMUTABLE, path, what, also=also)


RULES = (absent_is_not_used, immutable_keeps_its_data)
