"""Reading the network around VMs.

Requests: per subscription seven lists (interfaces, virtual networks, security groups, route tables, load balancers,
private endpoints, firewalls, with their pages), one of VMs and one of their status where the scope asks for it; the
service tags once; a GET for each firewall that manifests name and no list has; a GET and a list for each firewall
policy that manifests name, or a firewall has, or another policy builds on. None for a VM.
"""

from collections.abc import Callable, Coroutine, Iterable, Mapping
from dataclasses import replace
from itertools import chain
from typing import Any, TypeVar

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import vm_status
from backup_reconciler.azure.codec.network import (
    firewall,
    interface,
    load_balancer,
    private_endpoint,
    route_table,
    security_group,
    service_tags,
    virtual_network,
)
from backup_reconciler.azure.reading import read, read_all
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live.firewall import find_firewalls, read_policies
from backup_reconciler.live.vm import list_vms
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.interface import Interface
from backup_reconciler.state.network.network import Network, NetworkScope
from backup_reconciler.state.network.service_tags import ServiceTags
from backup_reconciler.state.snapshot import Snapshot
from backup_reconciler.state.vm_status import VMStatus

T = TypeVar("T")
ListRequest = Callable[[str], ArmRequest]
Lister = Callable[[ArmRequest], Coroutine[Any, Any, list[Any]]]
Decode = Callable[[Mapping[str, Any]], T]


async def with_network(arm: Arm, snapshot: Snapshot, scope: NetworkScope) -> Snapshot:
    """The snapshot with the network that is in scope; as it is where nothing is."""
    if not scope:
        return snapshot
    network = await read_network(arm, scope)
    return replace(snapshot, network=network, requests=snapshot.requests + network.requests)


async def read_network(arm: Arm, scope: NetworkScope) -> Network:
    """All that is in scope. Raises `AzureError` when any of it cannot be read: a failed read is never an absence."""
    before = arm.sent.reads
    async with together() as tasks:
        listing = tasks.create_task(list_networks(arm.list, sorted(scope.subscriptions)))
        vms = tasks.create_task(list_vms(arm, scope.vm_subscriptions))
        statuses = tasks.create_task(_statuses(arm, sorted(scope.status_subscriptions)))
    listed = listing.result()
    async with together() as tasks:
        tags = tasks.create_task(read_service_tags(arm, listed))
        others = tasks.create_task(find_firewalls(arm, scope.firewalls - listed.firewalls.keys()))
    firewalls = {**listed.firewalls, **others.result()}
    used = {one.policy for one in firewalls.values() if one.policy}
    policies = await read_policies(arm, scope.firewall_policies, used)
    return replace(
        listed,
        firewalls=firewalls,
        firewall_policies=policies,
        service_tags=tags.result(),
        vms=vms.result(),
        statuses=statuses.result(),
        requests=arm.sent.reads - before,
    )


async def list_networks(list_: Lister, subscriptions: Iterable[str]) -> Network:
    """What the lists of these subscriptions show; `list_` reads one of them whole."""
    names = list(subscriptions)

    async def each(request: ListRequest, decode: Decode[T]) -> list[T]:
        pages = await gather(list_(request(name)) for name in names)
        return read_all(decode, chain.from_iterable(pages))

    async with together() as tasks:
        interfaces = tasks.create_task(each(interface.list_request, interface.decode))
        networks = tasks.create_task(each(virtual_network.list_request, virtual_network.decode))
        groups = tasks.create_task(each(security_group.list_request, security_group.decode))
        tables = tasks.create_task(each(route_table.list_request, route_table.decode))
        pools = tasks.create_task(each(load_balancer.list_request, load_balancer.outbound_pools))
        endpoints = tasks.create_task(each(private_endpoint.list_request, private_endpoint.decode))
        firewalls = tasks.create_task(each(firewall.list_request, firewall.decode))
    return Network(
        interfaces=_by_vm(interfaces.result()),
        virtual_networks={one.id: one for one in networks.result()},
        security_groups={one.id: one for one in groups.result()},
        route_tables={one.id: one for one in tables.result()},
        outbound_pools=frozenset[ArmId]().union(*pools.result()),
        private_endpoints=tuple(sorted(endpoints.result(), key=lambda one: one.id)),
        firewalls={one.id: one for one in firewalls.result()},
    )


def _by_vm(interfaces: Iterable[Interface]) -> dict[ArmId, Interface]:
    """The primary interface of each VM; of one that was never started no interface may be said to be it."""
    found: dict[ArmId, Interface] = {}
    for one in sorted(interfaces, key=lambda one: (not one.primary, one.id)):
        if one.vm is not None:
            found.setdefault(one.vm, one)
    return found


async def _statuses(arm: Arm, subscriptions: Iterable[str]) -> dict[ArmId, VMStatus]:
    pages = await gather(arm.list(vm_status.list_request(name)) for name in subscriptions)
    return dict(read_all(lambda one: (ArmId(one["id"]), vm_status.decode(one)), chain.from_iterable(pages)))


async def read_service_tags(arm: Arm, listed: Network) -> ServiceTags:
    """The tags, asked for where some of the network lies; where there is none, there is nothing to judge by them."""
    networks, groups = listed.virtual_networks.values(), listed.security_groups.values()
    places = [(one.id, one.location) for one in networks] + [(one.id, one.location) for one in groups]
    if not places:
        return ServiceTags()
    id_, location = min(places)
    return read(service_tags.decode, (await arm.send(service_tags.get_request(id_.subscription, location))).body)
