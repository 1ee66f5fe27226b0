"""A live vault."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import VaultSettings

_BEING_CREATED = frozenset({"accepted", "creating", "provisioning"})


@dataclass(frozen=True, slots=True)
class LiveVault:
    """A vault as Azure has it. `raw` is Azure's own object, kept for the fields that no manifest speaks of."""

    id: ArmId
    settings: VaultSettings
    provisioning_state: str
    raw: Mapping[str, Any] = field(repr=False)
    unsayable: Mapping[str, Any] = field(default_factory=dict)
    """What no manifest can state, as soft delete that is switched off: by the field it would stand in."""
    redundancy_locked: bool = False
    """Whether the redundancy stays as it is, because a machine was registered once; asked only where that matters."""
    told_apart: frozenset[str] = frozenset()
    """The settings, by YAML names, that its own answer does not tell and another one does; not every run asks that."""
    private_endpoints: tuple[str, ...] = ()
    """ARM ids of the private endpoints that are connected to it."""

    def stated(self) -> dict[str, Any]:
        """All that Azure tells of the settings, as plain data by YAML names."""
        return {**self.settings.stated(), **self.unsayable}

    @property
    def deleted_kept_days(self) -> int | None:
        """Days for which deleted backups can be brought back: 0 where soft delete is off, None where it is not told."""
        soft_delete = self.stated().get("softDelete", {})
        days: int | None = soft_delete.get("retentionDays")
        return 0 if soft_delete.get("state") == "Disabled" else days

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
