"""Everything there is: subscriptions, their groups, and what comes to pass later."""

from __future__ import annotations

import heapq
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from backup_reconciler.sandbox.core.estate.access import Access
from backup_reconciler.sandbox.core.estate.failure import Failure
from backup_reconciler.sandbox.core.estate.fault import Fault, Postponed
from backup_reconciler.sandbox.core.estate.graph import GraphIndex
from backup_reconciler.sandbox.core.estate.guest import ComputeOperation
from backup_reconciler.sandbox.core.estate.machine import VirtualMachine
from backup_reconciler.sandbox.core.estate.names import fold, region_key
from backup_reconciler.sandbox.core.estate.network import DefaultNetwork, NetworkOperation, NetworkResource
from backup_reconciler.sandbox.core.estate.quota import Spent
from backup_reconciler.sandbox.core.estate.settings import Settings
from backup_reconciler.sandbox.core.estate.vault import DeletedVault, Operation, Vault


@dataclass
class ResourceGroup:
    subscription: str
    name: str
    location: str
    tags: dict[str, str] = field(default_factory=dict)
    vaults: dict[str, Vault] = field(default_factory=dict)
    virtual_machines: dict[str, VirtualMachine] = field(default_factory=dict)
    network: dict[str, dict[str, NetworkResource]] = field(default_factory=dict)
    """Resources of Microsoft.Network, by kind; those of a default network only once somebody wrote to them."""
    default_networks: dict[str, DefaultNetwork] = field(default_factory=dict)
    """By region."""

    def take_in(self, vm: VirtualMachine) -> None:
        """A VM begins to exist, and finds its place in the default network where it has no other."""
        self.virtual_machines[fold(vm.name)] = vm
        if not vm.nics:
            network = self.default_networks.setdefault(
                region_key(vm.location), DefaultNetwork(vm.name, vm.location, vm.tags)
            )
            vm.place = network.machines
            network.machines += 1

    @property
    def id(self) -> str:
        return f"/subscriptions/{self.subscription}/resourceGroups/{self.name}"


@dataclass
class Subscription:
    id: str
    groups: dict[str, ResourceGroup] = field(default_factory=dict)


@dataclass(frozen=True, order=True)
class Effect:
    """Something that comes to pass later. Ordered as it comes due; `sequence` breaks ties."""

    due: datetime
    sequence: int
    kind: str
    vault: str
    """Key of the vault it happens in; empty where it is not a vault that it happens in."""
    subject: str
    """Key of the operation, job, item or, outside of vaults, resource it happens to."""
    fate: Literal["done", "pretended", "failed"] = "done"
    """Whether it comes to pass, is only reported, or ends in `error`."""
    error: Failure | None = None
    place: str = ""
    """The path of the request that began it, where more than its provider deals with it."""


@dataclass
class Arrival:
    """A VM that its world has appear later, with what of its network appears with it."""

    vm: VirtualMachine
    interfaces: list[NetworkResource] = field(default_factory=list)


@dataclass
class Estate:
    """Everything there is."""

    settings: Settings = field(default_factory=Settings)
    subscriptions: dict[str, Subscription] = field(default_factory=dict)
    faults: list[Fault] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)
    vault_operations: dict[str, Operation] = field(default_factory=dict)
    """Operations on whole vaults: a deletion is asked after when its vault is gone."""
    compute_operations: dict[str, ComputeOperation] = field(default_factory=dict)
    network_operations: dict[str, NetworkOperation] = field(default_factory=dict)
    arrivals: dict[str, Arrival] = field(default_factory=dict)
    """VMs that are still to come, by their folded id."""
    holders: dict[str, str] = field(default_factory=dict)
    """VM id → key of the vault that holds it: a VM is registered with one vault at a time."""
    access: Access = field(default_factory=Access)
    deleted_vaults: dict[str, DeletedVault] = field(default_factory=dict)
    """By their folded names; those that are listed no more are forgotten when the next vault is deleted."""
    graph: GraphIndex = field(default_factory=GraphIndex)
    spent: Spent = field(default_factory=Spent)
    postponed: dict[str, Postponed] = field(default_factory=dict)
    """What was reported as done and comes later, by the subject of the effect that brings it."""
    sequence: int = 0
    revision: int = 0
    """How often anything may have changed."""
    worked_out: dict[str, Any] = field(default_factory=dict, compare=False, repr=False)
    """What was worked out from the rest and can be again; it is not kept between two runs."""

    def schedule(self, due: datetime, kind: str, vault: Vault, subject: str) -> None:
        """Let something come to pass at `due`."""
        self.sequence += 1
        self.expect(Effect(due, self.sequence, kind, vault.key, subject))

    def schedule_outside(self, due: datetime, kind: str, subject: str) -> None:
        """Let something come to pass at `due` that is no vault's."""
        self.sequence += 1
        self.expect(Effect(due, self.sequence, kind, "", subject))

    def expect(self, *effects: Effect) -> None:
        """Let these come to pass, each when it is due."""
        for effect in effects:
            heapq.heappush(self.effects, effect)

    def recall(self, sequence: int) -> list[Effect]:
        """Take back what was scheduled after the effect of that number, in order."""
        recalled = [effect for effect in self.effects if effect.sequence > sequence]
        self.effects = [effect for effect in self.effects if effect.sequence <= sequence]
        heapq.heapify(self.effects)
        return sorted(recalled, key=lambda effect: (effect.due, effect.sequence))

    def unschedule(self, vault: Vault) -> None:
        """Nothing more comes to pass in a vault that goes: one that later bears its name has nothing to do with it."""
        self.effects = [effect for effect in self.effects if effect.vault != vault.key]
        heapq.heapify(self.effects)

    def groups(self) -> list[ResourceGroup]:
        return [group for subscription in self.subscriptions.values() for group in subscription.groups.values()]

    def vaults(self) -> list[Vault]:
        return [vault for group in self.groups() for vault in group.vaults.values()]

    def vault(self, vault_id: str) -> Vault | None:
        group = self.group_of(vault_id)
        return group.vaults.get(fold(vault_id).rpartition("/")[2]) if group else None

    def virtual_machine(self, vm_id: str) -> VirtualMachine | None:
        group = self.group_of(vm_id)
        if group is None or "/providers/microsoft.compute/virtualmachines/" not in fold(vm_id):
            return None
        return group.virtual_machines.get(fold(vm_id).rpartition("/")[2])

    def network_resource(self, resource_id: str, kind: str) -> NetworkResource | None:
        """A stored resource of a kind by its id."""
        group = self.group_of(resource_id)
        if group is None or f"/providers/microsoft.network/{fold(kind)}/" not in fold(resource_id):
            return None
        return group.network.get(kind, {}).get(fold(resource_id).rpartition("/")[2])

    def group_of(self, resource_id: str) -> ResourceGroup | None:
        """The resource group of `/subscriptions/{s}/resourceGroups/{rg}/providers/{ns}/{type}/{name}`."""
        match fold(resource_id).split("/"):
            case ["", "subscriptions", subscription, "resourcegroups", group, "providers", _, _, _]:
                found = self.subscriptions.get(subscription)
                return found.groups.get(group) if found else None
            case _:
                return None
