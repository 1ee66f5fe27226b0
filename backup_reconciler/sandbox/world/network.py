"""The network of a world, in Azure's words.

A reference is a name in the same resource group, `group/name`, or a whole id; a subnet's is `network/subnet`,
`group/network/subnet`, or its id.
"""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field

from backup_reconciler.sandbox.world.base import Model, Name, Tags


def _one_or_several(told: object) -> object:
    """A list, also of a single value; a port may be a number."""
    values = told if isinstance(told, list) else [told]
    return [str(value) if isinstance(value, int) and not isinstance(value, bool) else value for value in values]


Words = Annotated[
    list[Name],
    Field(min_length=1),
    BeforeValidator(_one_or_several, json_schema_input_type=Name | int | list[Name | int]),
]
"""One value, or several."""
_ANY = ["*"]


class NetworkModel(Model):
    """What all resources of a network say; the region is the group's where it is left out."""

    location: Name | None = None
    """Its region; left out, the group's."""
    tags: Tags = {}
    """Tags by name; values in quotes where they look like numbers."""


class SubnetModel(Model):
    """A subnet."""

    address_prefix: Name
    """Its prefix."""
    network_security_group: Name | None = None
    """By name in its group, as group/name, or by id."""
    route_table: Name | None = None
    """By name in its group, as group/name, or by id."""
    nat_gateway: Name | None = None
    """By name in its group, as group/name, or by id."""
    service_endpoints: list[Name] = []
    """Services it reaches directly, as Microsoft.Storage."""
    default_outbound_access: bool | None = None
    """None: not stated, as in subnets that are older than the setting; then there is such access."""


class VirtualNetworkModel(NetworkModel):
    """A virtual network."""

    address_prefixes: list[Name] = Field(default=["10.0.0.0/16"], min_length=1)
    """Its prefixes."""
    subnets: dict[Name, SubnetModel] = {}
    """Its subnets by name."""


class SecurityRuleModel(Model):
    """A rule; addresses are prefixes, a service tag or `*`, ports are numbers and ranges as text, or `*`."""

    priority: int
    """The lowest counts first; each rule of a direction has its own."""
    direction: Literal["Inbound", "Outbound"]
    """For what comes in or goes out."""
    access: Literal["Allow", "Deny"]
    """What becomes of traffic that it meets."""
    protocol: Literal["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"] = "*"
    """The protocol it meets."""
    source: Words = _ANY
    """Where from."""
    source_ports: Words = _ANY
    """From which ports."""
    destination: Words = _ANY
    """Where to."""
    destination_ports: Words = _ANY
    """To which ports."""
    source_application_security_groups: list[Name] = []
    """Where from, by application security group."""
    destination_application_security_groups: list[Name] = []
    """Where to, by application security group."""
    description: str | None = None
    """For people."""


class NetworkSecurityGroupModel(NetworkModel):
    """A network security group."""

    rules: dict[Name, SecurityRuleModel] = {}
    """Its rules by name; Azure's default rules are there besides."""


class RouteModel(Model):
    """A route."""

    address_prefix: Name
    """Where to: a prefix or a service tag."""
    next_hop_type: Literal["VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None"]
    """What it leads to."""
    next_hop_ip_address: Name | None = None
    """The address of an appliance."""


class RouteTableModel(NetworkModel):
    """A route table."""

    routes: dict[Name, RouteModel] = {}
    """Its routes by name."""
    disable_bgp_route_propagation: bool = False
    """Whether routes learnt by BGP are left out."""


class OutboundRuleModel(Model):
    """An outbound rule: a way out for a pool."""

    backend_address_pool: Name
    """The name of the pool that it lets out."""
    protocol: Literal["All", "Tcp", "Udp"] = "All"
    """The protocol it is for."""


class LoadBalancerModel(NetworkModel):
    """A load balancer."""

    sku: Literal["Basic", "Standard"] = "Standard"
    """Its SKU."""
    backend_address_pools: list[Name] = []
    """The names of its pools."""
    outbound_rules: dict[Name, OutboundRuleModel] = {}
    """Its outbound rules by name."""


class AzureFirewallModel(NetworkModel):
    """A firewall; its collections of rules stand here as on the wire, each with `name` and `properties`."""

    private_ip: Name
    """Its address inside the network."""
    firewall_policy: Name | None = None
    """The policy it follows: by name in its group, as group/name, or by id."""
    application_rule_collections: list[dict[str, Any]] = []
    """Classic collections, as on the wire."""
    network_rule_collections: list[dict[str, Any]] = []
    """Classic collections, as on the wire."""


class RuleCollectionGroupModel(Model):
    """Collections of rules as on the wire, each with `ruleCollectionType`, `priority`, `action` and `rules`."""

    priority: int
    """The lowest counts first."""
    rule_collections: list[dict[str, Any]] = []
    """As on the wire."""


class FirewallPolicyModel(NetworkModel):
    """A firewall policy."""

    rule_collection_groups: dict[Name, RuleCollectionGroupModel] = {}
    """Its groups of rule collections, by name."""


class PrivateEndpointModel(NetworkModel):
    """A way to one resource, a vault say, inside a subnet."""

    subnet: Name
    """Its subnet: network/subnet, group/network/subnet, or an id."""
    resource: Name
    """Id of what it leads to."""
    group_ids: list[Name] = ["AzureBackup"]
    """What of the resource it leads to."""


class NicModel(Model):
    """A network interface of a VM; the first one is the primary one."""

    subnet: Name
    """Its subnet: network/subnet, group/network/subnet, or an id."""
    name: Name | None = None
    """`<vm>VMNic` where it is left out, then `<vm>VMNic2`…"""
    network_security_group: Name | None = None
    """Its own: by name in its group, as group/name, or by id."""
    public_ip: bool | Name = False
    """True: `<vm>PublicIP`."""
    private_ip: Name | None = None
    """The next free address of the subnet where it is left out."""
    application_security_groups: list[Name] = []
    """By name in its group, as group/name, or by id."""
    backend_address_pools: list[Name] = []
    """As `balancer/pool`."""


class GroupNetworkModel(Model):
    """What of the network a resource group holds."""

    virtual_networks: dict[Name, VirtualNetworkModel] = {}
    """Its virtual networks by name."""
    network_security_groups: dict[Name, NetworkSecurityGroupModel] = {}
    """Its network security groups by name."""
    route_tables: dict[Name, RouteTableModel] = {}
    """Its route tables by name."""
    nat_gateways: dict[Name, NetworkModel] = {}
    """Its NAT gateways by name."""
    application_security_groups: dict[Name, NetworkModel] = {}
    """Its application security groups by name."""
    load_balancers: dict[Name, LoadBalancerModel] = {}
    """Its load balancers by name."""
    azure_firewalls: dict[Name, AzureFirewallModel] = {}
    """Its Azure Firewalls by name."""
    firewall_policies: dict[Name, FirewallPolicyModel] = {}
    """Its firewall policies by name."""
    private_endpoints: dict[Name, PrivateEndpointModel] = {}
    """Its private endpoints by name."""
