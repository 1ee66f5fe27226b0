"""Reading vaults and what they hold: the unit is the list."""

from collections.abc import Callable, Iterable
from dataclasses import replace

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import guard, policy, protection, storage_config, vault
from backup_reconciler.azure.reading import list_of, read
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.guard import LiveGuard
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.snapshot import VaultContents
from backup_reconciler.state.vault import LiveVault


async def list_vaults(arm: Arm, subscriptions: Iterable[str]) -> dict[ArmId, LiveVault]:
    """The vaults of these subscriptions, without the settings that only a GET tells: one list for each."""
    requests = (vault.list_request(one) for one in sorted(set(subscriptions)))
    lists = await gather(list_of(arm, request, vault.decode) for request in requests)
    return {found.id: found for listed in lists for found in listed}


async def read_estate(arm: Arm, subscriptions: Iterable[str], wanted: Callable[[ArmId], bool]) -> list[VaultContents]:
    """The wanted vaults of these subscriptions with what they hold: one list a subscription, three reads a vault.

    One that is being deleted is as good as gone: what it holds cannot be asked any more.
    """
    listed = await list_vaults(arm, subscriptions)
    there = sorted(id_ for id_, found in listed.items() if not found.being_deleted)
    return await gather(read_vault(arm, vault_id) for vault_id in there if wanted(vault_id))


async def read_vault(arm: Arm, vault_id: ArmId, declared: VaultSettings | None = None) -> VaultContents:
    """One vault with its policies and items: one GET and two lists.

    One more where a Resource Guard governs it, and one where what is declared can be had only before the first machine.
    """
    async with together() as tasks:
        answer = tasks.create_task(arm.send(vault.get_request(vault_id)))
        policies = tasks.create_task(read_policies(arm, vault_id))
        items = tasks.create_task(read_items(arm, vault_id))
    found = read(vault.decode, answer.result().body)
    return await _completed(arm, VaultContents(found, policies.result(), items.result()), declared)


async def read_held(arm: Arm, found: LiveVault, declared: VaultSettings | None = None) -> VaultContents:
    """A vault of which the GET is answered, with its policies and items: two lists, and more as above."""
    async with together() as tasks:
        policies = tasks.create_task(read_policies(arm, found.id))
        items = tasks.create_task(read_items(arm, found.id))
    return await _completed(arm, VaultContents(found, policies.result(), items.result()), declared)


async def _completed(arm: Arm, contents: VaultContents, declared: VaultSettings | None) -> VaultContents:
    found = contents.vault
    if declared and _is_about_the_first_machine(declared, found):
        found = await with_storage_config(arm, found)
    return replace(contents, vault=found, guard=await _read_guard(arm, found))


async def read_settings(arm: Arm, vault_id: ArmId, wished: VaultSettings) -> LiveVault:
    """A vault alone: one GET, and one more where its answer does not tell a redundancy that is wished for."""
    found = read(vault.decode, (await arm.send(vault.get_request(vault_id))).body)
    stored = wished.redundancy or wished.cross_region_restore
    return await with_storage_config(arm, found) if stored and "redundancy" not in found.stated() else found


async def with_storage_config(arm: Arm, found: LiveVault) -> LiveVault:
    """The vault with what only its storage configuration tells: one GET."""
    answer = await arm.send(storage_config.get_request(found.id))
    return read(lambda body: storage_config.completed(found, body), answer.body)


def _is_about_the_first_machine(declared: VaultSettings, found: LiveVault) -> bool:
    """Whether it matters if a machine was ever registered: for another redundancy, one not told, or a first key."""
    told = found.stated().get("redundancy")
    first_key = declared.encryption is not None and found.settings.encryption is None
    untold = declared.cross_region_restore is not None and told is None
    return declared.redundancy not in {None, told} or untold or first_key


async def _read_guard(arm: Arm, found: LiveVault) -> LiveGuard | None:
    if not guard.is_governed(found.raw):
        return None
    return next(iter(await list_of(arm, guard.list_request(found.id), guard.decode)), None)


async def read_policies(arm: Arm, vault_id: ArmId) -> dict[ArmId, LivePolicy]:
    """The policies for VMs of a vault: one list."""
    found = await list_of(arm, policy.list_request(vault_id), policy.decode, policy.is_for_vms)
    return {one.id: one for one in found}


async def read_items(arm: Arm, vault_id: ArmId) -> dict[ArmId, LiveItem]:
    """The backups of VMs in a vault, by VM: one list."""
    found = await list_of(arm, protection.list_request(vault_id), protection.decode, protection.is_vm)
    return {item.vm: item for item in found}
