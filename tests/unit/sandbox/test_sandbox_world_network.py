"""What a world says of its network that does not fit together."""

from __future__ import annotations

import pytest

from backup_reconciler.sandbox import WorldError

HERE = {"location": "japaneast"}
RULE = {"priority": 100, "direction": "Outbound", "access": "Allow"}
FOUND = "is not in this world; name a resource as name, group/name or by its id"


def net(**subnet):
    return {"net": {"subnets": {"web": {"addressPrefix": "10.0.0.0/24", **subnet}}}}


def vms(*nics):
    return {"a": {**HERE, "nics": [{"subnet": "net/web", **nic} for nic in nics]}}


@pytest.mark.parametrize(
    ("told", "at", "problem"),
    [
        ({"virtualNetworks": net(networkSecurityGroup="x")}, "virtualNetworks.net.subnets.web", f"'rg/x' {FOUND}"),
        ({"virtualNetworks": net(addressPrefix="10.1.0.0/24")}, "virtualNetworks.net.subnets.web",
         "outside the IP address range of virtual network 'net'"),
        ({"virtualNetworks": {"net": {"addressPrefixes": ["10.0.0.0/99"]}}}, "virtualNetworks.net.addressPrefixes",
         "'10.0.0.0/99' is no IPv4 prefix; it should be as 10.0.0.0/16"),
        ({"virtualNetworks": {"net": {}, "NET": {}}}, "virtualNetworks.NET", "is the same name as 'net' to Azure"),
        ({"networkSecurityGroups": {"-n": {}}}, "networkSecurityGroups.-n", "Resource name -n is invalid."),
        ({"networkSecurityGroups": {"n": {"rules": {"x": {**RULE, "priority": 99}}}}},
         "networkSecurityGroups.n.rules.x", "Allowed range 100-4096."),
        ({"networkSecurityGroups": {"n": {"rules": {"x": RULE, "y": RULE}}}},
         "networkSecurityGroups.n.rules.x", "Rules cannot have the same Priority and Direction."),
        ({"networkSecurityGroups": {"n": {"rules": {"x": {**RULE, "destination": ["Storage", "10.0.0.0/8"]}}}}},
         "networkSecurityGroups.n.rules.x", "Unsupported value used: Storage."),
        ({"networkSecurityGroups": {"n": {"rules": {"x": {**RULE, "sourceApplicationSecurityGroups": ["z"]}}}}},
         "networkSecurityGroups.n.rules.x", f"'rg/z' {FOUND}"),
        ({"networkSecurityGroups": {"n": {"rules": {"x": {**RULE, "destinationPorts": []}}}}},
         "networkSecurityGroups.n.rules.x.destinationPorts", "[] is wrong"),
        ({"routeTables": {"r": {"routes": {"x": {"addressPrefix": "nope", "nextHopType": "None"}}}}},
         "routeTables.r.routes.x.addressPrefix", "'nope' is neither an IPv4 prefix nor a service tag"),
        ({"routeTables": {"r": {"routes": {"x": {"addressPrefix": "Storage", "nextHopType": "VirtualAppliance"}}}}},
         "routeTables.r.routes.x", "needs a 'nextHopIpAddress'"),
        ({"loadBalancers": {"lb": {"outboundRules": {"o": {"backendAddressPool": "p"}}}}}, "loadBalancers.lb",
         f"'rg/lb/p' {FOUND}"),
        ({"azureFirewalls": {"fw": {"privateIp": "10.0.0.4", "networkRuleCollections": [{"name": "x"}]}}},
         "azureFirewalls.fw", "the service would refuse it"),
        ({"firewallPolicies": {"p": {"ruleCollectionGroups": {"a": {"priority": 1}}}}},
         "firewallPolicies.p.ruleCollectionGroups.a", "Priority must be between 100 and 65000."),
        ({"virtualNetworks": net(), "virtualMachines": vms({"subnet": "net/nope"})}, "virtualMachines.a.nics.0",
         f"'net/nope' {FOUND}"),
        ({"virtualNetworks": net(), "virtualMachines": vms({"privateIp": "10.0.0.3"})},
         "virtualMachines.a.nics.0.privateIp", "'10.0.0.3' is no address of its subnet, which has 10.0.0.0/24"),
        ({"virtualNetworks": net(), "virtualMachines": vms({"privateIp": "x"})},
         "virtualMachines.a.nics.0.privateIp", "'x' is no address of its subnet"),
        ({"virtualNetworks": net(), "virtualMachines": vms({"privateIp": "10.0.0.9"}, {"privateIp": "10.0.0.9"})},
         "virtualMachines.a.nics.1.privateIp", "'10.0.0.9' is taken by another interface"),
        ({"virtualNetworks": net(), "virtualMachines": vms({"name": "n"}, {"name": "N"})},
         "virtualMachines.a.nics.1", "the name 'N' is taken by another interface of the group"),
        ({"virtualNetworks": net(addressPrefix="10.0.0.0/29"), "virtualMachines": vms({}, {}, {}, {})},
         "virtualMachines.a.nics.3", "has no address left; make its prefix 10.0.0.0/29 shorter"),
        ({"virtualMachines": {"a": {**HERE, "createdAt": "2030-01-01T00:00:00Z"}},
          "vaults": {"rsv": {**HERE, "protectedItems": [{"vm": "rg/a", "policy": "DefaultPolicy"}]}}},
         "vaults.rsv.protectedItems.0.vm", "'rg/a' does not exist yet when the clock starts"),
    ],
)  # fmt: skip
def test_what_does_not_fit_is_told_with_its_place(open_group, told, at, problem):
    with pytest.raises(WorldError) as raised:
        open_group(**told)
    found = str(raised.value).splitlines()
    assert any(f".resourceGroups.rg.{at}: " in line and problem in line for line in found), found


def test_ports_may_be_numbers_and_lists(open_group):
    rules = {"x": {**RULE, "destinationPorts": 443}, "y": {**RULE, "priority": 101, "destinationPorts": [80, "90-99"]}}
    service = open_group(networkSecurityGroups={"n": {"rules": rules}})
    shown = service.get(service.network("networkSecurityGroups/n/securityRules"))["value"]
    assert shown[0]["properties"]["destinationPortRange"] == "443"
    assert shown[1]["properties"]["destinationPortRanges"] == ["80", "90-99"]


def test_references_may_name_another_group(open_group):
    group = open_group().group
    service = open_group(virtualNetworks=net(networkSecurityGroup="rg/n"), networkSecurityGroups={"n": {}})
    subnet = service.get(service.network("virtualNetworks/net/subnets/web"))["properties"]
    assert subnet["networkSecurityGroup"]["id"] == f"{group}/providers/Microsoft.Network/networkSecurityGroups/n"
