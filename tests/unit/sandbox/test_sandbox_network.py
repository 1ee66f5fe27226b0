"""Reading the network: what az makes around a VM that says nothing, what a world states, VMs that appear later."""

from __future__ import annotations

from datetime import timedelta

import pytest

HERE = {"location": "japaneast"}
NAMES = ("virtualNetworks", "networkInterfaces", "networkSecurityGroups")
STATED = {
    "virtualNetworks": {
        "app": {
            "addressPrefixes": ["10.1.0.0/16"],
            "tags": {"owner": "net"},
            "subnets": {
                "web": {
                    "addressPrefix": "10.1.1.0/24",
                    "networkSecurityGroup": "nsg-web",
                    "routeTable": "rt",
                    "natGateway": "nat",
                    "serviceEndpoints": ["Microsoft.Storage"],
                    "defaultOutboundAccess": False,
                }
            },
        }
    },
    "networkSecurityGroups": {
        "nsg-web": {"rules": {"Deny_All": {"priority": 1000, "direction": "Outbound", "access": "Deny"}}},
        "nsg-nic": {},
    },
    "routeTables": {"rt": {"routes": {"all": {"addressPrefix": "0.0.0.0/0", "nextHopType": "Internet"}}}},
    "natGateways": {"nat": {}},
    "applicationSecurityGroups": {"asg": {}},
    "loadBalancers": {
        "lb": {"backendAddressPools": ["pool"], "outboundRules": {"out": {"backendAddressPool": "pool"}}},
    },
    "azureFirewalls": {"fw": {"privateIp": "10.1.2.4", "firewallPolicy": "policy"}},
    "firewallPolicies": {"policy": {"ruleCollectionGroups": {"base": {"priority": 200}}}},
    "privateEndpoints": {"pe": {"subnet": "app/web", "resource": "/subscriptions/x"}},
    "virtualMachines": {
        "a": {
            **HERE,
            "tags": {"env": "prod"},
            "nics": [
                {
                    "subnet": "app/web",
                    "networkSecurityGroup": "nsg-nic",
                    "publicIp": True,
                    "applicationSecurityGroups": ["asg"],
                    "backendAddressPools": ["lb/pool"],
                },
                {"subnet": "app/web", "privateIp": "10.1.1.5"},
            ],
        },
        "b": {**HERE, "nics": [{"subnet": "rg/app/web", "name": "own"}]},
    },
}  # fmt: skip


def test_a_vm_that_says_nothing_has_the_network_that_az_makes(open_group):
    service = open_group(
        virtualMachines={"a": {**HERE, "tags": {"env": "prod"}}, "b": HERE, "w": {"location": "eastus"}}
    )
    assert [service.names(service.network(kind)) for kind in NAMES] == [
        ["aVNET", "wVNET"],
        ["aVMNic", "bVMNic", "wVMNic"],
        ["aNSG", "bNSG", "wNSG"],
    ]
    nic = service.get(service.network("networkInterfaces/BVMNIC"))
    configuration = nic["properties"]["ipConfigurations"][0]["properties"]
    assert configuration["subnet"]["id"] == service.network("virtualNetworks/aVNET/subnets/aSubnet")
    assert configuration["privateIPAddress"] == "10.0.0.5"
    assert nic["properties"]["networkSecurityGroup"]["id"] == service.network("networkSecurityGroups/bNSG")
    assert service.get(service.network("virtualNetworks/aVNET"))["tags"] == {"env": "prod"}
    vm = service.get(service.vm("b"))["properties"]
    assert vm["networkProfile"]["networkInterfaces"] == [{"id": nic["id"]}]


def test_its_parts_know_each_other(open_group):
    service = open_group(virtualMachines={"a": HERE, "b": HERE})
    (subnet,) = service.get(service.network("virtualNetworks/aVNET/subnets"))["value"]
    assert [one["id"].rpartition("/")[2] for one in subnet["properties"]["ipConfigurations"]] == [
        "ipconfiga",
        "ipconfigb",
    ]
    group = service.get(service.network("networkSecurityGroups/bNSG"))["properties"]
    assert group["networkInterfaces"] == [{"id": service.network("networkInterfaces/bVMNic")}]
    assert [rule["name"] for rule in group["securityRules"]] == ["default-allow-ssh"]
    assert [rule["properties"]["priority"] for rule in group["defaultSecurityRules"]] == [65000, 65001, 65500] * 2


def test_a_default_network_grows_with_its_machines(open_group):
    service = open_group(virtualMachines={f"vm{number}": HERE for number in range(252)})
    (subnet,) = service.get(service.network("virtualNetworks/vm0VNET/subnets"))["value"]
    assert subnet["properties"]["addressPrefix"] == "10.0.0.0/16"
    last = service.get(service.network("networkInterfaces/vm251VMNic"))["properties"]["ipConfigurations"][0]
    assert last["properties"]["privateIPAddress"] == "10.0.0.255"


def test_nothing_of_a_default_network_is_kept_until_it_is_written_to(open_group):
    service = open_group(virtualMachines={"a": HERE})
    for kind in NAMES:
        service.get(service.network(kind))
    group = service.state.estate.groups()[0]
    assert group.network == {}
    service.ask("PATCH", service.network("virtualNetworks/aVNET"), {"tags": {"x": "y"}})
    assert list(group.network) == ["virtualNetworks"]
    assert service.names(service.network("virtualNetworks")) == ["aVNET"]
    assert service.get(service.network("virtualNetworks/aVNET"))["tags"] == {"x": "y"}
    service.ask("PATCH", service.network("networkInterfaces/aVMNic"), {"tags": {"x": "y"}})
    (subnet,) = service.get(service.network("virtualNetworks/aVNET/subnets"))["value"]
    assert len(subnet["properties"]["ipConfigurations"]) == 1
    group = service.get(service.network("networkSecurityGroups/aNSG"))["properties"]
    assert len(group["networkInterfaces"]) == 1


def test_a_world_states_a_network(open_group):
    service = open_group(**STATED)
    nic = service.get(service.network("networkInterfaces/aVMNic"))
    assert nic["tags"] == {"env": "prod"}
    assert nic["properties"]["primary"] is True
    configuration = nic["properties"]["ipConfigurations"][0]["properties"]
    assert configuration["privateIPAddress"] == "10.1.1.4"
    assert configuration["publicIPAddress"] == {"id": service.network("publicIPAddresses/aPublicIP")}
    second = service.get(service.network("networkInterfaces/aVMNic2"))["properties"]
    assert second["primary"] is False
    assert second["ipConfigurations"][0]["properties"]["privateIPAllocationMethod"] == "Static"
    third = service.get(service.network("networkInterfaces/own"))["properties"]["ipConfigurations"][0]
    assert third["properties"]["privateIPAddress"] == "10.1.1.6"  # .5 is stated elsewhere
    references = service.get(service.vm("a"))["properties"]["networkProfile"]["networkInterfaces"]
    assert [one["properties"]["primary"] for one in references] == [True, False]


def test_what_is_stated_names_its_users(open_group):
    service = open_group(**STATED)
    subnet_id = service.network("virtualNetworks/app/subnets/web")
    subnet = service.get(subnet_id)["properties"]
    assert subnet["natGateway"] == {"id": service.network("natGateways/nat")}
    assert subnet["serviceEndpoints"][0]["service"] == "Microsoft.Storage"
    assert len(subnet["ipConfigurations"]) == 3
    group = service.get(service.network("networkSecurityGroups/nsg-web"))["properties"]
    assert (group["subnets"], "networkInterfaces" in group) == ([{"id": subnet_id}], False)
    group = service.get(service.network("networkSecurityGroups/nsg-nic"))["properties"]
    assert [one["id"] for one in group["networkInterfaces"]] == [service.network("networkInterfaces/aVMNic")]
    assert service.get(service.network("routeTables/rt"))["properties"]["subnets"] == [{"id": subnet_id}]
    assert service.get(service.network("natGateways/nat"))["properties"]["subnets"] == [{"id": subnet_id}]
    balancer = service.get(service.network("loadBalancers/lb"))["properties"]
    members = balancer["backendAddressPools"][0]["properties"]["backendIPConfigurations"]
    assert members == [{"id": service.network("networkInterfaces/aVMNic/ipConfigurations/ipconfiga")}]
    assert balancer["outboundRules"][0]["properties"]["protocol"] == "All"
    policy = service.get(service.network("firewallPolicies/policy"))["properties"]
    assert policy["firewalls"] == [{"id": service.network("azureFirewalls/fw")}]
    assert policy["ruleCollectionGroups"] == [
        {"id": service.network("firewallPolicies/policy/ruleCollectionGroups/base")}
    ]


@pytest.mark.parametrize("kind", [key for key in STATED if key != "virtualMachines"])
def test_every_kind_is_listed_by_subscription_and_by_group(open_group, kind):
    service = open_group(**STATED)
    below = f"/subscriptions/{service.subscription}/providers/Microsoft.Network/{kind}"
    assert service.get(below) == service.get(service.network(kind))
    (first, *_) = service.get(below)["value"]
    assert service.get(first["id"]) == first
    assert first["type"] == f"Microsoft.Network/{kind}"
    assert service.refused("GET", service.network(f"{kind}/none")) == (404, "ResourceNotFound")


def test_answers_are_shaped_by_the_version_asked(open_group):
    service = open_group(**STATED)
    for api, has in (("2018-01-01", False), ("2024-05-01", True)):
        service.api = api
        nic, subnet = (
            service.get(service.network(path))
            for path in ("networkInterfaces/aVMNic", "virtualNetworks/app/subnets/web")
        )
        assert ("kind" in nic, "nicType" in nic["properties"]) == (has, has)
        assert ("delegations" in subnet["properties"], "defaultOutboundAccess" in subnet["properties"]) == (has, has)


def test_service_tags_are_listed(open_group):
    service = open_group()
    path = f"/subscriptions/{service.subscription}/providers/Microsoft.Network/locations/Japan East/serviceTags"
    tags = {tag["name"]: tag["properties"] for tag in service.get(path)["values"]}
    assert tags["Storage.JapanEast"]["region"] == "japaneast"
    assert tags["AzureBackup"]["addressPrefixes"] != tags["Storage"]["addressPrefixes"]
    assert not tags.keys() & {"Internet", "VirtualNetwork", "AzureLoadBalancer"}
    assert service.refused("GET", path.replace("Japan East", "mars")) == (400, "InvalidLocation")


def test_a_vm_appears_with_its_network_at_its_moment(open_group):
    later = {**HERE, "createdAt": "2026-11-23T08:10:00Z"}
    stated = {key: value for key, value in STATED.items() if key != "virtualMachines"}
    stated_later = {**later, "nics": [{"subnet": "app/web"}]}
    service = open_group(**stated, virtualMachines={"a": later, "s": stated_later}, vaults={"rsv": HERE})
    protectable = f"{service.vault()}/backupProtectableItems"
    query = {"query": "resources | where type =~ 'microsoft.compute/virtualmachines'"}

    def seen():
        found = service.ask("POST", "/providers/Microsoft.ResourceGraph/resources", query)
        return (
            service.names(service.vm("")[:-1]),
            service.names(service.network("networkInterfaces")),
            service.names(service.network("virtualNetworks")),
            [row["name"] for row in found.body["data"]],
            [one.rpartition(";")[2] for one in service.names(protectable)],
        )

    service.later(599)
    assert seen() == ([], [], ["app"], [], [])
    assert service.refused("GET", service.vm("a")) == (404, "ResourceNotFound")
    assert service.ask("PUT", service.item("a"), service.configure("a")).status == 400
    service.later(1)
    assert seen() == (["a", "s"], ["sVMNic", "aVMNic"], ["app", "aVNET"], ["a", "s"], ["s", "a"])
    created = service.state.estate.virtual_machine(service.vm("a")).created
    assert created == service.state.clock + timedelta(minutes=10)


def test_a_vm_that_was_created_before_the_clock_starts_is_there(open_group):
    service = open_group(virtualMachines={"a": {**HERE, "createdAt": "2026-11-23T08:00:00Z"}})
    assert service.names(service.network("virtualNetworks")) == ["aVNET"]
    assert service.state.estate.effects == []


def test_a_network_outlives_the_vm_it_is_named_after(open_group):
    stated = {key: value for key, value in STATED.items() if key != "virtualMachines"}
    service = open_group(
        **stated, virtualMachines={"a": HERE, "b": HERE, "s": {**HERE, "nics": [{"subnet": "app/web"}]}}
    )
    for vm in ("a", "s"):
        assert service.ask("DELETE", service.vm(vm)).status == 202
    service.later(600)
    assert service.names(service.vm("")[:-1]) == ["b"]
    assert service.names(service.network("virtualNetworks")) == ["app", "aVNET"]
    (subnet,) = service.get(service.network("virtualNetworks/aVNET/subnets"))["value"]
    assert len(subnet["properties"]["ipConfigurations"]) == 1
    assert "virtualMachine" not in service.get(service.network("networkInterfaces/sVMNic"))["properties"]
