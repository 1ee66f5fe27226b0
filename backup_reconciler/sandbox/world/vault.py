"""Vaults in a world, and what they hold."""

from __future__ import annotations

from typing import Any, Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.access import LockModel
from backup_reconciler.sandbox.world.base import Model, Name, Tags


class SoftDeleteModel(Model):
    state: Literal["Enabled", "Disabled", "AlwaysON"] = "Enabled"
    retention_days: int = Field(default=14, ge=14, le=180)


class ProtectedItemModel(Model):
    vm: Name
    policy: str | None = None
    state: Literal["Protected", "IRPending", "ProtectionStopped", "SoftDeleted"] = "Protected"

    @model_validator(mode="after")
    def _policy_fits_state(self) -> ProtectedItemModel:
        active = self.state in {"Protected", "IRPending"}
        if active and not self.policy:
            raise ValueError(f"an item in state {self.state} needs a 'policy'")
        if not active and self.policy:
            raise ValueError(f"an item in state {self.state} has no policy; leave 'policy' out")
        return self


class VaultModel(Model):
    location: Name
    redundancy: Literal["GeoRedundant", "LocallyRedundant", "ZoneRedundant"] = "GeoRedundant"
    soft_delete: SoftDeleteModel = SoftDeleteModel()
    tags: Tags | None = None
    policies: dict[Name, dict[str, Any]] = {}
    protected_items: list[ProtectedItemModel] = []
    locks: dict[Name, LockModel] = {}
