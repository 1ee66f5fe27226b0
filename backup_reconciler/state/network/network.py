"""All that was read of the network, and the scope, which says what to read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import AzureFirewall, FirewallPolicy
from backup_reconciler.state.network.interface import Interface
from backup_reconciler.state.network.private_endpoint import PrivateEndpoint
from backup_reconciler.state.network.route_table import RouteTable
from backup_reconciler.state.network.run_command import RunCommand
from backup_reconciler.state.network.security_group import SecurityGroup
from backup_reconciler.state.network.service_tags import ServiceTags
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork
from backup_reconciler.state.vm import LiveVM
from backup_reconciler.state.vm_status import VMStatus


@dataclass(frozen=True, slots=True)
class NetworkScope:
    """What has to be read of the network."""

    subscriptions: frozenset[str] = frozenset()
    """Whose networks are read, by their ids in lower case."""
    vm_subscriptions: frozenset[str] = frozenset()
    """Whose VMs are read as well, because no assignment looks there."""
    status_subscriptions: frozenset[str] = frozenset()
    """Whose VMs' status is read, because scripts run in running VMs only."""
    firewalls: frozenset[ArmId] = frozenset()
    """Azure Firewalls and firewall policies that manifests name; they may lie anywhere."""
    firewall_policies: frozenset[ArmId] = frozenset()

    def __bool__(self) -> bool:
        return self != NetworkScope()


@dataclass(frozen=True, slots=True)
class Network:
    """The network. What is not here, and lies in a subscription that was read, does not exist."""

    interfaces: Mapping[ArmId, Interface] = field(default_factory=dict)
    """By the id of their VM: the one of each that it speaks to the world through."""
    virtual_networks: Mapping[ArmId, VirtualNetwork] = field(default_factory=dict)
    security_groups: Mapping[ArmId, SecurityGroup] = field(default_factory=dict)
    route_tables: Mapping[ArmId, RouteTable] = field(default_factory=dict)
    outbound_pools: frozenset[ArmId] = frozenset()
    """The backend address pools of load balancers through which connections can be begun."""
    private_endpoints: tuple[PrivateEndpoint, ...] = ()
    firewalls: Mapping[ArmId, AzureFirewall] = field(default_factory=dict)
    firewall_policies: Mapping[ArmId, FirewallPolicy] = field(default_factory=dict)
    service_tags: ServiceTags = field(default_factory=ServiceTags)
    vms: Mapping[ArmId, LiveVM] = field(default_factory=dict)
    """VMs that no assignment looks for."""
    statuses: Mapping[ArmId, VMStatus] = field(default_factory=dict)
    run_commands: Mapping[ArmId, RunCommand] = field(default_factory=dict)
    """Those that were asked for and are there."""
    requests: int = 0
    """HTTP requests that reading took."""

    def joined(self, other: "Network") -> "Network":
        """What was read here and there."""
        return Network(
            interfaces={**self.interfaces, **other.interfaces},
            virtual_networks={**self.virtual_networks, **other.virtual_networks},
            security_groups={**self.security_groups, **other.security_groups},
            route_tables={**self.route_tables, **other.route_tables},
            outbound_pools=self.outbound_pools | other.outbound_pools,
            private_endpoints=tuple(
                sorted((*self.private_endpoints, *other.private_endpoints), key=lambda one: one.id)
            ),
            firewalls={**self.firewalls, **other.firewalls},
            firewall_policies={**self.firewall_policies, **other.firewall_policies},
            service_tags=self.service_tags if self.service_tags.prefixes else other.service_tags,
            vms={**self.vms, **other.vms},
            statuses={**self.statuses, **other.statuses},
            run_commands={**self.run_commands, **other.run_commands},
            requests=self.requests + other.requests,
        )

    def subnet(self, id_: ArmId) -> Subnet | None:
        network = self.network_of(id_)
        return network.subnets.get(id_) if network else None

    def network_of(self, subnet: ArmId) -> VirtualNetwork | None:
        """The virtual network that a subnet is in, by its id."""
        return self.virtual_networks.get(subnet.parent(2))
