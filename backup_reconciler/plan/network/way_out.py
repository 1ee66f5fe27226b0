"""How connections leave a subnet, once its network security groups let them through.

A service endpoint comes first, then the closest route; out to the Internet leads a NAT gateway, a public IP, a load
balancer, or default outbound access (source: Azure virtual network traffic routing; Default outbound access in Azure).
"""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.plan.network.access import Access, Barrier
from backup_reconciler.plan.network.firewall_rules import passage
from backup_reconciler.plan.network.flow import Flow
from backup_reconciler.plan.network.intervals import Intervals
from backup_reconciler.plan.network.path import Path
from backup_reconciler.plan.network.routes import Leg, legs
from backup_reconciler.state.network.firewall import AzureFirewall
from backup_reconciler.state.network.network import Network

_STORAGE_EVERYWHERE = "microsoft.storage.global"
_ENDPOINTS = {
    "storage": frozenset({"microsoft.storage", _STORAGE_EVERYWHERE}),
    "azureactivedirectory": frozenset({"microsoft.azureactivedirectory"}),
}
"""Service endpoints by the service whose addresses they lead to (source: Virtual network service endpoints)."""


@dataclass(frozen=True, slots=True)
class Way:
    """What becomes of connections to some addresses."""

    addresses: Intervals
    access: Access
    """Allowed, blocked or unknown."""
    words: str
    """What they get out through, or who decides that nobody can see into; of what is blocked, why."""
    barrier: Barrier | None = None
    """Where they are blocked."""


def ways_out(path: Path, flow: Flow, destination: Intervals, network: Network) -> Iterator[Way]:
    """What becomes of a flow's connections, all its addresses once."""
    endpoint = _service_endpoint(path, flow)
    if endpoint:
        yield Way(destination, Access.ALLOWED, f"the service endpoint {endpoint} of subnet {path.subnet.id.name}")
        return
    for leg in legs(path, destination):
        yield from _along(leg, path, flow, network)


def _service_endpoint(path: Path, flow: Flow) -> str | None:
    """The service endpoint that a service is reached through, which no route overrides.

    That of Storage is for the region of the network, and for the one paired with it, which is not told here (source:
    Virtual network service endpoints, Microsoft Learn).
    """
    service, _, region = flow.destination.casefold().partition(".")
    found = path.subnet.service_endpoints & _ENDPOINTS.get(service, frozenset())
    if region not in ("", path.virtual_network.location):
        found &= {_STORAGE_EVERYWHERE}
    return min(found, default=None)


def _along(leg: Leg, path: Path, flow: Flow, network: Network) -> Iterator[Way]:
    match leg.route.hop.casefold():
        case "none" if leg.table:
            words = f"route {leg.route.name} of {leg.table.name} drops it"
            yield Way(leg.addresses, Access.BLOCKED, words, Barrier("route", leg.table, leg.route.name, words))
        case "internet":
            yield _to_the_internet(leg, path, network)
        case "vnetlocal" if not leg.table:
            yield Way(leg.addresses, Access.ALLOWED, "the virtual network itself")
        case "virtualappliance":
            yield from _through_appliance(leg, path, flow, network)
        case "virtualnetworkgateway":
            yield Way(leg.addresses, Access.UNKNOWN, f"the network behind the virtual network gateway{_by(leg)}")
        case _:
            yield Way(leg.addresses, Access.UNKNOWN, f"whatever lies there{_by(leg)}")


def _by(leg: Leg) -> str:
    """Which route leads there, if somebody wrote it."""
    return f" (route {leg.route.name} of {leg.table.name})" if leg.table else ""


# ---- the Internet --------------------------------------------------------------------------------------------------


def _to_the_internet(leg: Leg, path: Path, network: Network) -> Way:
    exit_ = _exit(path, network)
    if exit_:
        return Way(leg.addresses, Access.ALLOWED, exit_)
    words = _why_none(path)
    return Way(leg.addresses, Access.BLOCKED, words, Barrier("subnet", path.subnet.id, "", words))


def _exit(path: Path, network: Network) -> str | None:
    """What connections leave through; what somebody set up wins over what Azure gives by itself.

    A machine in the backend pool of a Standard load balancer gets nothing by itself (source: Source Network Address
    Translation for outbound connections, Microsoft Learn). Basic ones were retired in September 2025.
    """
    if path.subnet.nat_gateway:
        return f"NAT gateway {path.subnet.nat_gateway.name}"
    if path.configuration.public_ip:
        return "its public IP address"
    pools = path.configuration.backend_pools
    balancer = min(pools & network.outbound_pools, default=None)
    if balancer:
        return f"load balancer {balancer.parent(2).name}"
    if path.subnet.default_outbound and not pools:
        return f"default outbound access of subnet {path.subnet.id.name}"
    return None


def _why_none(path: Path) -> str:
    subnet = f"subnet {path.subnet.id.name}"
    if path.subnet.default_outbound:
        return f"the load balancer has no outbound rule, and {subnet} no NAT gateway"
    return f"{subnet} is private, with neither NAT gateway, public IP, outbound rule, route to a firewall nor endpoint"


# ---- appliances ----------------------------------------------------------------------------------------------------


def _through_appliance(leg: Leg, path: Path, flow: Flow, network: Network) -> Iterator[Way]:
    address = leg.route.hop_address
    found = [one for one in network.firewalls.values() if address in one.addresses and _is_near(one, path)]
    if len(found) == 1:
        yield from _through_firewall(found[0], leg, path, flow, network)
        return
    where = f" at {address}" if address else ""
    yield Way(leg.addresses, Access.UNKNOWN, f"an appliance{where} that nobody can see into{_by(leg)}")


def _is_near(firewall: AzureFirewall, path: Path) -> bool:
    """Whether a route can lead there: networks that have nothing to do with each other may have the same addresses."""
    around = path.virtual_network
    return firewall.virtual_network is None or firewall.virtual_network in {around.id, *around.peers}


def _through_firewall(firewall: AzureFirewall, leg: Leg, path: Path, flow: Flow, network: Network) -> Iterator[Way]:
    found = passage(firewall, network.firewall_policies, flow, leg.addresses, path.space)
    name = f"Azure Firewall {firewall.id.name}"
    if found.allowed:
        yield Way(found.allowed, Access.ALLOWED, f"{name}{_by(leg)}")
    if found.unsure:
        words = f"{name}, of whose rules nobody can tell{_by(leg)}"
        yield Way(found.unsure, Access.UNKNOWN, words)
    if found.denied:
        words = f"{name} does not let it through{_by(leg)}"
        yield Way(found.denied, Access.BLOCKED, words, Barrier("firewall", firewall.id, "", words))
