"""The network of VMs that say nothing of theirs: what `az vm create` makes around a VM (R21 policy.json 4-11).

The first such VM of a group and region gets a virtual network, later ones share it; each has an interface, a public IP
and a security group of its own. None of this is kept: it is worked out from the VM when somebody asks, until somebody
writes to it, so that a VM costs no more for it.
"""

from __future__ import annotations

from ipaddress import IPv4Network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import (
    NetworkChild,
    NetworkResource,
    VirtualMachine,
    fold,
    network_id,
    region_key,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import DefaultNetwork, ResourceGroup

_RESERVED = 4
"""Azure keeps the first four addresses of a subnet, and its last (Learn: virtual-networks-faq)."""
_SPACES = (("10.0.0.0/16", "10.0.0.0/24"), ("10.0.0.0/16", "10.0.0.0/16"), ("10.0.0.0/8", "10.0.0.0/8"))
"""Address space and subnet: what az takes, and larger ones for groups whose VMs would not fit in."""

VIRTUAL_NETWORK, INTERFACE, SECURITY_GROUP = "virtualNetworks", "networkInterfaces", "networkSecurityGroups"
_SUFFIX = {VIRTUAL_NETWORK: "VNET", INTERFACE: "VMNic", SECURITY_GROUP: "NSG"}


def default_resources(group: ResourceGroup, kind: str) -> Iterator[NetworkResource]:
    """All of a kind that the group's VMs bring along."""
    if kind == VIRTUAL_NETWORK:
        yield from (_virtual_network(group, network) for network in group.default_networks.values())
    elif kind in _SUFFIX:
        for vm in group.virtual_machines.values():
            yield from _made_of(group, kind, vm)


def default_resource(group: ResourceGroup, kind: str, name: str) -> NetworkResource | None:
    """The one of that name, in any casing."""
    suffix = _SUFFIX.get(kind)
    if suffix is None or not fold(name).endswith(fold(suffix)):
        return None
    base = fold(name[: -len(suffix)])
    if kind == VIRTUAL_NETWORK:
        networks = group.default_networks.values()
        return next((_virtual_network(group, one) for one in networks if fold(one.owner) == base), None)
    vm = group.virtual_machines.get(base)
    return next(_made_of(group, kind, vm), None) if vm else None


def _made_of(group: ResourceGroup, kind: str, vm: VirtualMachine) -> Iterator[NetworkResource]:
    if vm.nics:
        return
    if kind == INTERFACE:
        yield _interface(vm, group.default_networks[region_key(vm.location)])
    else:
        yield _security_group(vm)


def _named(vm: VirtualMachine, kind: str) -> NetworkResource:
    """Everything az makes for a VM bears the VM's tags (R21)."""
    name = f"{vm.name}{_SUFFIX[kind]}"
    return NetworkResource(kind, vm.subscription, vm.group, name, vm.location, tags=vm.tags)


def _virtual_network(group: ResourceGroup, network: DefaultNetwork) -> NetworkResource:
    name, subnet = f"{network.owner}{_SUFFIX[VIRTUAL_NETWORK]}", _subnet_name(network.owner)
    made = NetworkResource(VIRTUAL_NETWORK, group.subscription, group.name, name, network.location, tags=network.tags)
    space, prefix = _space(network)
    made.properties = {"addressSpace": {"addressPrefixes": [space]}}
    made.children = {fold(subnet): NetworkChild(subnet, {"addressPrefix": prefix})}
    return made


def _space(network: DefaultNetwork) -> tuple[str, str]:
    """The smallest that holds all its machines."""
    return next(
        space
        for space in _SPACES
        if network.machines <= IPv4Network(space[1]).num_addresses - _RESERVED - 1 or space == _SPACES[-1]
    )


def _subnet_name(owner: str) -> str:
    return f"{owner}Subnet"


def _interface(vm: VirtualMachine, network: DefaultNetwork) -> NetworkResource:
    made = _named(vm, INTERFACE)
    owner = f"{network.owner}{_SUFFIX[VIRTUAL_NETWORK]}"
    subnet = f"{network_id(vm.subscription, vm.group, VIRTUAL_NETWORK, owner)}/subnets/{_subnet_name(network.owner)}"
    public_ip = network_id(vm.subscription, vm.group, "publicIPAddresses", f"{vm.name}PublicIP")
    security_group = network_id(vm.subscription, vm.group, SECURITY_GROUP, f"{vm.name}{_SUFFIX[SECURITY_GROUP]}")
    made.properties = {
        "ipConfigurations": [
            {
                "name": f"ipconfig{vm.name}",
                "properties": {
                    "privateIPAddress": str(IPv4Network(_SPACES[-1][0])[_RESERVED + vm.place]),
                    "privateIPAllocationMethod": "Dynamic",
                    "publicIPAddress": {"id": public_ip},
                    "subnet": {"id": subnet},
                },
            }
        ],
        "networkSecurityGroup": {"id": security_group},
        "virtualMachine": {"id": vm.id},
        "primary": True,
    }
    return made


def _security_group(vm: VirtualMachine) -> NetworkResource:
    """Lets in the protocol by which people reach the VM, and nothing else (CLI: its template builder)."""
    made = _named(vm, SECURITY_GROUP)
    name, port = ("rdp", "3389") if vm.os == "Windows" else ("default-allow-ssh", "22")
    rule = {
        "protocol": "Tcp",
        "sourcePortRange": "*",
        "destinationPortRange": port,
        "sourceAddressPrefix": "*",
        "destinationAddressPrefix": "*",
        "access": "Allow",
        "priority": 1000,
        "direction": "Inbound",
        "sourcePortRanges": [],
        "destinationPortRanges": [],
        "sourceAddressPrefixes": [],
        "destinationAddressPrefixes": [],
    }
    made.children = {name: NetworkChild(name, rule)}
    return made
