"""Whether a VM reaches the backup service over its network, and what stops it where it does not."""

from __future__ import annotations

from ipaddress import ip_network

import pytest

from backup_reconciler.sandbox.core.network.reach import cut_off
from backup_reconciler.sandbox.core.network.service_tags import prefixes

HERE = {"location": "japaneast"}
DENY = {"priority": 1000, "direction": "Outbound", "access": "Deny"}
PRIVATE = "no way out: a private subnet"


def allow(priority, destination, port="443", **more):
    return {"priority": priority, "direction": "Outbound", "access": "Allow", "protocol": "Tcp",
            "destination": destination, "destinationPorts": port, **more}  # fmt: skip


HALF = str(next(ip_network(prefixes("Storage.JapanEast")[0]).subnets()))
TODAY = {
    "backup": allow(100, "AzureBackup"),
    "storage": allow(110, "Storage.JapanEast"),
    "directory": allow(120, "AzureActiveDirectory"),
}


@pytest.fixture
def reason(open_group):
    """Why VM `a` is cut off, in a subnet and with an interface as told."""

    def asked(subnet=None, nic=None, rules=None, nic_rules=None, **group):
        subnets = {"web": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": "nsg", **(subnet or {})}}
        nics = [{"subnet": "net/web", "networkSecurityGroup": "own", **(nic or {})}]
        service = open_group(
            virtualNetworks={"net": {"subnets": subnets}},
            networkSecurityGroups={"nsg": {"rules": rules or {}}, "own": {"rules": nic_rules or {}}},
            virtualMachines={"a": {**HERE, "nics": nics, "needsNetwork": True}},
            applicationSecurityGroups={"asg": {}},
            **group,
        )
        vm = service.state.estate.virtual_machine(service.vm("a"))
        assert vm.needs_network
        return cut_off(service.state.estate, vm)

    return asked


def test_a_network_that_nobody_touched_lets_it_through(open_group, reason):
    assert reason() is None
    service = open_group(virtualMachines={"a": HERE})
    vm = service.state.estate.virtual_machine(service.vm("a"))
    assert not vm.needs_network
    assert cut_off(service.state.estate, vm) is None


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ({"Deny_All": DENY}, "Deny_All in nsg"),
        ({"Deny_All": {**DENY, "protocol": "Udp"}}, None),
        ({"Deny_All": {**DENY, "direction": "Inbound"}}, None),
        ({"Deny_All": {**DENY, "destination": "Internet"}}, "Deny_All in nsg"),
        ({"Deny_All": {**DENY, "destination": "VirtualNetwork"}}, None),
        ({"Deny_All": {**DENY, "destination": "AzureBackup", "destinationPorts": ["80", "440-450"]}}, None),
        ({"Deny_All": {**DENY, "destination": "Storage"}}, "Deny_All in nsg"),
        ({"Deny_All": {**DENY, "destination": "Storage.WestEurope"}}, None),
        ({"Deny_All": {**DENY, "destination": "AzureCloud"}}, "Deny_All in nsg"),
        ({"Deny_All": {**DENY, "source": "10.0.0.0/25"}}, "Deny_All in nsg"),
        ({"Deny_All": {**DENY, "source": "10.0.0.128/25"}}, None),
        ({"Deny_All": {**DENY, "sourcePorts": "22"}}, None),
        ({**TODAY, "Deny_All": DENY}, None),
        ({**TODAY, "Deny_All": {**DENY, "priority": 105}}, "Deny_All in nsg"),
        ({**TODAY, "storage": allow(110, "Storage"), "Deny_All": DENY}, None),
        ({**TODAY, "storage": allow(110, "Storage.WestEurope"), "Deny_All": DENY}, "Deny_All in nsg"),
        ({**TODAY, "storage": allow(110, "Storage", "80"), "Deny_All": DENY}, "Deny_All in nsg"),
        ({**TODAY, "storage": allow(110, "Storage", source="10.0.0.0/24"), "Deny_All": DENY}, None),
        # Half of a service's addresses are not the service.
        ({**TODAY, "storage": allow(110, HALF), "Deny_All": DENY}, "Deny_All in nsg"),
        ({"half": {**DENY, "destination": HALF, "priority": 100}}, "half in nsg"),
        ({"2019": allow(100, "Storage.JapanEast", "8443"), "Deny_All": DENY}, None),
    ],
)
def test_rules_decide_in_the_order_of_their_priorities(reason, rules, expected):
    assert reason(rules=rules) == expected


def test_both_security_groups_must_allow(reason):
    assert reason(rules={**TODAY, "Deny_All": DENY}, nic_rules={"Mine": DENY}) == "Mine in own"
    assert reason(rules={"Deny_All": DENY}, nic_rules={**TODAY, "Mine": DENY}) == "Deny_All in nsg"


def test_a_rule_may_name_the_application_security_group(reason):
    mine = {name: {**rule, "sourceApplicationSecurityGroups": ["asg"]} for name, rule in TODAY.items()}
    assert reason(rules={**mine, "Deny_All": DENY}) == "Deny_All in nsg"
    assert reason(nic={"applicationSecurityGroups": ["asg"]}, rules={**mine, "Deny_All": DENY}) is None


OUT = {"loadBalancers": {"lb": {"backendAddressPools": ["p"], "outboundRules": {"o": {"backendAddressPool": "p"}}}}}
UDP = {"o": {"backendAddressPool": "p", "protocol": "Udp"}}
POOL = {"backendAddressPools": ["lb/p"]}


def route(prefix="0.0.0.0/0", hop="VirtualAppliance", **more):
    address = {"nextHopIpAddress": "10.0.0.200"} if hop == "VirtualAppliance" else {}
    routes = {"r": {"addressPrefix": prefix, "nextHopType": hop, **address, **more}}
    return {"subnet": {"routeTable": "rt"}, "routeTables": {"rt": {"routes": routes}}}


@pytest.mark.parametrize(
    ("told", "expected"),
    [
        ({}, PRIVATE),
        ({"subnet": {"natGateway": "nat"}, "natGateways": {"nat": {}}}, None),
        ({"nic": {"publicIp": True}}, None),
        ({"nic": POOL, **OUT}, None),
        ({"nic": POOL, "loadBalancers": {"lb": {"backendAddressPools": ["p"]}}}, PRIVATE),
        ({"nic": POOL, "loadBalancers": {"lb": {**OUT["loadBalancers"]["lb"], "outboundRules": UDP}}}, PRIVATE),
        (route(), None),
        (route(hop="VirtualNetworkGateway"), None),
        (route(hop="None"), "no way out: the route r drops it"),
        (route(hop="Internet"), PRIVATE),
        (route(prefix="192.0.2.0/24"), PRIVATE),
        ({"subnet": {"serviceEndpoints": ["Microsoft.Storage"]}}, None),
        ({"subnet": {"serviceEndpoints": ["Microsoft.Sql"]}}, PRIVATE),
    ],
)
def test_out_of_a_private_subnet_there_must_be_a_way(reason, told, expected):
    told = {**told, "subnet": {"defaultOutboundAccess": False, **told.get("subnet", {})}}
    found = reason(**told)
    assert found is None if expected is None else found.startswith(expected)


@pytest.mark.parametrize(("sku", "lets_out"), [("Standard", False), ("Basic", True)])
def test_behind_a_standard_balancer_nobody_has_default_outbound_access(reason, sku, lets_out):
    balancer = {"lb": {"sku": sku, "backendAddressPools": ["p"]}}
    assert (reason(nic=POOL, loadBalancers=balancer) is None) is lets_out
    assert reason(nic=POOL, **OUT) is None


def test_a_route_may_be_for_some_of_the_addresses_of_a_service(reason):
    assert reason(**route(prefix=HALF, hop="None")) == "no way out: the route r drops it"
    routes = {
        "tag": {"addressPrefix": "Storage.JapanEast", "nextHopType": "None"},
        "one": {"addressPrefix": prefixes("Storage.JapanEast")[0], "nextHopType": "Internet"},
    }
    told = {"subnet": {"routeTable": "rt"}, "routeTables": {"rt": {"routes": routes}}}
    assert reason(**told) is None, "of two that are alike the prefix goes before the tag"


@pytest.mark.parametrize(("prefix", "is_inside"), [("0.0.0.0/0", True), ("198.18.0.0/15", True), ("AzureCloud", False)])
def test_what_a_route_is_written_for_belongs_to_the_virtual_network(reason, prefix, is_inside):
    """As far as the tags of rules go (Learn: service-tags-overview)."""
    inside = {"inside": {**DENY, "destination": "VirtualNetwork"}}
    assert reason(rules=inside, **route(prefix)) == ("inside in nsg" if is_inside else None)
    outside = {"outside": {**DENY, "destination": "Internet"}}
    assert reason(rules=outside, **route(prefix)) == (None if is_inside else "outside in nsg")


def test_the_closest_route_is_taken(reason):
    routes = {
        "all": {"addressPrefix": "0.0.0.0/0", "nextHopType": "None"},
        "azure": {"addressPrefix": "AzureCloud", "nextHopType": "Internet"},
    }
    assert reason(subnet={"routeTable": "rt"}, routeTables={"rt": {"routes": routes}}) is None
    del routes["azure"]
    assert reason(subnet={"routeTable": "rt"}, routeTables={"rt": {"routes": routes}}).startswith("no way out")


def test_a_private_endpoint_stands_for_backup_and_storage_and_not_for_the_directory(reason):
    """Microsoft Entra ID has no private endpoint (Learn: private-endpoints-overview)."""
    vault = "/subscriptions/x/resourceGroups/y/providers/Microsoft.RecoveryServices/vaults/z"
    endpoint = {"pe": {"subnet": "net/web", "resource": vault}}
    rules = {"directory": TODAY["directory"], "inside": allow(200, "VirtualNetwork"), "Deny_All": DENY}
    assert reason(rules=rules, privateEndpoints=endpoint) is None
    other = {"pe": {"subnet": "net/web", "resource": vault.replace("RecoveryServices/vaults", "KeyVault/vaults")}}
    assert reason(rules=rules, privateEndpoints=other) == "Deny_All in nsg"
    assert reason(rules={**rules, "inside": DENY | {"priority": 200}}, privateEndpoints=endpoint) is not None
    private = {"defaultOutboundAccess": False}
    assert reason(subnet=private, privateEndpoints=endpoint).startswith(PRIVATE)
    directory = {**private, "serviceEndpoints": ["Microsoft.AzureActiveDirectory"]}
    assert reason(subnet=directory, privateEndpoints=endpoint) is None


NETWORK_RULE = {"ruleType": "NetworkRule", "name": "n", "sourceAddresses": ["10.0.0.0/24"], "ipProtocols": ["TCP"],
                "destinationAddresses": ["AzureCloud"], "destinationPorts": ["443"]}  # fmt: skip
TAG_RULE = {"ruleType": "ApplicationRule", "name": "t", "sourceAddresses": ["*"], "fqdnTags": ["AzureBackup"],
            "protocols": [{"protocolType": "Https", "port": 443}]}  # fmt: skip


def collection(priority, action, *rules):
    return {"name": f"c{priority}", "priority": priority, "action": {"type": action}, "rules": list(rules),
            "ruleCollectionType": "FirewallPolicyFilterRuleCollection"}  # fmt: skip


@pytest.mark.parametrize(
    ("collections", "passes"),
    [
        ([], False),
        ([collection(200, "Allow", TAG_RULE)], True),
        ([collection(200, "Allow", {**TAG_RULE, "protocols": [{"protocolType": "Http", "port": 443}]})], False),
        ([collection(200, "Allow", {**TAG_RULE, "fqdnTags": ["WindowsUpdate"]})], False),
        ([collection(200, "Allow", {**TAG_RULE, "sourceAddresses": ["10.9.0.0/16"]})], False),
        ([collection(200, "Allow", NETWORK_RULE)], True),
        ([collection(200, "Allow", {**NETWORK_RULE, "destinationPorts": ["80-90"]})], False),
        ([collection(200, "Allow", {**NETWORK_RULE, "destinationAddresses": ["AzureBackup"]})], False),
        ([collection(300, "Deny", NETWORK_RULE), collection(200, "Allow", NETWORK_RULE)], True),
        ([collection(200, "Deny", NETWORK_RULE), collection(300, "Allow", NETWORK_RULE)], False),
        # Network rules come before application rules, whatever their priorities (Learn: rule-processing).
        ([collection(300, "Deny", NETWORK_RULE), collection(200, "Allow", TAG_RULE)], False),
    ],
)
def test_a_firewall_on_the_way_lets_through_what_its_rules_allow(reason, collections, passes):
    firewall = {"fw": {"privateIp": "10.0.0.200", "firewallPolicy": "p"}}
    policy = {"p": {"ruleCollectionGroups": {"g": {"priority": 100, "ruleCollections": collections}}}}
    found = reason(**route(), azureFirewalls=firewall, firewallPolicies=policy)
    assert found == (None if passes else "the Azure Firewall fw has no rule that allows it")


def test_a_classic_firewall_has_rules_of_its_own(reason):
    rule = {key: value for key, value in TAG_RULE.items() if key != "ruleType"}
    own = {"name": "c", "properties": {"priority": 200, "action": {"type": "Allow"}, "rules": [rule]}}
    firewall = {"fw": {"privateIp": "10.0.0.200", "applicationRuleCollections": [own]}}
    assert reason(**route(), azureFirewalls=firewall) is None
    firewall["fw"]["applicationRuleCollections"] = []
    assert reason(**route(), azureFirewalls=firewall) is not None


def test_what_a_client_writes_changes_it(open_group):
    service = open_group(virtualMachines={"a": HERE})
    vm = service.state.estate.virtual_machine(service.vm("a"))
    rule = {"protocol": "*", "access": "Deny", "direction": "Outbound", "priority": 1000, "sourceAddressPrefix": "*",
            "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"}  # fmt: skip
    service.put(service.network("networkSecurityGroups/aNSG/securityRules/Deny_All"), {"properties": rule}, 201)
    assert cut_off(service.state.estate, vm) == "Deny_All in aNSG"
