"""What connections that a VM begins meet in its own network, as far as somebody has set it up."""

from collections.abc import Container, Iterator
from dataclasses import dataclass

from backup_reconciler.plan.network.addresses import addresses
from backup_reconciler.plan.network.flow import Space
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.interface import Interface, IpConfiguration
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.route_table import RouteTable
from backup_reconciler.state.network.security_group import SecurityGroup
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork

_HOST = ("168.63.129.16/32", "169.254.169.254/32")
"""What the machine under a VM answers at: Azure's own address in every network, and the metadata service."""


@dataclass(frozen=True, slots=True)
class Path:
    """The way of a VM's connections, from the address that they begin at: that of its primary interface."""

    address: str
    interface: Interface
    configuration: IpConfiguration
    subnet: Subnet
    virtual_network: VirtualNetwork
    security_groups: tuple[SecurityGroup, ...]
    """In the order in which they are asked for what goes out: that of the interface, then that of the subnet (source:
    How network security groups filter network traffic, Microsoft Learn)."""
    route_table: RouteTable | None
    space: Space

    @classmethod
    def of(cls, vm: ArmId, network: Network) -> "Path | None":
        """The path of a VM.

        None where something of it is not known: the VM has no IPv4 address in a subnet, or what stands around it was
        not there to be read.
        """
        interface = network.interfaces.get(vm)
        configuration = interface.outgoing if interface else None
        if interface is None or configuration is None or configuration.address is None or configuration.subnet is None:
            return None
        subnet = network.subnet(configuration.subnet)
        around = network.network_of(configuration.subnet)
        if subnet is None or around is None or unseen(vm, network):
            return None
        named = [id_ for id_ in (interface.security_group, subnet.security_group) if id_]
        groups = [network.security_groups[id_] for id_ in named]
        table = network.route_tables[subnet.route_table] if subnet.route_table else None
        space = space_of(subnet, network)
        return cls(configuration.address, interface, configuration, subnet, around, tuple(groups), table, space)


def unseen(vm: ArmId, network: Network) -> tuple[ArmId, ...]:
    """What stands around a VM and was not among what was read, because these rights do not show it, or it is new."""
    interface = network.interfaces.get(vm)
    configuration = interface.outgoing if interface else None
    if interface is None or configuration is None or configuration.subnet is None:
        return ()
    subnet = network.subnet(configuration.subnet)
    if subnet is None:
        return (configuration.subnet,)
    own = interface.security_group
    return (*_not_among(network.security_groups, own), *unseen_around(subnet, network))


def unseen_around(subnet: Subnet, network: Network) -> tuple[ArmId, ...]:
    """The network security group and the route table of a subnet, where they were not among what was read."""
    groups, tables = network.security_groups, network.route_tables
    return (*_not_among(groups, subnet.security_group), *_not_among(tables, subnet.route_table))


def _not_among(read: Container[ArmId], named: ArmId | None) -> tuple[ArmId, ...]:
    return (named,) if named and named not in read else ()


def space_of(subnet: Subnet, network: Network) -> Space:
    """What tags stand for, where connections begin in a subnet."""
    around = network.network_of(subnet.id)
    table = network.route_tables.get(subnet.route_table) if subnet.route_table else None
    return Space(tuple(_virtual_network(around, table)) if around else (), network.service_tags)


def _virtual_network(around: VirtualNetwork, table: RouteTable | None) -> Iterator[str]:
    """The prefixes of the tag VirtualNetwork: the network itself, its peers, the host, and what routes are written for.

    So a route for 0.0.0.0/0 makes it everything (source: Azure virtual network service tags, Microsoft Learn). What
    lies behind a gateway belongs to it too, and nobody reads that.
    """
    yield from around.prefixes
    yield from around.peered_prefixes
    yield from _HOST
    for route in table.routes if table else ():
        if addresses(route.prefix):
            yield route.prefix
