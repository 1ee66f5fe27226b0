"""A world: what exists in a box, and how it behaves."""

from __future__ import annotations

import hashlib
from datetime import UTC, datetime
from typing import Literal

from pydantic import Field

from backup_reconciler.sandbox.world.access import AzurePolicyModel, LockModel, RoleModel
from backup_reconciler.sandbox.world.base import Model, Moment, Name, Resources, Seconds, Subscriptions, Tags, Vaults
from backup_reconciler.sandbox.world.behaviour import (
    DurationsModel,
    FaultModel,
    LatencyModel,
    LimitsModel,
    QuotasModel,
)
from backup_reconciler.sandbox.world.machine import VirtualMachineModel
from backup_reconciler.sandbox.world.network import GroupNetworkModel
from backup_reconciler.sandbox.world.vault import VaultModel


class ResourceGroupModel(GroupNetworkModel):
    """A resource group."""

    location: Name = "japaneast"
    """Its region."""
    tags: Tags = {}
    """Tags by name; values in quotes where they look like numbers."""
    virtual_machines: Resources[VirtualMachineModel] = {}
    """Its VMs by name; web-[001-100] stands for a hundred."""
    vaults: Vaults[VaultModel] = {}
    """Its Recovery Services vaults by name; rsv-[01-10] stands for ten."""
    locks: dict[Name, LockModel] = {}
    """Its management locks by name."""


class SubscriptionModel(Model):
    """A subscription."""

    resource_groups: Resources[ResourceGroupModel] = {}
    """Its resource groups by name; rg-[001-100] stands for a hundred, each with all that is stated."""
    locks: dict[Name, LockModel] = {}
    """Its management locks by name."""


class World(Model):
    """A whole world."""

    kind: Literal["World"]
    """What this file is."""
    era: Literal[2021, 2026] = 2026
    """How the service answers, and what a new vault holds: as recorded in 2021 or in 2026."""
    clock: Moment = datetime(2026, 11, 23, 8, tzinfo=UTC)
    """The moment at which it begins."""
    seed: int = 1
    """Equal seeds give equal ids."""
    page_size: int = Field(default=100, ge=1)
    """Elements on a page of a list."""
    graph_page_size: int = Field(default=1000, ge=1, le=1000)
    """Rows on a page of Resource Graph."""
    secure_by_default: bool = False
    """Whether new vaults are secure by default; not in 2021."""
    limits: LimitsModel = LimitsModel()
    """How much the service takes."""
    durations: DurationsModel = DurationsModel()
    """Seconds that the service takes."""
    graph_lag_seconds: Seconds = 0.0
    """Seconds that Resource Graph is behind."""
    latency: LatencyModel = LatencyModel()
    """How long an answer takes."""
    quotas: QuotasModel = QuotasModel()
    """Which quotas are kept."""
    schedules: bool = True
    """Whether policies run by themselves."""
    faults: list[FaultModel] = []
    """What goes wrong; the first that meets a request counts."""
    access: list[RoleModel] | None = None
    """The caller's roles; left out, everything is allowed."""
    azure_policies: list[AzurePolicyModel] = []
    """What Azure Policy audits or denies."""
    subscriptions: Subscriptions[SubscriptionModel] = {}
    """What exists, by the subscription's id."""

    def digest(self) -> str:
        """Equal for worlds that say the same, however they are laid out."""
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()
