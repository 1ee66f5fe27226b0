"""What vaults in scope hold, by their own lists."""

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import vault
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read
from backup_reconciler.live.vault import read_held, read_vault
from backup_reconciler.spec.arm_id import ArmId, resource_group_of
from backup_reconciler.state.snapshot import Scope, VaultContents
from backup_reconciler.state.vault import LiveVault


async def find_contents(arm: Arm, vault_id: ArmId, scope: Scope) -> VaultContents | ArmId | None:
    """A vault that nothing shows: its contents after all, or its resource group when that is missing too.

    ARM lists what the caller may read, and Resource Graph is behind, so neither proves that something does not exist.
    """
    try:
        answer = await arm.send(vault.get_request(vault_id))
    except AzureError as error:
        if error.status != 404:
            raise
        return resource_group_of(vault_id) if error.code == "ResourceGroupNotFound" else None
    found = read(vault.decode, answer.body)
    return VaultContents(found) if _is_passing(found) else await read_held(arm, found, scope.declared.get(vault_id))


async def read_contents(arm: Arm, listed: LiveVault, scope: Scope) -> VaultContents:
    """What a vault holds. One that is being created holds nothing yet, one that is being deleted is not asked."""
    if _is_passing(listed):
        return VaultContents(listed)
    return await read_vault(arm, listed.id, scope.declared.get(listed.id))


def _is_passing(found: LiveVault) -> bool:
    return found.being_created or found.being_deleted
