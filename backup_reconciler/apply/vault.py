"""Applying actions on vaults."""

from dataclasses import dataclass

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Confirm, Prepare, Write
from backup_reconciler.apply.read_back import differences, read_back
from backup_reconciler.apply.run import Run
from backup_reconciler.azure.codec import storage_config, vault
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.live import read_settings
from backup_reconciler.plan.action import AwaitVault, ChangeVault, CreateVault, LockVault
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault
from backup_reconciler.state.vault_comparison import as_declared

_LOOKS_UNSEEN = 30
"""A vault that was taken is listed well before this many looks, which are ten seconds apart."""


def create(action: CreateVault, run: Run) -> Write:
    """PUT, unless somebody made it meanwhile; then wait until the vault is listed as ready, and read it back whole."""

    async def prepare() -> bool:
        if await run.arm.exists(vault.get_request(action.vault)):
            raise ChangedSince("somebody created it since the list was read; nothing was sent")
        return False

    async def confirm(_: ArmResponse | None) -> None:
        await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))
        await _read_back(action.vault, action.settings, run)

    return Write(vault.create_request(action.vault, action.settings), confirm, prepare)


def wait(action: AwaitVault, run: Run) -> Write:
    """Nothing is sent: wait until the vault is listed as ready, and see that it was created as declared."""

    async def confirm(_: ArmResponse | None) -> None:
        await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))
        if action.settings is not None:
            wished, found = action.settings.stated(), await read_settings(run.arm, action.vault, action.settings)
            if differing := differences(wished, as_declared(wished, found.stated())):
                raise ChangedSince(f"it was created otherwise: {'; '.join(differing)}")

    return Write(None, confirm)


def update(action: ChangeVault, run: Run) -> Write:
    """PATCH of what changed, then read it back."""

    async def prepare() -> bool:
        if action.live is not None and not {"tags", "identity"}.isdisjoint(action.settings.stated()):
            await _unchanged_since(action.live, run)
        return False

    async def confirm(response: ArmResponse | None) -> None:
        if response is not None and response.status == 202:
            await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))
        await _read_back(action.vault, action.settings, run)

    if action.live is not None and _stored_apart(action.settings, action.live):
        return _update_in_parts(action, confirm, prepare)
    return Write(_patch(action, action.settings), confirm, prepare)


def lock(action: LockVault, run: Run) -> Write:
    """PATCH of the immutability to Locked, once Azure reads Unlocked; then read it back."""

    async def prepare() -> bool:
        now = (await read_settings(run.arm, action.vault, action.settings)).settings.immutability
        if now not in ("Unlocked", "Locked"):
            raise ChangedSince(f"its immutability is {now} now, and only Unlocked can be locked; nothing was sent")
        return now == "Locked"

    async def confirm(_: ArmResponse | None) -> None:
        await _read_back(action.vault, action.settings, run)

    return Write(_patch(action, action.settings), confirm, prepare)


def _patch(action: ChangeVault, settings: VaultSettings) -> ArmRequest:
    return vault.update_request(action.vault, settings, action.live.raw if action.live else {})


def _stored_apart(settings: VaultSettings, live: LiveVault) -> bool:
    """Whether a redundancy is to change in a vault whose own answer tells none: it is written where it is read."""
    return bool(settings.redundancy or settings.cross_region_restore) and not vault.tells_redundancy(live.raw)


def _update_in_parts(action: ChangeVault, confirm: Confirm, prepare: Prepare) -> Write:
    """The redundancy through the storage configuration, or once through the vault where that is said to own it."""
    fields = ("redundancy", "cross_region_restore")
    stored = VaultSettings().model_copy(update={name: getattr(action.settings, name) for name in fields})
    rest = action.settings.model_copy(update=dict.fromkeys(fields))
    first = storage_config.update_request(action.vault, stored)
    instead = {storage_config.USE_VAULT_API: _patch(action, stored)}
    if rest.stated():
        return Write(_patch(action, rest), confirm, prepare, before=first, instead=instead)
    return Write(first, confirm, prepare, instead=instead)


async def _unchanged_since(planned: LiveVault, run: Run) -> None:
    """What is written as one value must not undo what somebody changed in it meanwhile."""
    now = (await run.arm.send(vault.get_request(planned.id))).body
    then, is_now = vault.written_whole(planned.raw), vault.written_whole(now)
    if differing := [name for name in then if then[name] != is_now[name]]:
        raise ChangedSince(f"somebody changed its {' and '.join(differing)} since they were read; nothing was sent")


async def _read_back(vault_id: ArmId, wished: VaultSettings, run: Run) -> None:
    await read_back(wished, lambda: read_settings(run.arm, vault_id, wished), run.arm.clock, as_declared)


@dataclass(slots=True)
class _Listed:
    """A vault is in the list of its subscription, and the service takes writes to it."""

    vault: ArmId
    seen: bool = False
    looks: int = 0

    def met(self, sight: dict[ArmId, LiveVault]) -> bool:
        self.looks += 1
        found = sight.get(self.vault)
        if found is None and (self.seen or self.looks >= _LOOKS_UNSEEN):
            raise Failure("it is not listed any more" if self.seen else "it was not listed after minutes")
        self.seen = self.seen or found is not None
        if found is not None and found.provisioning_state.casefold() in ("failed", "canceled"):
            raise Failure(f"the vault's provisioning {found.provisioning_state.lower()}")
        return found is not None and found.ready
