"""Actions on vaults."""

from dataclasses import dataclass
from datetime import date

from backup_reconciler.plan.action.base import VaultAction
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault import LiveVault


@dataclass(frozen=True, kw_only=True)
class CreateVault(VaultAction):
    """Create a vault."""

    verb = "createVault"

    settings: VaultSettings


@dataclass(frozen=True, kw_only=True)
class AwaitVault(VaultAction):
    """Wait for a vault that Azure is still creating; nothing is sent."""

    verb = "awaitVault"

    settings: VaultSettings | None
    """What it must be when it is there; None for a vault that is owned elsewhere."""

    @property
    def sends(self) -> bool:
        return False


@dataclass(frozen=True, kw_only=True)
class ChangeVault(VaultAction):
    """What all changes of a vault have."""

    live: LiveVault | None
    """What the plan was made from; None where this run creates the vault."""
    settings: VaultSettings
    """The fields that change, and nothing else."""


@dataclass(frozen=True, kw_only=True)
class UpdateVault(ChangeVault):
    """Change fields of a vault."""

    verb = "updateVault"


@dataclass(frozen=True, kw_only=True)
class WeakenVault(ChangeVault):
    """Change those fields of a vault that its Resource Guard watches over, apart from the others."""

    verb = "weakenVault"
    awaited = False


@dataclass(frozen=True, kw_only=True)
class LockVault(ChangeVault):
    """Lock the immutability of a vault, which has to be Unlocked before."""

    verb = "lockVault"
    awaited = False


@dataclass(frozen=True, kw_only=True)
class DeleteVault(VaultAction):
    """Delete a vault that holds no backups any more, or soft-deleted ones only."""

    verb = "deleteVault"

    live: LiveVault
    emptied_on: date | None
    """The day on which the last soft-deleted backup in it is purged, None where none will be in it. Until then clouds
    that do not delete a vault with soft-deleted backups refuse."""

    @property
    def sends(self) -> bool:
        return not self.live.being_deleted
