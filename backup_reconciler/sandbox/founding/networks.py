"""The network of a world: what its resource groups state, and the interfaces of its VMs."""

from __future__ import annotations

from collections import defaultdict
from ipaddress import ip_network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import NetworkChild, NetworkResource, fold, network_id
from backup_reconciler.sandbox.founding.network_resources import found_resources
from backup_reconciler.sandbox.founding.nic_mistakes import nic_name
from backup_reconciler.sandbox.founding.references import network_reference, part_reference, subnet_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import Estate, Json, ResourceGroup, VirtualMachine
    from backup_reconciler.sandbox.world.machine import VirtualMachineModel
    from backup_reconciler.sandbox.world.network import NicModel
    from backup_reconciler.sandbox.world.world import ResourceGroupModel, World

_RESERVED = 4
"""Azure keeps the first four addresses of a subnet (Learn: virtual-networks-faq)."""


class Addresses:
    """Which addresses of which subnet are taken: first those that the world states, then as they are given out."""

    def __init__(self, world: World) -> None:
        self._taken: dict[str, set[str]] = defaultdict(set)
        self._next: dict[str, int] = {}
        for subscription_id, subscription in world.subscriptions.items():
            for group_name, group in subscription.resource_groups.items():
                for vm in group.virtual_machines.values():
                    for nic in vm.nics:
                        if nic.private_ip:
                            subnet = subnet_reference(nic.subnet, subscription_id, group_name)
                            self._taken[fold(subnet)].add(nic.private_ip)

    def free(self, subnet_id: str, prefix: str) -> str:
        """The next one that nobody has."""
        key, network = fold(subnet_id), ip_network(prefix)
        for offset in range(self._next.get(key, _RESERVED), network.num_addresses - 1):
            address = str(network[offset])
            if address not in self._taken[key]:
                self._next[key] = offset + 1
                return address
        raise AssertionError("a world is checked before an estate is made of it")


def found_networks(group: ResourceGroup, told: ResourceGroupModel) -> None:
    """Everything but the interfaces, which belong to VMs."""
    for made in found_resources(group, told):
        group.network.setdefault(made.kind, {})[fold(made.name)] = made


def found_interfaces(
    estate: Estate, vm: VirtualMachine, told: VirtualMachineModel, addresses: Addresses
) -> list[NetworkResource]:
    """The interfaces that a world states of a VM."""
    made = [_interface(estate, vm, nic, name, addresses) for nic, name in _named(vm, told)]
    if made:
        made[0].properties["primary"] = True
    vm.nics = tuple(nic.id for nic in made)
    return made


def _named(vm: VirtualMachine, told: VirtualMachineModel) -> Iterator[tuple[NicModel, str]]:
    for index, nic in enumerate(told.nics):
        yield nic, nic_name(vm.name, index, nic)


def _interface(estate: Estate, vm: VirtualMachine, nic: NicModel, name: str, addresses: Addresses) -> NetworkResource:
    made = NetworkResource("networkInterfaces", vm.subscription, vm.group, name, vm.location, tags=vm.tags)
    made.properties = {
        "ipConfigurations": [
            {"name": f"ipconfig{vm.name}", "properties": _configuration(estate, vm, nic, addresses)},
        ],
        "virtualMachine": {"id": vm.id},
        "primary": False,
    }
    if nic.network_security_group:
        reference = network_reference(nic.network_security_group, "networkSecurityGroups", vm.subscription, vm.group)
        made.properties["networkSecurityGroup"] = {"id": reference}
    return made


def _configuration(estate: Estate, vm: VirtualMachine, nic: NicModel, addresses: Addresses) -> Json:
    here = (vm.subscription, vm.group)
    subnet_id = subnet_reference(nic.subnet, *here)
    made: Json = {
        "privateIPAddress": nic.private_ip or addresses.free(subnet_id, _subnet(estate, subnet_id)),
        "privateIPAllocationMethod": "Static" if nic.private_ip else "Dynamic",
        "subnet": {"id": subnet_id},
    }
    if nic.public_ip:
        name = f"{vm.name}PublicIP" if nic.public_ip is True else nic.public_ip
        made["publicIPAddress"] = {"id": network_id(*here, "publicIPAddresses", name)}
    if nic.application_security_groups:
        made["applicationSecurityGroups"] = [
            {"id": network_reference(one, "applicationSecurityGroups", *here)}
            for one in nic.application_security_groups
        ]
    if nic.backend_address_pools:
        made["loadBalancerBackendAddressPools"] = [
            {"id": part_reference(one, "loadBalancers", "backendAddressPools", *here)}
            for one in nic.backend_address_pools
        ]
    return made


def _subnet(estate: Estate, subnet_id: str) -> str:
    """The address prefix of a subnet that the world states."""
    network_path, _, name = subnet_id.rpartition("/subnets/")
    network = estate.network_resource(network_path, "virtualNetworks")
    subnet: NetworkChild | None = network.children.get(fold(name)) if network else None
    assert subnet is not None, "a world is checked before an estate is made of it"
    prefix: str = subnet.properties["addressPrefix"]
    return prefix
