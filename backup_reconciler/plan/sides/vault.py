"""Both sides of a declared vault and of what it holds: its policies, and the backups of VMs."""

from collections.abc import Iterator, Mapping

from backup_reconciler.plan.address import policy_address, protection_address, vault_address
from backup_reconciler.plan.sides.side import NONE, Sides, digest
from backup_reconciler.plan.sides.words import declared_policy, declared_vault, found_item, found_policy, found_vault
from backup_reconciler.spec.arm_id import ArmId, in_order
from backup_reconciler.spec.document import Declaration, Manifests
from backup_reconciler.spec.policy import built_in_policy
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import VaultContents

Selected = tuple[str, tuple[str, ...]]
"""The digest of what is wished for a VM, and the documents that select it."""
Declared = Mapping[ArmId, Selected]
"""By VM in one vault."""


def sides_of_vault(vault: Declaration[VaultSpec], contents: VaultContents | None) -> Iterator[tuple[str, Sides]]:
    """Of the document, and of the vault itself."""
    yield str(vault), Sides(_of_what_it_holds(vault), None)
    found = _found_vault(contents)
    yield vault_address(vault.spec.vault_id(vault.handle)), Sides(digest(declared_vault(vault.spec)), found)


def sides_of_policies(
    vault: Declaration[VaultSpec], contents: VaultContents | None, manifests: Manifests
) -> Iterator[tuple[str, Sides]]:
    """Of each policy that it has or is to have."""
    id_ = vault.spec.vault_id(vault.handle)
    nothing = NONE if _was_read(contents) else None
    declared = {
        one.spec.azure_name(one.handle).casefold(): digest(declared_policy(one.spec))
        for one in manifests.policies
        if any(home is vault for home in manifests.vaults_of(one))
    }
    live = {one.name.casefold(): one for one in contents.policies.values()} if contents else {}
    for name in sorted(declared.keys() | live.keys()):
        goes = vault.spec.is_absent() and name not in declared and not built_in_policy(name)
        told = found_policy(live[name]) if name in live else None
        found = (digest(told) if told is not None else None) if name in live else nothing
        wished = declared.get(name, _of_what_it_holds(vault) if goes else NONE)
        yield policy_address(id_, name), Sides(wished, found, (str(vault),) if goes else ())


def sides_of_backups(
    vault: Declaration[VaultSpec], contents: VaultContents | None, wishes: Declared, *, is_told: bool
) -> Iterator[tuple[str, Sides]]:
    """Of each VM that it holds or is to hold; `is_told` says whether it is known which VMs are selected for it."""
    id_ = vault.spec.vault_id(vault.handle)
    nothing = NONE if _was_read(contents) else None
    rules = vault.spec.is_absent() or vault.spec.is_authoritative()
    otherwise = (_of_what_it_holds(vault) if rules else NONE) if is_told else None, (str(vault),) if rules else ()
    items = contents.items if contents else {}
    for vm in in_order(wishes.keys() | items.keys()):
        found = digest(found_item(items[vm])) if vm in items else nothing
        declared, by = wishes.get(vm, otherwise)
        yield protection_address(id_, vm), Sides(declared, found, by)


def _of_what_it_holds(vault: Declaration[VaultSpec]) -> str:
    """What a vault means for what it holds and nobody else declares."""
    return digest({"authoritative": vault.spec.is_authoritative(), "absent": vault.spec.is_absent()})


def _was_read(contents: VaultContents | None) -> bool:
    """Whether it is known what a vault holds: one that does not exist holds nothing."""
    return contents is None or not (contents.vault.being_created or contents.vault.being_deleted)


def _found_vault(contents: VaultContents | None) -> str | None:
    if contents is None:
        return NONE
    return digest(found_vault(contents.vault)) if _was_read(contents) else None
