"""A Resource Guard, as far as it governs what may be done in a vault."""

from dataclasses import dataclass
from enum import StrEnum

_VAULTS = "Microsoft.RecoveryServices/vaults"
_ITEMS = f"{_VAULTS}/backupFabrics/protectionContainers/protectedItems"


class CriticalOperation(StrEnum):
    """What a guard can watch over, of the things a plan does; by the names the service gives (recorded answers)."""

    DELETE_ITEM = f"{_ITEMS}/delete"
    LOWER_ITEM = f"{_ITEMS}/write"
    """Bind a VM to a policy that keeps less, or backs up less often."""
    STOP_ITEM = f"{_ITEMS}/write#stopProtectionWithRetainData"
    LOWER_POLICY = f"{_VAULTS}/backupPolicies/write"
    """Let a policy keep less, or back up less often."""
    LOWER_SOFT_DELETE = f"{_VAULTS}/backupconfig/write"
    LOWER_IMMUTABILITY = f"{_VAULTS}/write#reduceImmutabilityState"
    CHANGE_ENCRYPTION = f"{_VAULTS}/write#modifyEncryptionSettings"


@dataclass(frozen=True, slots=True)
class LiveGuard:
    """The guard that a vault is tied to."""

    id: str
    """Its ARM id."""
    operations: frozenset[str]
    """What it watches over, by the service's names in lower case."""

    @property
    def name(self) -> str:
        return self.id.rpartition("/")[2]

    def watches(self, operation: CriticalOperation) -> bool:
        return operation.casefold() in self.operations
