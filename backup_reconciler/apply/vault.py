"""Applying actions on vaults."""

from dataclasses import dataclass

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.read_back import read_back
from backup_reconciler.apply.run import Run
from backup_reconciler.azure import vault
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.plan.action import AwaitVault, CreateVault, UpdateVault
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault


def create(action: CreateVault, run: Run) -> Write:
    """PUT, then wait until the vault is listed as ready, then read it back whole."""

    async def confirm(_: ArmResponse | None) -> None:
        await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))
        await _read_back(action.vault, action.settings, run)

    return Write(vault.create_request(action.vault, action.settings), confirm)


def wait(action: AwaitVault, run: Run) -> Write:
    """Nothing is sent: wait until the vault is listed as ready."""

    async def confirm(_: ArmResponse | None) -> None:
        await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))

    return Write(None, confirm)


def update(action: UpdateVault, run: Run) -> Write:
    """PATCH of what changed, then read it back."""

    async def prepare() -> bool:
        if action.settings.tags is not None:
            await _same_tags_as(action, run)
        return False

    async def confirm(response: ArmResponse | None) -> None:
        if response is not None and response.status == 202:
            await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))
        await _read_back(action.vault, action.settings, run)

    request = vault.update_request(action.vault, action.settings, action.live.raw)
    return Write(request, confirm, prepare)


async def _same_tags_as(action: UpdateVault, run: Run) -> None:
    """Tags are written as one value: it must not undo what somebody changed in them meanwhile."""
    now = (await run.arm.send(vault.get_request(action.vault))).body
    if (now.get("tags") or {}) != (action.live.raw.get("tags") or {}):
        raise ChangedSince("somebody changed its tags since they were read; nothing was sent")


async def _read_back(vault_id: ArmId, wished: VaultSettings, run: Run) -> None:
    async def read() -> VaultSettings:
        return vault.decode((await run.arm.send(vault.get_request(vault_id))).body).settings

    await read_back(wished, read, run.arm.clock)


@dataclass(frozen=True, slots=True)
class _Listed:
    """A vault is in the list of its subscription, and the service takes writes to it."""

    vault: ArmId

    def met(self, sight: dict[ArmId, LiveVault]) -> bool:
        found = sight.get(self.vault)
        if found is not None and found.provisioning_state.casefold() in ("failed", "canceled"):
            raise Failure(f"the vault's provisioning {found.provisioning_state.lower()}")
        return found is not None and found.ready
