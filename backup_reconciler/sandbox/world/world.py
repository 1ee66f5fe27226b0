"""A world: what exists in a box, and how it behaves."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.access import AzurePolicyModel, LockModel, RoleModel
from backup_reconciler.sandbox.world.base import Model, Moment, Name, Resources, Seconds, Subscriptions, Tags, Vaults
from backup_reconciler.sandbox.world.behaviour import DurationsModel, FaultModel, LimitsModel
from backup_reconciler.sandbox.world.machine import VirtualMachineModel
from backup_reconciler.sandbox.world.network import GroupNetworkModel
from backup_reconciler.sandbox.world.vault import VaultModel


class ResourceGroupModel(GroupNetworkModel):
    location: Name = "japaneast"
    tags: Tags = {}
    virtual_machines: Resources[VirtualMachineModel] = {}
    vaults: Vaults[VaultModel] = {}
    locks: dict[Name, LockModel] = {}


class SubscriptionModel(Model):
    resource_groups: Resources[ResourceGroupModel] = {}
    locks: dict[Name, LockModel] = {}


class World(Model):
    """A whole world."""

    kind: Literal["World"]
    era: Literal[2021, 2026] = 2026
    clock: Moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
    seed: int = 1
    page_size: int = Field(default=100, ge=1)
    graph_page_size: int = Field(default=1000, ge=1, le=1000)
    secure_by_default: bool = False
    limits: LimitsModel = LimitsModel()
    durations: DurationsModel = DurationsModel()
    graph_lag_seconds: Seconds = 0.0
    schedules: bool = True
    faults: list[FaultModel] = []
    access: list[RoleModel] | None = None
    azure_policies: list[AzurePolicyModel] = []
    subscriptions: Subscriptions[SubscriptionModel] = {}

    def digest(self) -> str:
        """Equal for worlds that say the same, however they are laid out."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
