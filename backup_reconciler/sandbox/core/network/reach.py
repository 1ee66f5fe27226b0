"""Whether a VM reaches the backup service over its own network: what a backup that needs it asks before it starts.

A VM reaches it where it reaches, over TCP, AzureBackup, Storage of its region and AzureActiveDirectory, all at 443
(Learn: service-tags-overview, network connectivity of 2025), or Storage alone at 8443, as was asked for in 2019 of VMs
with managed disks (third-party page). A private endpoint for a vault in its virtual network stands for the first two,
and never for AzureActiveDirectory (Learn: private-endpoints-overview).
Simplified: the primary interface counts, of an address family only IPv4, connections to services inside Azure need a
way out like any other, and a proxy inside the VM is not seen.
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.flow import Flow, blocking_rule, pieces_of
from backup_reconciler.sandbox.core.network.inventory import by_id, of_group
from backup_reconciler.sandbox.core.network.service_tags import is_tag, regional
from backup_reconciler.sandbox.core.network.ways_out import stopped

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import Estate, Json, NetworkResource, VirtualMachine

_DIRECTORY = "AzureActiveDirectory"


def cut_off(estate: Estate, vm: VirtualMachine) -> str | None:
    """Why a VM cannot reach the backup service, `Deny_All in nsg-web` say; None where it can."""
    nic = by_id(estate, vm.interfaces[0])
    if nic is None:
        return "no network interface"
    reasons = [_first(estate, nic, destinations) for destinations in _alternatives(estate, vm, nic)]
    return None if None in reasons else reasons[0]


def _alternatives(estate: Estate, vm: VirtualMachine, nic: NetworkResource) -> Iterator[list[tuple[str, int]]]:
    """Sets of destinations and ports, each of which is enough; first the one by which reasons are given."""
    storage = regional("Storage", vm.location)
    yield [("AzureBackup", 443), (storage, 443), (_DIRECTORY, 443)]
    yield [(storage, 8443)]
    for address in _private_endpoints(estate, nic):
        yield [(address, 443), (_DIRECTORY, 443)]


def _first(estate: Estate, nic: NetworkResource, destinations: list[tuple[str, int]]) -> str | None:
    """The first reason why one of several destinations is out of reach."""
    reasons = (_unreachable(estate, nic, destination, port) for destination, port in destinations)
    return next((reason for reason in reasons if reason), None)


def _unreachable(estate: Estate, nic: NetworkResource, destination: str, port: int) -> str | None:
    configuration = _configuration(nic)
    network, subnet = _subnet(estate, configuration)
    if network is None:
        return "no subnet"
    network_prefixes = tuple(_virtual_network(estate, network, subnet))
    flow = Flow(
        configuration["privateIPAddress"],
        frozenset(fold(str(one["id"])) for one in configuration.get("applicationSecurityGroups") or []),
        destination,
        port,
        network_prefixes,
    )
    flow = replace(flow, some=tuple(map(str, pieces_of(flow.targets, list(map(IPv4Network, network_prefixes))))))
    for reference in (nic.properties.get("networkSecurityGroup"), subnet.get("networkSecurityGroup")):
        group = by_id(estate, str(reference["id"])) if reference else None
        rule = blocking_rule(flow, group) if group else None
        if group and rule:
            return f"{rule} in {group.name}"
    return stopped(estate, subnet, configuration, flow)


def _configuration(nic: NetworkResource) -> Json:
    properties: Json = nic.properties["ipConfigurations"][0]["properties"]
    return properties


def _subnet(estate: Estate, configuration: Json) -> tuple[NetworkResource | None, Json]:
    """The virtual network that an interface is in, and the properties of its subnet."""
    subnet_id = str(configuration["subnet"]["id"])
    network = by_id(estate, subnet_id)
    subnet = network.children.get(fold(subnet_id).rpartition("/")[2]) if network else None
    return (network, subnet.properties) if subnet else (None, {})


def _virtual_network(estate: Estate, network: NetworkResource, subnet: Json) -> Iterator[str]:
    """The prefixes of the tag: the network's, the host's, and those that routes are written for, so a route for
    0.0.0.0/0 makes it everything (Learn: service-tags-overview)."""
    yield from network.properties["addressSpace"]["addressPrefixes"]
    yield "168.63.129.16/32"
    table = by_id(estate, str((subnet.get("routeTable") or {}).get("id") or ""))
    for route in table.properties["routes"] if table else ():
        if not is_tag(route["properties"]["addressPrefix"]):
            yield route["properties"]["addressPrefix"]


def _private_endpoints(estate: Estate, nic: NetworkResource) -> Iterator[str]:
    """Addresses in the interface's virtual network that lead to a vault."""
    network, _ = _subnet(estate, _configuration(nic))
    for group in estate.groups() if network else ():
        for endpoint in of_group(group, "privateEndpoints"):
            inside = fold(endpoint.properties["subnet"]["id"]).startswith(f"{fold(network.id)}/") if network else False
            connections = endpoint.properties.get("privateLinkServiceConnections") or []
            leads_to = [fold(str(one["properties"].get("privateLinkServiceId"))) for one in connections]
            if inside and any("/providers/microsoft.recoveryservices/vaults/" in each for each in leads_to):
                subnet = _subnet(estate, endpoint.properties)[1]
                yield str(subnet["addressPrefix"])
