"""Applying actions on vaults."""

from dataclasses import dataclass

from backup_reconciler.apply.failure import ChangedSince, Failure
from backup_reconciler.apply.gate import Write
from backup_reconciler.apply.read_back import differences, read_back
from backup_reconciler.apply.run import Run
from backup_reconciler.azure import vault
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmResponse
from backup_reconciler.plan.action import AwaitVault, ChangeVault, CreateVault
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault

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
            found = await _settings(action.vault, run)
            if differing := differences(action.settings.stated(), found.stated()):
                raise ChangedSince(f"it was created otherwise: {'; '.join(differing)}")

    return Write(None, confirm)


def update(action: ChangeVault, run: Run) -> Write:
    """PATCH of what changed, then read it back."""

    async def prepare() -> bool:
        if action.settings.tags is not None and action.live is not None:
            await _same_tags_as(action.live, run)
        return False

    async def confirm(response: ArmResponse | None) -> None:
        if response is not None and response.status == 202:
            await run.watch_vaults_of(action.vault.subscription).until(_Listed(action.vault))
        await _read_back(action.vault, action.settings, run)

    request = vault.update_request(action.vault, action.settings, action.live.raw if action.live else {})
    return Write(request, confirm, prepare)


async def _same_tags_as(planned: LiveVault, run: Run) -> None:
    """Tags are written as one value: it must not undo what somebody changed in them meanwhile."""
    now = (await run.arm.send(vault.get_request(planned.id))).body
    if (now.get("tags") or {}) != (planned.raw.get("tags") or {}):
        raise ChangedSince("somebody changed its tags since they were read; nothing was sent")


async def _read_back(vault_id: ArmId, wished: VaultSettings, run: Run) -> None:
    await read_back(wished, lambda: _settings(vault_id, run), run.arm.clock)


async def _settings(vault_id: ArmId, run: Run) -> VaultSettings:
    return read(vault.decode, (await run.arm.send(vault.get_request(vault_id))).body).settings


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
