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
    tags: Tags = {}


class SubnetModel(Model):
    address_prefix: Name
    network_security_group: Name | None = None
    route_table: Name | None = None
    nat_gateway: Name | None = None
    service_endpoints: list[Name] = []
    default_outbound_access: bool | None = None
    """None: not stated, as in subnets that are older than the setting; then there is such access."""


class VirtualNetworkModel(NetworkModel):
    address_prefixes: list[Name] = Field(default=["10.0.0.0/16"], min_length=1)
    subnets: dict[Name, SubnetModel] = {}


class SecurityRuleModel(Model):
    """A rule; addresses are prefixes, a service tag or `*`, ports are numbers and ranges as text, or `*`."""

    priority: int
    direction: Literal["Inbound", "Outbound"]
    access: Literal["Allow", "Deny"]
    protocol: Literal["Tcp", "Udp", "Icmp", "Esp", "Ah", "*"] = "*"
    source: Words = _ANY
    source_ports: Words = _ANY
    destination: Words = _ANY
    destination_ports: Words = _ANY
    source_application_security_groups: list[Name] = []
    destination_application_security_groups: list[Name] = []
    description: str | None = None


class NetworkSecurityGroupModel(NetworkModel):
    rules: dict[Name, SecurityRuleModel] = {}


class RouteModel(Model):
    address_prefix: Name
    next_hop_type: Literal["VirtualNetworkGateway", "VnetLocal", "Internet", "VirtualAppliance", "None"]
    next_hop_ip_address: Name | None = None


class RouteTableModel(NetworkModel):
    routes: dict[Name, RouteModel] = {}
    disable_bgp_route_propagation: bool = False


class OutboundRuleModel(Model):
    backend_address_pool: Name
    protocol: Literal["All", "Tcp", "Udp"] = "All"


class LoadBalancerModel(NetworkModel):
    sku: Literal["Basic", "Standard"] = "Standard"
    backend_address_pools: list[Name] = []
    outbound_rules: dict[Name, OutboundRuleModel] = {}


class AzureFirewallModel(NetworkModel):
    """A firewall; its collections of rules stand here as on the wire, each with `name` and `properties`."""

    private_ip: Name
    firewall_policy: Name | None = None
    application_rule_collections: list[dict[str, Any]] = []
    network_rule_collections: list[dict[str, Any]] = []


class RuleCollectionGroupModel(Model):
    """Collections of rules as on the wire, each with `ruleCollectionType`, `priority`, `action` and `rules`."""

    priority: int
    rule_collections: list[dict[str, Any]] = []


class FirewallPolicyModel(NetworkModel):
    rule_collection_groups: dict[Name, RuleCollectionGroupModel] = {}


class PrivateEndpointModel(NetworkModel):
    """A way to one resource, a vault say, inside a subnet."""

    subnet: Name
    resource: Name
    """Id of what it leads to."""
    group_ids: list[Name] = ["AzureBackup"]


class NicModel(Model):
    """A network interface of a VM; the first one is the primary one."""

    subnet: Name
    name: Name | None = None
    """`<vm>VMNic` where it is left out, then `<vm>VMNic2`…"""
    network_security_group: Name | None = None
    public_ip: bool | Name = False
    """True: `<vm>PublicIP`."""
    private_ip: Name | None = None
    """The next free address of the subnet where it is left out."""
    application_security_groups: list[Name] = []
    backend_address_pools: list[Name] = []
    """As `balancer/pool`."""


class GroupNetworkModel(Model):
    """What of the network a resource group holds."""

    virtual_networks: dict[Name, VirtualNetworkModel] = {}
    network_security_groups: dict[Name, NetworkSecurityGroupModel] = {}
    route_tables: dict[Name, RouteTableModel] = {}
    nat_gateways: dict[Name, NetworkModel] = {}
    application_security_groups: dict[Name, NetworkModel] = {}
    load_balancers: dict[Name, LoadBalancerModel] = {}
    azure_firewalls: dict[Name, AzureFirewallModel] = {}
    firewall_policies: dict[Name, FirewallPolicyModel] = {}
    private_endpoints: dict[Name, PrivateEndpointModel] = {}
