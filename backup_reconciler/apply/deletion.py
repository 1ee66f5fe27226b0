"""Applying deletions: of the backups of a VM, of a policy, of a vault."""

from dataclasses import dataclass

from backup_reconciler.apply.failure import AcceptedNotApplied, ChangedSince
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.protection import item_before
from backup_reconciler.apply.read_back import until_gone
from backup_reconciler.apply.run import Run
from backup_reconciler.azure.codec import policy, protection, vault
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.live import read_items
from backup_reconciler.plan.action import DeleteData, DeletePolicy, DeleteVault
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.vault import LiveVault

_LOOKS_UNTOUCHED = 30
"""A vault whose deletion was taken shows it well before this many looks, which are ten seconds apart."""


def delete(action: DeleteData | DeletePolicy | DeleteVault, run: Run) -> Write:
    match action:
        case DeleteData():
            return _delete_backups(action, run)
        case DeletePolicy():
            return _delete_policy(action, run)
        case DeleteVault():
            return _delete_vault(action, run)


def _delete_backups(action: DeleteData, run: Run) -> Write:
    """DELETE of the item as it is listed. It is done when the item is soft-deleted, or not there at all.

    Waiting for it to be gone altogether would take the days of soft delete (terraform-provider-azurerm issue 4276).
    """
    watch = run.watch_vault(action.vault)
    known: frozenset[str] = frozenset()

    async def is_done(seen: LiveItem | None) -> bool:
        """Whether there is nothing left to delete; raises `ChangedSince` where it is not what was agreed to."""
        nonlocal known
        now = await watch.sure_of(action.vm, seen)
        if now is None or now.state is ItemState.SOFT_DELETED:
            return True
        if not now.is_as(action.found):
            raise ChangedSince("somebody changed its protection since it was read; nothing was deleted")
        await _kept_as_long(action, run)
        known = watch.known_jobs()
        return False

    async def prepare() -> bool:
        return await is_done(await item_before(action, watch))

    async def after_conflict() -> bool:
        return await is_done(await watch.item_when_idle(action.vm))

    async def confirm(_: ArmResponse | None) -> None:
        await watch.until_item_is(action.vm, ProtectionSettings("deleted"), known)

    return Write(protection.delete_request(action.found.id), confirm, prepare, after_conflict)


async def _kept_as_long(action: DeleteData, run: Run) -> None:
    """What was agreed to is a deletion that can be taken back for some days: so it must still be."""
    if action.kept_days is None:
        return
    days = (await run.vault_now(action.vault)).deleted_kept_days
    if days is None or days < action.kept_days:
        kept = f"for {days} days" if days else "not at all"
        raise ChangedSince(f"the vault keeps deleted backups {kept} by now, not for {action.kept_days} days")


def _delete_policy(action: DeletePolicy, run: Run) -> Write:
    """DELETE, unless somebody has changed or deleted it meanwhile; then read until it is gone."""
    request = policy.get_request(action.policy)

    async def prepare() -> bool:
        now = await run.arm.find(request)
        if now is None:
            return True
        if action.live is not None and policy.written_part(now.body) != policy.written_part(action.live.raw):
            raise ChangedSince("somebody changed it since it was read; nothing was deleted")
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await until_gone(lambda: run.arm.exists(request), run.arm.clock)

    return Write(policy.delete_request(action.policy), confirm, prepare)


def _delete_vault(action: DeleteVault, run: Run) -> Write:
    """DELETE, unless it holds what it did not when it was read; then wait until the vault is not listed any more."""

    async def prepare() -> bool:
        if not action.sends:
            return False
        now = await run.arm.find(vault.get_request(action.vault))
        if now is None or read(vault.decode, now.body).being_deleted:
            await until_unlisted()
            return True
        await _nothing_new_in(action.vault, run)
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await until_unlisted()

    async def until_unlisted() -> None:
        await run.watch_vaults_of(action.vault.subscription).until(_Unlisted(action.vault))

    return Write(vault.delete_request(action.vault) if action.sends else None, confirm, prepare)


async def _nothing_new_in(vault_id: ArmId, run: Run) -> None:
    """By now all that it held is soft-deleted or gone; what is not has come since, and nobody approved to delete it."""
    items = await read_items(run.arm, vault_id)
    new = sorted(item.vm for item in items.values() if item.state is not ItemState.SOFT_DELETED)
    if new:
        raise ChangedSince(f"it protects what it did not when it was read: {', '.join(map(str, new))}")


@dataclass(slots=True)
class _Unlisted:
    """A vault is not in the list of its subscription any more."""

    vault: ArmId
    looks: int = 0

    def met(self, sight: dict[ArmId, LiveVault]) -> bool:
        found = sight.get(self.vault)
        if found is None:
            return True
        self.looks += not found.being_deleted
        if self.looks >= _LOOKS_UNTOUCHED:
            what = f"the vault still reads {found.provisioning_state}"
            raise AcceptedNotApplied(f"accepted, not applied: Azure took the deletion, and {what}")
        return False
