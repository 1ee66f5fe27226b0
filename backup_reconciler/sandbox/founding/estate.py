"""The estate as it is when a world's clock starts."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.agent import await_agent
from backup_reconciler.sandbox.core.compute.arrival import announce, welcome
from backup_reconciler.sandbox.core.estate import (
    ArmQuota,
    Arrival,
    Durations,
    Estate,
    Failure,
    Fault,
    Latency,
    Limits,
    Quotas,
    ResourceGroup,
    Settings,
    SlowPath,
    Subscription,
    fold,
)
from backup_reconciler.sandbox.core.resource_graph import graph_index
from backup_reconciler.sandbox.founding.access import found_access
from backup_reconciler.sandbox.founding.machines import found_machine
from backup_reconciler.sandbox.founding.networks import Addresses, found_interfaces, found_networks
from backup_reconciler.sandbox.founding.vaults import found_vault

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.world.behaviour import FaultModel, LatencyModel, QuotasModel
    from backup_reconciler.sandbox.world.world import ResourceGroupModel, World


def found_estate(world: World, rng: Random) -> Estate:
    """The estate as it is when the world's clock starts."""
    estate = Estate(
        settings=_settings(world), faults=[_fault(fault) for fault in world.faults], access=found_access(world)
    )
    for subscription_id, subscription in world.subscriptions.items():
        made = Subscription(subscription_id)
        estate.subscriptions[fold(subscription_id)] = made
        for name, group in subscription.resource_groups.items():
            made.groups[fold(name)] = _group(subscription_id, name, group)
    addresses = Addresses(world)
    for subscription_id, subscription in world.subscriptions.items():
        for name, group in subscription.resource_groups.items():
            here = estate.subscriptions[fold(subscription_id)].groups[fold(name)]
            _machines(world, estate, here, group, addresses, rng)
    for subscription_id, subscription in world.subscriptions.items():
        for group_name, group in subscription.resource_groups.items():
            for name, vault in group.vaults.items():
                found_vault(world, estate, (subscription_id, group_name, name), vault, rng)
    graph_index.begin(estate, world.clock)
    return estate


def _settings(world: World) -> Settings:
    return Settings(
        era=world.era,
        page_size=world.page_size,
        graph_page_size=world.graph_page_size,
        graph_lag_seconds=world.graph_lag_seconds,
        schedules=world.schedules,
        secure_by_default=world.secure_by_default,
        limits=Limits(**world.limits.model_dump()),
        durations=Durations(**world.durations.model_dump()),
        latency=_latency(world.latency),
        quotas=_quotas(world.quotas),
    )


def _latency(latency: LatencyModel) -> Latency:
    where = tuple(SlowPath(**slow.model_dump()) for slow in latency.where)
    return Latency(latency.seconds, latency.jitter, where)


def _quotas(quotas: QuotasModel) -> Quotas:
    arm = ArmQuota(**quotas.arm.model_dump()) if quotas.arm else None
    return Quotas(**{**quotas.model_dump(), "arm": arm})


def _fault(fault: FaultModel) -> Fault:
    operation = Failure(**fault.operation.model_dump()) if fault.operation else None
    return Fault(**{**fault.model_dump(), "operation": operation})


def _group(subscription: str, name: str, group: ResourceGroupModel) -> ResourceGroup:
    made = ResourceGroup(subscription, name, group.location, dict(group.tags))
    found_networks(made, group)
    return made


def _machines(
    world: World, estate: Estate, group: ResourceGroup, told: ResourceGroupModel, addresses: Addresses, rng: Random
) -> None:
    """Those that are there already, and those that appear later."""
    for name, vm in told.virtual_machines.items():
        machine = found_machine(world, group, name, vm, rng)
        arrival = Arrival(machine, found_interfaces(estate, machine, vm, addresses))
        if machine.created <= world.clock:
            welcome(estate, arrival)
        else:
            announce(estate, arrival)
        if vm.agent and vm.agent.since and vm.agent.since > world.clock:
            await_agent(estate, machine, vm.agent.since)
