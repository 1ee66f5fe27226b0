"""Whatever a client writes to the network is answered, and what was taken can be read and reckoned with afterwards."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backup_reconciler.sandbox.core.network.inventory import KINDS
from backup_reconciler.sandbox.core.network.reach import cut_off
from tests.unit.sandbox_bodies import places, put_at

WORDS = st.sampled_from(
    ["", "*", "x", "443", "0-65535", "10.0.0.0/24", "10.0.0.1/8", "2001:db8::/64", "Storage", "AzureBackup", "Allow",
     "Deny", "Tcp", "Internet", "VirtualNetwork", "https", "NetworkRule", "NatRule", "/subscriptions/x", "japaneast"]
)  # fmt: skip
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-2, 70000) | WORDS,
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(WORDS, inner, max_size=2),
    max_leaves=4,
)
RULE: dict[str, Any] = {
    "name": "x",
    "properties": {
        "protocol": "Tcp",
        "access": "Allow",
        "direction": "Outbound",
        "priority": 200,
        "sourceAddressPrefix": "*",
        "sourcePortRange": "*",
        "destinationAddressPrefixes": ["10.0.0.0/8"],
        "destinationPortRanges": ["443"],
        "sourceApplicationSecurityGroups": [],
        "description": "",
    },
}
COLLECTION: dict[str, Any] = {
    "name": "x",
    "priority": 200,
    "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
    "action": {"type": "Allow"},
    "rules": [
        {
            "ruleType": "ApplicationRule",
            "name": "x",
            "sourceAddresses": ["*"],
            "protocols": [{"protocolType": "Https", "port": 443}],
            "fqdnTags": ["AzureBackup"],
        },
        {
            "ruleType": "NetworkRule",
            "name": "y",
            "sourceAddresses": ["*"],
            "ipProtocols": ["TCP"],
            "destinationPorts": ["443"],
            "destinationAddresses": ["AzureCloud"],
        },
    ],
}
CLASSIC = {"name": "x", "properties": {**COLLECTION, "rules": [COLLECTION["rules"][0]]}}
BODIES: dict[str, tuple[str, str, dict[str, Any]]] = {
    "security group": (
        "PUT",
        "networkSecurityGroups/nsg",
        {"location": "japaneast", "tags": {"a": "b"}, "properties": {"securityRules": [RULE]}},
    ),
    "security rule": ("PUT", "networkSecurityGroups/nsg/securityRules/x", RULE),
    "subnet": (
        "PUT",
        "virtualNetworks/net/subnets/web",
        {
            "properties": {
                "addressPrefix": "10.0.0.0/24",
                "networkSecurityGroup": {"id": "{network}networkSecurityGroups/nsg"},
                "routeTable": {"id": "{network}routeTables/rt"},
                "serviceEndpoints": [{"service": "Microsoft.Storage"}],
                "defaultOutboundAccess": True,
            }
        },
    ),
    "tags": ("PATCH", "virtualNetworks/net", {"tags": {"a": "b"}}),
    "firewall": (
        "PUT",
        "azureFirewalls/fw",
        {
            "location": "japaneast",
            "properties": {
                "ipConfigurations": [{"name": "x", "properties": {"privateIPAddress": "10.0.9.4"}}],
                "applicationRuleCollections": [CLASSIC],
                "sku": {"name": "AZFW_VNet"},
            },
        },
    ),
    "rule collections": (
        "PUT",
        "firewallPolicies/policy/ruleCollectionGroups/x",
        {"properties": {"priority": 200, "ruleCollections": [COLLECTION]}},
    ),
}


def named(value: Any, network: str) -> Any:
    """A body with the ids of this world's resources."""
    if isinstance(value, dict):
        return {key: named(inner, network) for key, inner in value.items()}
    if isinstance(value, list):
        return [named(inner, network) for inner in value]
    return value.replace("{network}", network) if isinstance(value, str) else value


def network_world(open_group: Any, firewall: dict[str, Any]) -> Any:
    route = {"addressPrefix": "0.0.0.0/0", "nextHopType": "VirtualAppliance", "nextHopIpAddress": "10.0.9.4"}
    return open_group(
        networkSecurityGroups={"nsg": {}},
        routeTables={"rt": {"routes": {"all": route}}},
        virtualNetworks={
            "net": {
                "subnets": {
                    "web": {"addressPrefix": "10.0.0.0/24", "networkSecurityGroup": "nsg", "routeTable": "rt"},
                }
            }
        },
        azureFirewalls={"fw": {"privateIp": "10.0.9.4", **firewall}},
        firewallPolicies={"policy": {}},
        virtualMachines={"a": {"location": "japaneast", "nics": [{"subnet": "net/web"}]}},
    )


@pytest.mark.parametrize("kind", BODIES)
def test_the_whole_bodies_are_good(open_group: Any, kind: str) -> None:
    service = network_world(open_group, {})
    method, path, whole = BODIES[kind]
    assert service.ask(method, service.network(path), named(whole, service.network())).status in {200, 201}


@pytest.mark.parametrize("kind", BODIES)
@settings(max_examples=100, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_every_body_is_answered(open_group: Any, kind: str, data: st.DataObject) -> None:
    service = network_world(open_group, {"firewallPolicy": "policy"} if kind == "rule collections" else {})
    method, path, whole = BODIES[kind]
    body = put_at(whole, data.draw(st.sampled_from(places(whole))), data.draw(VALUES))
    before = copy.deepcopy(service.state.estate.subscriptions)
    response = service.ask(method, service.network(path), named(body, service.network()))
    assert 200 <= response.status < 500
    if response.status >= 400:
        assert response.body["error"]["code"]
        assert service.state.estate.subscriptions == before
    service.later(60)
    for each in KINDS:
        service.get(service.network(each))
    cut_off(service.state.estate, service.state.estate.virtual_machine(service.vm("a")))
