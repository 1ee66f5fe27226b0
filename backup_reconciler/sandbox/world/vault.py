"""Vaults in a world, and what they hold."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import Field, model_validator

from backup_reconciler.sandbox.world.access import LockModel
from backup_reconciler.sandbox.world.base import GUARD_ID, Model, Moment, Name, Names, Tags

_ACTIVE = {"Protected", "IRPending", "ProtectionError"}
"""States of items that run by a policy."""


class SoftDeleteModel(Model):
    """The vault's soft delete."""

    state: Literal["Enabled", "Disabled", "AlwaysON"] = "Enabled"
    """Whether deleted items are kept for a while; AlwaysON cannot be turned off."""
    retention_days: int = Field(default=14, ge=14, le=180)
    """Days that deleted items are kept."""


class RecoveryPointsModel(Model):
    """One a day, the newest at the last backup; `until` is when the newest expires, each older one a day before."""

    count: int = Field(ge=0, le=9999)
    """How many there are."""
    until: Moment | None = None
    """When the newest expires; left out, after the usual time."""


class DiskExclusionModel(Model):
    """Disks by LUN: those that are left out of the backups, or with `include` the only ones that are in."""

    luns: list[Annotated[int, Field(ge=0, le=63)]]
    """Slots of the disks."""
    include: bool = False
    """Whether these are the only ones that are backed up."""


class ProtectedItemModel(Model):
    """A VM that a vault backs up, or the VMs of a range."""

    vm: Names
    """The VM: its name in the vault's own group, group/name, or its id; web-[001-100] stands for a hundred."""
    vm_gone: bool = False
    """Whether the VM was deleted since; its backups outlive it."""
    policy: str | None = None
    """The policy of this vault that backs it up."""
    state: Literal[
        "Protected",
        "IRPending",
        "ProtectionError",
        "ProtectionStopped",
        "ProtectionPaused",
        "BackupsSuspended",
        "SoftDeleted",
    ] = "Protected"
    """What protection has come to; SoftDeleted: deleted just now, and still kept."""
    last_backup: Moment | None = None
    """When its last backup began; left out, nine hours before the clock."""
    recovery_points: RecoveryPointsModel | None = None
    """The points it has; left out, one."""
    deleted_at: Moment | None = None
    """When it was soft-deleted; left out, when the clock starts."""
    disk_exclusion: DiskExclusionModel | None = None
    """Disks that are left out of its backups."""

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
    """Its ARM id."""
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
    """Whether it belongs to another tenant."""
    approves: bool = True
    """Whether it grants what it is asked for."""


class VaultModel(Model):
    """A Recovery Services vault."""

    location: Name
    """Its region."""
    redundancy: Literal["GeoRedundant", "LocallyRedundant", "ZoneRedundant"] = "GeoRedundant"
    """How its backups are stored."""
    cross_region_restore: bool = False
    """Whether backups can be restored in the paired region; needs GeoRedundant."""
    soft_delete: SoftDeleteModel = SoftDeleteModel()
    """What becomes of deleted items."""
    immutability: Literal["Disabled", "Unlocked", "Locked"] = "Disabled"
    """Whether backups can be removed before their time."""
    resource_guard: ResourceGuardModel | None = None
    """The guard that it is tied to; left out, none."""
    private_endpoints: list[Name] = []
    """Its private endpoint connections."""
    classic_alerts_stay: bool = False
    """Whether the vault refuses to have classic alerts disabled."""
    tags: Tags | None = None
    """Tags by name; values in quotes where they look like numbers."""
    default_policies: bool = True
    """Whether it still has the policies that a new vault comes with, besides those that are stated."""
    policies: dict[Name, dict[str, Any]] = {}
    """Its own policies by name, as the `properties` of Azure's API; a new vault's are there besides."""
    legacy_policies: dict[Name, dict[str, Any]] = {}
    """As `policies`, but daily points may be kept 2 to 6 days."""
    protected_items: list[ProtectedItemModel] = []
    """The VMs it backs up, or whose backups it keeps."""
    locks: dict[Name, LockModel] = {}
    """Its management locks by name."""

    @model_validator(mode="after")
    def _cross_region_needs_geo(self) -> VaultModel:
        if self.cross_region_restore and self.redundancy != "GeoRedundant":
            raise ValueError("'crossRegionRestore' needs redundancy GeoRedundant")
        return self
