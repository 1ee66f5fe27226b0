"""A live vault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import Immutability, VaultSettings

_BEING_CREATED = frozenset({"accepted", "creating", "provisioning"})


@dataclass(frozen=True, slots=True)
class LiveVault:
    """A vault as Azure has it. `raw` is Azure's own object, kept for the fields that no manifest speaks of."""

    id: ArmId
    settings: VaultSettings
    provisioning_state: str
    raw: Mapping[str, Any] = field(repr=False)
    immutability: Immutability = "Disabled"
    deleted_kept_days: int | None = None
    """Days for which deleted backups can be brought back: 0 where soft delete is off, None where that is not told."""
    private_endpoints: tuple[str, ...] = ()
    """ARM ids of the private endpoints that are connected to it."""

    @property
    def ready(self) -> bool:
        """Whether the service accepts writes to it."""
        return self.provisioning_state.casefold() == "succeeded"

    @property
    def being_created(self) -> bool:
        """Whether it is still being created: it holds nothing yet, and cannot be asked. One being updated can."""
        return self.provisioning_state.casefold() in _BEING_CREATED

    @property
    def being_deleted(self) -> bool:
        """Whether Azure is deleting it already: what it holds cannot be asked any more."""
        return self.provisioning_state.casefold() == "deleting"
