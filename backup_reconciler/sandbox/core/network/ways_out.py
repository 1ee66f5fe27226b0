"""How a connection leaves a subnet, or why it does not (Learn: default-outbound-access, virtual-networks-udr-overview).

A route by address comes first; an appliance is taken to let everything through, as nobody can see into it. Then a
service endpoint, a NAT gateway, a public IP, an outbound rule of a load balancer, and at last default outbound access,
which a new subnet no longer has.
"""

from __future__ import annotations

from ipaddress import ip_network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.firewall_flow import lets_through
from backup_reconciler.sandbox.core.network.flow import holds
from backup_reconciler.sandbox.core.network.inventory import by_id, of_group, users
from backup_reconciler.sandbox.core.network.service_tags import prefixes

if TYPE_CHECKING:
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
    route = _route(estate, subnet, flow)
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


def _route(estate: Estate, subnet: Json, flow: Flow) -> Json | None:
    """The route with the longest prefix that holds all of the destination."""
    table = by_id(estate, str((subnet.get("routeTable") or {}).get("id") or ""))
    routes: list[Json] = table.properties["routes"] if table else []
    about = [
        (length, number, route)
        for number, route in enumerate(routes)
        if (length := _length(route["properties"]["addressPrefix"], flow)) is not None
    ]
    return max(about)[2] if about else None


def _length(address_prefix: str, flow: Flow) -> int | None:
    """How closely a route's prefix, or the tag in its place, fits the destination; None where it does not."""
    outer = prefixes(address_prefix) or (address_prefix,)
    fits = [ip_network(each).prefixlen for each in outer if all(holds(each, target) for target in flow.targets)]
    return max(fits, default=None)


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
        or subnet.get("defaultOutboundAccess") is not False
    )


def _has_outbound_rule(estate: Estate, configuration: Json) -> bool:
    pools = [str(pool["id"]) for pool in configuration.get("loadBalancerBackendAddressPools") or []]
    return any("/loadBalancers/" in user for pool in pools for user in users(estate, pool))
