"""How connections get out of a subnet: routes, ways to the Internet, service endpoints and private ones."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.plan.network.verdict import Access, Barrier
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.private_endpoint import PrivateEndpoint
from backup_reconciler.state.network.route_table import Route
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork
from tests.unit.plan.network.networks import DENY_ALL, POOL, VNET, WEB, id_, judged, network, rule

ALLOWED, BLOCKED, PARTLY, UNKNOWN = Access.ALLOWED, Access.BLOCKED, Access.PARTLY, Access.UNKNOWN
PRIVATE = {"default_outbound": False}
NO_WAY = "subnet web is private, with neither NAT gateway, public IP, outbound rule, route to a firewall nor endpoint"


def to(hop: str, prefix: str = "0.0.0.0/0", address: str | None = None, name: str = "all") -> Route:
    return Route(name, prefix, hop, address)


# ---- ways out ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("told", "way"),
    [
        ({}, "default outbound access of subnet web"),
        ({"subnet": {**PRIVATE, "nat_gateway": id_("natGateways/nat")}}, "NAT gateway nat"),
        ({"subnet": PRIVATE, "nic": {"public_ip": id_("publicIPAddresses/pip")}}, "its public IP address"),
        (
            {"subnet": PRIVATE, "nic": {"backend_pools": frozenset({POOL})}, "outbound_pools": frozenset({POOL})},
            "load balancer lb",
        ),
        (
            {"subnet": {"nat_gateway": id_("natGateways/nat")}, "nic": {"public_ip": id_("publicIPAddresses/pip")}},
            "NAT gateway nat",
        ),
    ],
    ids=["default", "NAT gateway", "public IP", "load balancer", "NAT gateway before public IP"],
)
def test_a_way_out_is_named(told: dict[str, Any], way: str) -> None:
    found = judged(network(**told))
    assert (found.access, found.way, found.barriers) == (ALLOWED, way, ())


@pytest.mark.parametrize(
    ("told", "words"),
    [
        ({"subnet": PRIVATE}, NO_WAY),
        ({"subnet": PRIVATE, "nic": {"backend_pools": frozenset({POOL})}}, NO_WAY),
        (
            {"nic": {"backend_pools": frozenset({POOL})}},
            "the load balancer has no outbound rule, and subnet web no NAT gateway",
        ),
    ],
)
def test_where_there_is_no_way_out_it_is_the_subnets(told: dict[str, Any], words: str) -> None:
    found = judged(network(**told))
    assert (found.access, found.barriers) == (BLOCKED, (Barrier("subnet", WEB, "", words),))


# ---- routes --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("route", "access", "words"),
    [
        (to("None"), BLOCKED, "route all of rt drops it"),
        (to("Internet"), ALLOWED, "default outbound access of subnet web"),
        (
            to("VirtualNetworkGateway"),
            UNKNOWN,
            "the network behind the virtual network gateway (route all of rt)",
        ),
        (
            to("VirtualAppliance", address="10.0.9.9"),
            UNKNOWN,
            "an appliance at 10.0.9.9 that nobody can see into (route all of rt)",
        ),
        (to("VirtualApplianceEcmp"), UNKNOWN, "whatever lies there (route all of rt)"),
        (to("VnetLocal"), UNKNOWN, "whatever lies there (route all of rt)"),
        (to("None", "20.9.0.0/16"), ALLOWED, "default outbound access of subnet web"),
        (to("None", "AzureBackup"), BLOCKED, "route all of rt drops it"),
        (to("None", "2001:db8::/32"), ALLOWED, "default outbound access of subnet web"),
    ],
)
def test_where_a_route_leads(route: Route, access: Access, words: str) -> None:
    found = judged(network(routes=[route]))
    assert found.access is access
    assert words in (found.way, *(barrier.words for barrier in found.barriers))


def test_a_route_that_drops_names_its_table() -> None:
    (barrier,) = judged(network(routes=[to("None")])).barriers
    assert (barrier.kind, barrier.resource, barrier.rule) == ("route", id_("routeTables/rt"), "all")


@pytest.mark.parametrize(
    ("routes", "access"),
    [
        ([to("None"), to("Internet", "20.0.0.0/8", name="near")], ALLOWED),
        ([to("None"), to("Internet", "20.0.0.0/25", name="half")], PARTLY),
        ([to("None", "AzureBackup"), to("Internet", "20.0.0.0/24", name="same")], ALLOWED),
        ([to("None", "Storage"), to("Internet", "Storage.JapanEast", name="region")], ALLOWED),
    ],
    ids=["closer", "for half of it", "a prefix before a tag", "a region before all"],
)
def test_the_closest_route_counts_part_by_part(routes: list[Route], access: Access) -> None:
    destination = "Storage.japaneast" if routes[0].prefix == "Storage" else "AzureBackup"
    assert judged(network(routes=routes), destination).access is access


def test_what_is_inside_the_network_needs_no_way_out() -> None:
    net = network(subnet=PRIVATE, routes=[to("None")], around={"peered_prefixes": ("10.9.0.0/16",)})
    assert judged(net, "10.0.7.7", 8080).access is ALLOWED
    assert judged(net, "10.9.0.1").way == "the virtual network itself"
    assert judged(net, "192.168.1.1").access is UNKNOWN


def test_a_route_for_everything_makes_everything_the_virtual_network_as_far_as_rules_go() -> None:
    rules = [rule(100, "Deny", "Internet")]
    assert judged(network(outer=rules)).access is BLOCKED
    assert judged(network(outer=rules, routes=[to("Internet")])).access is ALLOWED


# ---- endpoints -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("endpoints", "destination", "access"),
    [
        ({"microsoft.storage"}, "Storage", ALLOWED),
        ({"microsoft.storage"}, "Storage.JapanEast", ALLOWED),
        ({"microsoft.storage"}, "Storage.WestEurope", BLOCKED),
        ({"microsoft.storage.global"}, "Storage.WestEurope", ALLOWED),
        ({"microsoft.storage"}, "AzureBackup", BLOCKED),
        ({"microsoft.azureactivedirectory"}, "AzureActiveDirectory", ALLOWED),
        ({"microsoft.sql"}, "Storage", BLOCKED),
    ],
)
def test_a_service_endpoint_is_a_way_to_its_service_alone(
    endpoints: set[str], destination: str, access: Access
) -> None:
    net = network(subnet={**PRIVATE, "service_endpoints": frozenset(endpoints)}, routes=[to("None")])
    assert judged(net, destination).access is access


VAULT = ArmId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/rsv")
HUB = id_("virtualNetworks/hub")


def endpoint(network_id: ArmId = VNET, target: ArmId = VAULT) -> tuple[PrivateEndpoint, ...]:
    return (PrivateEndpoint(id_("privateEndpoints/pe"), network_id.child("subnets", "pe"), frozenset({target})),)


def with_endpoint(*endpoints: PrivateEndpoint, **told: Any) -> Network:
    """A private subnet, and beside it one for endpoints, here and in the hub, which is a peer."""
    net = network(subnet=PRIVATE, around={"peers": frozenset({HUB}), "peered_prefixes": ("10.9.0.0/16",)}, **told)
    here = net.virtual_networks[VNET]
    near, far = (
        Subnet(VNET.child("subnets", "pe"), ("10.0.2.0/24",)),
        Subnet(HUB.child("subnets", "pe"), ("10.9.1.0/24",)),
    )
    both = {
        VNET: replace(here, subnets={**here.subnets, near.id: near}),
        HUB: VirtualNetwork(HUB, "japaneast", ("10.9.0.0/16",), {far.id: far}),
    }
    return replace(net, virtual_networks=both, private_endpoints=endpoints)


@pytest.mark.parametrize("where", [VNET, HUB], ids=["here", "in a peer"])
@pytest.mark.parametrize(
    ("destination", "port", "access"),
    [
        ("AzureBackup", 443, ALLOWED),
        ("Storage.japaneast", 443, ALLOWED),
        ("Storage.japaneast", 8443, BLOCKED),
        ("AzureActiveDirectory", 443, BLOCKED),
    ],
)
def test_a_private_endpoint_of_a_vault_is_a_way_to_backup_and_storage(
    where: ArmId, destination: str, port: int, access: Access
) -> None:
    found = judged(with_endpoint(*endpoint(where)), destination, port)
    assert found.access is access
    assert found.way == ("private endpoint pe" if access is ALLOWED else "")


@pytest.mark.parametrize(
    "told",
    [
        endpoint(id_("virtualNetworks/other")),
        endpoint(target=ArmId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.KeyVault/vaults/kv")),
    ],
    ids=["in another network", "of another service"],
)
def test_other_private_endpoints_are_none(told: tuple[PrivateEndpoint, ...]) -> None:
    assert judged(with_endpoint(*told)).access is BLOCKED


@pytest.mark.parametrize(
    ("rules", "access"),
    [
        ([DENY_ALL], BLOCKED),
        ([rule(100, "Deny", "10.0.2.128/25")], UNKNOWN),
        ([rule(100, "Deny", "Internet")], ALLOWED),
    ],
)
def test_rules_are_asked_about_the_address_of_a_private_endpoint(rules: list[Any], access: Access) -> None:
    assert judged(with_endpoint(*endpoint(), outer=rules)).access is access
