"""How a connection leaves a subnet, or why it does not (Learn: default-outbound-access, virtual-networks-udr-overview).

A service endpoint comes first, then the closest route, which some of a service's addresses may have to themselves; an
appliance is taken to let everything through, as nobody can see into it. Out to the Internet leads a NAT gateway, a
public IP, an outbound rule of a load balancer, and at last default outbound access: not in a new subnet, and not for a
machine behind a Standard load balancer (Learn: load-balancer-outbound-connections).
"""

from __future__ import annotations

from dataclasses import replace
from ipaddress import IPv4Network
from itertools import groupby
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.firewall_flow import lets_through
from backup_reconciler.sandbox.core.network.flow import pieces_of
from backup_reconciler.sandbox.core.network.inventory import by_id, of_group
from backup_reconciler.sandbox.core.network.service_tags import prefixes

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import Estate, Json, NetworkResource
    from backup_reconciler.sandbox.core.network.flow import Flow

NO_WAY_OUT = "no way out"
_ENDPOINTS = {
    "storage": {"microsoft.storage", "microsoft.storage.global"},
    "azureactivedirectory": {"microsoft.azureactivedirectory"},
}
"""Service endpoints by the service whose addresses they lead to."""


def stopped(estate: Estate, subnet: Json, configuration: Json, flow: Flow) -> str | None:
    """Why a flow does not leave; None where it does."""
    if flow.inside or _has_endpoint(subnet, flow):
        return None
    table = by_id(estate, str((subnet.get("routeTable") or {}).get("id") or ""))
    routes: list[Json] = table.properties["routes"] if table else []
    reasons = (_stopped_on(route, estate, subnet, configuration, some) for route, some in _routed(routes, flow))
    return next((reason for reason in reasons if reason), None)


def _stopped_on(route: Json | None, estate: Estate, subnet: Json, configuration: Json, flow: Flow) -> str | None:
    match route["properties"]["nextHopType"] if route else "Internet":
        case "None":
            return f"{NO_WAY_OUT}: the route {route['name']} drops it" if route else None
        case "VirtualAppliance" if route:
            firewall = _firewall_at(estate, str(route["properties"].get("nextHopIpAddress") or ""))
            if firewall and not lets_through(estate, firewall, flow):
                return f"the Azure Firewall {firewall.name} has no rule that allows it"
            return None
        case "VirtualNetworkGateway":
            return None
        case _:
            return None if _has_way(estate, subnet, configuration) else _private()


def _private() -> str:
    return (
        f"{NO_WAY_OUT}: a private subnet, with neither NAT gateway, public IP, outbound rule, route to an appliance "
        "nor service endpoint"
    )


def _has_endpoint(subnet: Json, flow: Flow) -> bool:
    services = {fold(str(each["service"])) for each in subnet.get("serviceEndpoints") or []}
    return bool(services & _ENDPOINTS.get(fold(flow.destination).partition(".")[0], set()))


def _routed(routes: list[Json], flow: Flow) -> Iterator[tuple[Json | None, Flow]]:
    """The routes that a flow takes, each with its part of it; None is Azure's own, to the Internet."""
    reach = [
        (IPv4Network(each), number, route)
        for number, route in enumerate(routes)
        for each in prefixes(route["properties"]["addressPrefix"]) or (route["properties"]["addressPrefix"],)
    ]
    pieces = pieces_of(flow.targets, [prefix for prefix, *_ in reach])
    taken = [(_closest(reach, piece), str(piece)) for piece in pieces]
    for number, found in groupby(sorted(taken, key=lambda each: each[0]), key=lambda each: each[0]):
        route = routes[number] if number >= 0 else None
        yield route, replace(flow, some=tuple(piece for _, piece in found))


def _closest(reach: list[tuple[IPv4Network, int, Json]], piece: IPv4Network) -> int:
    """The number of the route with the longest prefix; one with a prefix goes before one with a tag in its place."""
    about = [
        (prefix.prefixlen, not prefixes(route["properties"]["addressPrefix"]), number)
        for prefix, number, route in reach
        if piece.subnet_of(prefix)
    ]
    return max(about)[2] if about else -1


def _firewall_at(estate: Estate, address: str) -> NetworkResource | None:
    for group in estate.groups():
        for firewall in of_group(group, "azureFirewalls"):
            for configuration in firewall.properties.get("ipConfigurations") or []:
                if (configuration.get("properties") or {}).get("privateIPAddress") == address:
                    return firewall
    return None


def _has_way(estate: Estate, subnet: Json, configuration: Json) -> bool:
    return bool(
        subnet.get("natGateway")
        or configuration.get("publicIPAddress")
        or _has_outbound_rule(estate, configuration)
        or (subnet.get("defaultOutboundAccess") is not False and not _behind_standard_balancer(estate, configuration))
    )


def _pools(configuration: Json) -> list[str]:
    return [fold(str(pool["id"])) for pool in configuration.get("loadBalancerBackendAddressPools") or []]


def _has_outbound_rule(estate: Estate, configuration: Json) -> bool:
    """One for TCP."""
    for pool in _pools(configuration):
        balancer = by_id(estate, pool)
        for rule in balancer.properties["outboundRules"] if balancer else ():
            properties = rule["properties"]
            if fold(properties["backendAddressPool"]["id"]) == pool and properties["protocol"] in ("All", "Tcp"):
                return True
    return False


def _behind_standard_balancer(estate: Estate, configuration: Json) -> bool:
    balancers = (by_id(estate, pool) for pool in _pools(configuration))
    return any(balancer and (balancer.sku or {}).get("name") == "Standard" for balancer in balancers)
