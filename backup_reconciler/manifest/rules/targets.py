"""Rules against declaring one Azure resource twice."""

from collections.abc import Iterator

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import HANDLE, Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.rules.document import DUPLICATE_TARGET
from backup_reconciler.spec.rules.vault import VAULT_NAME_REUSED
from backup_reconciler.spec.vault import VaultSpec


def duplicate_vault(collected: Collected) -> Iterator[Problem]:
    first = {_vault_id(vault): vault for vault in reversed(collected.vaults)}
    for vault in collected.vaults:
        other = first[_vault_id(vault)]
        if other is not vault:
            yield from _clash(vault, other, f"this is the same vault as {other}")


def vault_name_reused(collected: Collected) -> Iterator[Problem]:
    """Azure takes one name in two groups; the people and scripts that name a vault without its group do not."""
    first: dict[tuple[str, str], Declared[VaultSpec]] = {}
    for vault in collected.vaults:
        id_ = _vault_id(vault)
        other = first.setdefault((id_.subscription.casefold(), id_.name.casefold()), vault)
        if _vault_id(other) != id_ and not _handles_clash(vault, other):
            what = f"{other} has this name too, in the resource group {quoted(other.spec.resource_group)}"
            place = other.written.tree.place(other.name_path())
            yield vault.warning(VAULT_NAME_REUSED, vault.name_path(), what, also=place)


def duplicate_policy(collected: Collected) -> Iterator[Problem]:
    """Two policies clash once, however many vaults they share."""
    everywhere = tuple(vault.handle for vault in collected.vaults)
    first: dict[tuple[str, str], Declared[Model]] = {}
    for policy in collected.policies:
        told = {id(policy)}
        for handle in everywhere if policy.spec.vaults == "all" else policy.spec.vaults:
            other = first.setdefault((handle.casefold(), _policy_name(policy)), policy)
            if id(other) not in told:
                told.add(id(other))
                yield from _clash(policy, other, f"this is the same policy as {other} in the vault {quoted(handle)}")


def _vault_id(vault: Declared[VaultSpec]) -> ArmId:
    return vault.spec.vault_id(vault.handle)


def _policy_name(policy: Declared[BackupPolicySpec]) -> str:
    return policy.spec.azure_name(policy.handle).casefold()


def _clash(document: Declared[Model], other: Declared[Model], what: str) -> Iterator[Problem]:
    if not _handles_clash(document, other):
        also = other.written.tree.place(other.name_path())
        yield document.problem(DUPLICATE_TARGET, document.name_path(), what, also=also)


def _handles_clash(document: Declared[Model], other: Declared[Model]) -> bool:
    """Whether two names are equal because two handles are, which is told as such."""
    return document.name_path() == other.name_path() == HANDLE and document.handle.casefold() == other.handle.casefold()


RULES = (duplicate_vault, vault_name_reused, duplicate_policy)
