"""Vaults in a world, and what they hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.access import LockModel
from backup_reconciler.sandbox.world.base import GUARD_ID, Model, Moment, Name, Names, Tags

_ACTIVE = {"Protected", "IRPending", "ProtectionError"}
"""States of items that run by a policy."""


class SoftDeleteModel(Model):
    state: Literal["Enabled", "Disabled", "AlwaysON"] = "Enabled"
    retention_days: int = Field(default=14, ge=14, le=180)


class RecoveryPointsModel(Model):
    """One a day, the newest at the last backup; `until` is when the newest expires, each older one a day before."""

    count: int = Field(ge=0, le=9999)
    until: Moment | None = None


class DiskExclusionModel(Model):
    """Disks by LUN: those that are left out of the backups, or with `include` the only ones that are in."""

    luns: list[Annotated[int, Field(ge=0, le=63)]]
    include: bool = False


class ProtectedItemModel(Model):
    vm: Names
    policy: str | None = None
    state: Literal[
        "Protected",
        "IRPending",
        "ProtectionError",
        "ProtectionStopped",
        "ProtectionPaused",
        "BackupsSuspended",
        "SoftDeleted",
    ] = "Protected"
    last_backup: Moment | None = None
    recovery_points: RecoveryPointsModel | None = None
    deleted_at: Moment | None = None
    disk_exclusion: DiskExclusionModel | None = None

    @model_validator(mode="after")
    def _policy_fits_state(self) -> ProtectedItemModel:
        if self.state in _ACTIVE and not self.policy:
            raise ValueError(f"an item in state {self.state} needs a 'policy'")
        if self.state not in {*_ACTIVE, "ProtectionPaused"} and self.policy:
            raise ValueError(f"an item in state {self.state} has no policy; leave 'policy' out")
        return self

    @model_validator(mode="after")
    def _times_fit_state(self) -> ProtectedItemModel:
        if self.deleted_at and self.state != "SoftDeleted":
            raise ValueError("only an item in state SoftDeleted has 'deletedAt'; leave it out")
        if self.state == "IRPending" and (self.last_backup or self.recovery_points):
            raise ValueError("an item in state IRPending has no backup yet; leave 'lastBackup', 'recoveryPoints' out")
        return self


class ResourceGuardModel(Model):
    """The guard that a vault is tied to. What every guard protects need not be named in `protects`."""

    id: Annotated[str, Field(pattern=GUARD_ID)]
    protects: (
        list[
            Literal[
                "deleteProtectedItemRequests",
                "updateProtectedItemRequests",
                "updateProtectionPolicyRequests",
                "modifyEncryptionSettings",
                "stopProtectionWithRetainDataRequests",
                "reduceImmutabilityStateRequests",
            ]
        ]
        | None
    ) = None
    """None: everything."""
    other_tenant: bool = False
    approves: bool = True


class VaultModel(Model):
    location: Name
    redundancy: Literal["GeoRedundant", "LocallyRedundant", "ZoneRedundant"] = "GeoRedundant"
    cross_region_restore: bool = False
    soft_delete: SoftDeleteModel = SoftDeleteModel()
    immutability: Literal["Disabled", "Unlocked", "Locked"] = "Disabled"
    resource_guard: ResourceGuardModel | None = None
    private_endpoints: list[Name] = []
    classic_alerts_stay: bool = False
    tags: Tags | None = None
    policies: dict[Name, dict[str, Any]] = {}
    legacy_policies: dict[Name, dict[str, Any]] = {}
    protected_items: list[ProtectedItemModel] = []
    locks: dict[Name, LockModel] = {}

    @model_validator(mode="after")
    def _cross_region_needs_geo(self) -> VaultModel:
        if self.cross_region_restore and self.redundancy != "GeoRedundant":
            raise ValueError("'crossRegionRestore' needs redundancy GeoRedundant")
        return self
