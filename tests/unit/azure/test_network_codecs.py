"""The codecs of the network: what Azure leaves out, writes in two ways, or writes of IPv6."""

from typing import Any

import pytest

from backup_reconciler.azure.codec.network import (
    firewall,
    firewall_policy,
    interface,
    load_balancer,
    private_endpoint,
    route_table,
    security_group,
    service_tags,
    virtual_network,
)
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import FirewallRule
from backup_reconciler.state.network.interface import Interface, IpConfiguration
from backup_reconciler.state.network.route_table import Route
from backup_reconciler.state.network.security_group import RuleSide

GROUP = "/subscriptions/s/resourceGroups/rg/providers/Microsoft.Network"
SUBNET = f"{GROUP}/virtualNetworks/vnet/subnets/web"


def id_(path: str) -> ArmId:
    return ArmId(f"{GROUP}/{path}")


def arm(path: str, **properties: Any) -> dict[str, Any]:
    return {
        "id": f"{GROUP}/{path}",
        "name": path.rpartition("/")[2],
        "location": "Japan East",
        "properties": properties,
    }


def to(path: str) -> dict[str, str]:
    return {"id": f"{GROUP}/{path}".upper()}


# ---- interfaces ----------------------------------------------------------------------------------------------------


def test_an_interface_says_who_it_belongs_to_and_what_goes_with_its_address() -> None:
    first = {
        "privateIPAddress": "10.0.0.4",
        "primary": True,
        "subnet": {"id": SUBNET},
        "publicIPAddress": to("publicIPAddresses/pip"),
        "applicationSecurityGroups": [to("applicationSecurityGroups/asg")],
        "loadBalancerBackendAddressPools": [to("loadBalancers/lb/backendAddressPools/pool")],
    }
    second = {"privateIPAddress": "fd00::4", "privateIPAddressVersion": "IPv6", "subnet": {"id": SUBNET}}
    found = interface.decode(
        arm(
            "networkInterfaces/nic",
            primary=True,
            virtualMachine={"id": "/subscriptions/s/resourceGroups/RG/providers/Microsoft.Compute/virtualMachines/VM"},
            networkSecurityGroup=to("networkSecurityGroups/nsg"),
            ipConfigurations=[{"name": "six", "properties": second}, {"name": "four", "properties": first}],
        )
    )
    four = IpConfiguration(
        primary=True,
        address="10.0.0.4",
        subnet=ArmId(SUBNET),
        public_ip=id_("publicIPAddresses/pip"),
        application_groups=frozenset({id_("applicationSecurityGroups/asg")}),
        backend_pools=frozenset({id_("loadBalancers/lb/backendAddressPools/pool")}),
    )
    assert found == Interface(
        id=id_("networkInterfaces/nic"),
        vm=ArmId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm"),
        primary=True,
        configurations=(IpConfiguration(primary=False, address=None, subnet=ArmId(SUBNET)), four),
        security_group=id_("networkSecurityGroups/nsg"),
    )
    assert found.outgoing == four


def test_an_interface_that_says_nothing_is_nobodys() -> None:
    assert interface.decode({"id": "/x"}) == Interface(ArmId("/x"), None, False, ())


# ---- virtual networks ----------------------------------------------------------------------------------------------


def test_of_a_virtual_network_the_addresses_of_ipv4_count() -> None:
    both = arm("virtualNetworks/vnet/subnets/web", addressPrefixes=["10.0.1.0/24", "fd00::/64"])
    one = arm("virtualNetworks/vnet/subnets/db", addressPrefix="10.0.2.0/24")
    found = virtual_network.decode(
        arm("virtualNetworks/vnet", addressSpace={"addressPrefixes": ["10.0.0.0/16", "fd00::/48"]}, subnets=[both, one])
    )
    assert (found.location, found.prefixes) == ("japaneast", ("10.0.0.0/16",))
    assert [subnet.prefixes for subnet in found.subnets.values()] == [("10.0.1.0/24",), ("10.0.2.0/24",)]


@pytest.mark.parametrize(
    ("said", "default_outbound"),
    [({}, True), ({"defaultOutboundAccess": True}, True), ({"defaultOutboundAccess": False}, False)],
)
def test_only_a_subnet_that_says_so_is_private(said: dict[str, Any], default_outbound: bool) -> None:
    subnet = {"id": SUBNET, "properties": said}
    (found,) = virtual_network.decode(arm("virtualNetworks/vnet", subnets=[subnet])).subnets.values()
    assert found.default_outbound is default_outbound


def test_a_subnet_names_what_stands_around_it() -> None:
    around = {
        "networkSecurityGroup": to("networkSecurityGroups/nsg"),
        "routeTable": to("routeTables/rt"),
        "natGateway": to("natGateways/nat"),
        "serviceEndpoints": [{"service": "Microsoft.Storage"}, {}],
    }
    (found,) = virtual_network.decode(
        arm("virtualNetworks/vnet", subnets=[{"id": SUBNET, "properties": around}])
    ).subnets.values()
    assert (found.security_group, found.route_table) == (id_("networkSecurityGroups/nsg"), id_("routeTables/rt"))
    assert (found.nat_gateway, found.service_endpoints) == (id_("natGateways/nat"), {"microsoft.storage"})


SPACE = {"addressPrefixes": ["10.9.0.0/16", "fd09::/48"]}


@pytest.mark.parametrize(
    ("peering", "prefixes"),
    [
        ({"peeringState": "Connected", "remoteAddressSpace": SPACE}, ("10.9.0.0/16",)),
        ({"peeringState": "connected", "remoteVirtualNetworkAddressSpace": SPACE}, ("10.9.0.0/16",)),
        ({"peeringState": "Initiated", "remoteAddressSpace": SPACE}, ()),
        ({"peeringState": "Connected", "allowVirtualNetworkAccess": False, "remoteAddressSpace": SPACE}, ()),
    ],
)
def test_a_peering_that_connects_adds_the_other_network(peering: dict[str, Any], prefixes: tuple[str, ...]) -> None:
    other = {"properties": {"remoteVirtualNetwork": to("virtualNetworks/hub"), **peering}}
    found = virtual_network.decode(arm("virtualNetworks/vnet", virtualNetworkPeerings=[other]))
    assert found.peered_prefixes == prefixes
    assert found.peers == ({id_("virtualNetworks/hub")} if prefixes else set())


# ---- security groups -----------------------------------------------------------------------------------------------


def security_rule(name: str, **properties: Any) -> dict[str, Any]:
    usual = {"priority": 100, "direction": "Outbound", "access": "Allow", "protocol": "Tcp"}
    return {"name": name, "properties": usual | properties}


def test_the_rules_of_a_group_are_in_the_order_in_which_they_are_asked() -> None:
    default = security_rule("DenyAllOutBound", priority=65500, access="Deny")
    found = security_group.decode(
        arm(
            "networkSecurityGroups/nsg",
            defaultSecurityRules=[default],
            securityRules=[security_rule("last", priority=4096, direction="Inbound"), security_rule("first")],
        )
    )
    assert [(rule.name, rule.direction, rule.allows, rule.is_default) for rule in found.rules] == [
        ("first", "Outbound", True, False),
        ("last", "Inbound", True, False),
        ("DenyAllOutBound", "Outbound", False, True),
    ]
    assert found.rules[2].raw == default
    assert [rule.name for rule in found.own_rules()] == ["first", "last"]


@pytest.mark.parametrize(
    ("properties", "side"),
    [
        ({"destinationAddressPrefix": "*", "destinationPortRange": "443"}, RuleSide(("*",), ports=("443",))),
        (
            {
                "destinationAddressPrefix": "",
                "destinationAddressPrefixes": ["10.0.0.0/8", "Storage"],
                "destinationPortRange": "",
                "destinationPortRanges": ["80", "8000-8080"],
            },
            RuleSide(("10.0.0.0/8", "Storage"), ports=("80", "8000-8080")),
        ),
        (
            {"destinationApplicationSecurityGroups": [to("applicationSecurityGroups/asg")]},
            RuleSide(application_groups=frozenset({id_("applicationSecurityGroups/asg")})),
        ),
    ],
    ids=["singular", "plural", "application security groups"],
)
def test_a_side_of_a_rule_is_written_in_several_ways(properties: dict[str, Any], side: RuleSide) -> None:
    assert security_group.decode_rule(security_rule("r", **properties)).destination == side


# ---- routes, balancers, endpoints, tags ----------------------------------------------------------------------------


def test_routes() -> None:
    all_of_it = {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.9.4"}
    drop = {"addressPrefix": "Storage", "nextHopType": "None", "nextHopIpAddress": ""}
    routes = [{"name": "all", "properties": all_of_it}, {"name": "drop", "properties": drop}]
    assert route_table.decode(arm("routeTables/rt", routes=routes)).routes == (
        Route("all", "0.0.0.0/0", "VirtualAppliance", "10.0.9.4"),
        Route("drop", "Storage", "None"),
    )
    assert route_table.decode(arm("routeTables/rt")).routes == ()


FRONTENDS = [
    arm("loadBalancers/lb/frontendIPConfigurations/public", publicIPAddress=to("publicIPAddresses/pip")),
    arm("loadBalancers/lb/frontendIPConfigurations/inside", subnet={"id": SUBNET}),
]
POOL = "loadBalancers/lb/backendAddressPools/pool"
PUBLIC, INSIDE = ({"frontendIPConfiguration": {"id": one["id"].lower()}} for one in FRONTENDS)


@pytest.mark.parametrize(
    ("rules", "goes_out"),
    [
        ({"outboundRules": [{"backendAddressPool": to(POOL), "protocol": "All"}]}, True),
        ({"outboundRules": [{"backendAddressPool": to(POOL), "protocol": "Udp"}]}, False),
        ({"loadBalancingRules": [{"backendAddressPool": to(POOL), "protocol": "Tcp", **PUBLIC}]}, True),
        ({"loadBalancingRules": [{"backendAddressPools": [to(POOL)], "protocol": "Tcp", **PUBLIC}]}, True),
        ({"loadBalancingRules": [{"backendAddressPool": to(POOL), "disableOutboundSnat": True, **PUBLIC}]}, False),
        ({"loadBalancingRules": [{"backendAddressPool": to(POOL), "protocol": "Tcp", **INSIDE}]}, False),
        ({}, False),
    ],
    ids=["outbound rule", "only UDP", "balanced", "balanced, plural", "SNAT is off", "an inner balancer", "no rule"],
)
def test_who_gets_out_through_a_load_balancer(rules: dict[str, list[dict[str, Any]]], goes_out: bool) -> None:
    wrapped = {kind: [{"name": "r", "properties": one} for one in listed] for kind, listed in rules.items()}
    found = load_balancer.outbound_pools(arm("loadBalancers/lb", frontendIPConfigurations=FRONTENDS, **wrapped))
    assert found == ({id_(POOL)} if goes_out else set())


@pytest.mark.parametrize("field", ["privateLinkServiceConnections", "manualPrivateLinkServiceConnections"])
@pytest.mark.parametrize(("status", "leads"), [("Approved", True), ("Pending", False), (None, True)])
def test_a_private_endpoint_leads_to_what_was_approved(field: str, status: str | None, leads: bool) -> None:
    state = {"privateLinkServiceConnectionState": {"status": status}} if status else {}
    connection = {"properties": {"privateLinkServiceId": "/vaults/RSV", **state}}
    found = private_endpoint.decode(arm("privateEndpoints/pe", subnet={"id": SUBNET}, **{field: [connection]}))
    assert found.subnet == ArmId(SUBNET)
    assert found.targets == ({ArmId("/vaults/rsv")} if leads else set())


def test_service_tags_are_known_by_any_casing_and_for_ipv4() -> None:
    tag = {"name": "Storage.JapanEast", "properties": {"addressPrefixes": ["20.0.0.0/24", "2603:1040::/48"]}}
    found = service_tags.decode({"values": [tag]})
    assert found.of("storage.japaneast") == found.of("Storage.JapanEast") == ("20.0.0.0/24",)
    assert found.of("Storage.Atlantis") is None


# ---- firewalls -----------------------------------------------------------------------------------------------------

APPLICATION = {
    "name": "backup",
    "description": "why",
    "sourceAddresses": ["10.0.1.0/24"],
    "protocols": [{"protocolType": "Https", "port": 443}, {"protocolType": "Http"}],
    "fqdnTags": ["AzureBackup"],
    "targetFqdns": ["*.example.com"],
    "targetUrls": ["example.com/a"],
    "webCategories": ["News"],
    "ruleType": "ApplicationRule",
}
NETWORK = {
    "name": "tags",
    "sourceIpGroups": [f"{GROUP}/ipGroups/From"],
    "destinationAddresses": ["AzureBackup"],
    "destinationIpGroups": [f"{GROUP}/ipGroups/To"],
    "destinationFqdns": ["example.org"],
    "destinationPorts": ["443"],
    "ruleType": "NetworkRule",
}


def a_network_rule(**protocols: list[str]) -> FirewallRule:
    (names,) = protocols.values()
    return FirewallRule(
        "tags",
        source_ip_groups=(id_("ipGroups/from"),),
        destinations=("AzureBackup",),
        destination_ip_groups=(id_("ipGroups/to"),),
        ports=("443",),
        protocols=tuple(names),
        fqdns=("example.org",),
    )


AN_APPLICATION_RULE = FirewallRule(
    "backup",
    "why",
    ("10.0.1.0/24",),
    protocols=("https:443", "http"),
    fqdns=("*.example.com",),
    fqdn_tags=("AzureBackup",),
    urls=("example.com/a",),
    web_categories=("News",),
)


def test_a_classic_firewall_has_its_collections_itself() -> None:
    def collection(name: str, priority: int, action: str, *rules: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "properties": {"priority": priority, "action": {"type": action}, "rules": list(rules)}}

    applications = collection("app", 300, "Allow", APPLICATION)
    networks = collection("net", 200, "Deny", {**NETWORK, "protocols": ["TCP", "Any"]})
    found = firewall.decode(
        arm(
            "azureFirewalls/fw",
            ipConfigurations=[
                {"properties": {}},
                {"properties": {"privateIPAddress": "10.0.9.4", "subnet": to("virtualNetworks/vnet/subnets/fw")}},
            ],
            applicationRuleCollections=[applications],
            networkRuleCollections=[networks],
            natRuleCollections=[collection("nat", 100, "Dnat", {"name": "in"})],
        )
    )
    assert (found.addresses, found.policy, found.location) == ({"10.0.9.4"}, None, "japaneast")
    assert found.virtual_network == id_("virtualNetworks/vnet")
    assert [(one.name, one.kind, one.priority, one.allows) for one in found.collections] == [
        ("nat", "nat", 100, False),
        ("net", "network", 200, False),
        ("app", "application", 300, True),
    ]
    assert found.collections[1].rules == (a_network_rule(protocols=["TCP", "Any"]),)
    assert found.collections[2].rules == (AN_APPLICATION_RULE,)
    assert found.collections[2].raw == applications


def test_a_firewall_in_a_virtual_hub_has_one_address_and_a_policy() -> None:
    body = arm(
        "azureFirewalls/fw",
        hubIPAddresses={"privateIPAddress": "10.1.0.4"},
        firewallPolicy=to("firewallPolicies/fwp"),
    )
    found = firewall.decode(body)
    assert (found.addresses, found.policy) == ({"10.1.0.4"}, id_("firewallPolicies/fwp"))


def test_a_policy_has_groups_of_collections() -> None:
    def collection(name: str, priority: int, action: str, *rules: dict[str, Any]) -> dict[str, Any]:
        return {"name": name, "priority": priority, "action": {"type": action}, "rules": list(rules)}

    group = firewall_policy.decode_group(
        arm(
            "firewallPolicies/fwp/ruleCollectionGroups/base",
            priority=500,
            ruleCollections=[
                collection("app", 300, "Allow", APPLICATION),
                collection("net", 200, "Deny", {**NETWORK, "ipProtocols": ["TCP"]}),
                collection("nat", 100, "DNAT", {"name": "in", "ruleType": "NatRule"}),
                {"name": "empty", "priority": 400},
            ],
        )
    )
    assert (group.id.name, group.priority) == ("base", 500)
    assert [(one.name, one.kind, one.allows) for one in group.collections] == [
        ("nat", "nat", False),
        ("net", "network", False),
        ("app", "application", True),
        ("empty", "network", False),
    ]
    assert group.collections[1].rules == (a_network_rule(ipProtocols=["TCP"]),)
    assert group.collections[2].rules == (AN_APPLICATION_RULE,)


def test_a_policy_may_build_on_another() -> None:
    assert firewall_policy.decode(arm("firewallPolicies/fwp")).base is None
    found = firewall_policy.decode(arm("firewallPolicies/fwp", basePolicy=to("firewallPolicies/base")))
    assert found.base == id_("firewallPolicies/base")


@pytest.mark.parametrize(
    "decode",
    [
        lambda _: security_group.decode_rule({"name": "r"}),
        lambda _: route_table.decode({"id": "/x", "properties": {"routes": [{"name": "r"}]}}),
        lambda _: service_tags.decode({}),
    ],
)
def test_what_lacks_what_everything_has_is_told_as_such(decode: Any) -> None:
    with pytest.raises(NotArm):
        read(decode, {})
