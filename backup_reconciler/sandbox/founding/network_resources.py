"""Resources of the network as a group of a world states them, brought into the form of the wire."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import NetworkChild, NetworkResource, fold, network_id
from backup_reconciler.sandbox.core.network import security_rules
from backup_reconciler.sandbox.founding.references import network_reference, part_reference, subnet_reference

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.estate import Json, ResourceGroup
    from backup_reconciler.sandbox.world.network import (
        AzureFirewallModel,
        LoadBalancerModel,
        NetworkModel,
        RouteTableModel,
        SecurityRuleModel,
        SubnetModel,
    )
    from backup_reconciler.sandbox.world.world import ResourceGroupModel


def found_resources(group: ResourceGroup, told: ResourceGroupModel) -> Iterator[NetworkResource]:
    """All that a group states, interfaces apart."""
    yield from _virtual_networks(group, told)
    yield from _security_groups(group, told)
    yield from _outlets(group, told)
    yield from _firewalls(group, told)
    for name, asg in told.application_security_groups.items():
        yield _made(group, "applicationSecurityGroups", name, asg, {})
    for name, endpoint in told.private_endpoints.items():
        connection = {
            "name": name,
            "properties": {"privateLinkServiceId": endpoint.resource, "groupIds": endpoint.group_ids},
        }
        properties: Json = {
            "subnet": {"id": subnet_reference(endpoint.subnet, group.subscription, group.name)},
            "privateLinkServiceConnections": [connection],
        }
        yield _made(group, "privateEndpoints", name, endpoint, properties)


def _made(group: ResourceGroup, kind: str, name: str, told: NetworkModel, properties: Json) -> NetworkResource:
    location = told.location or group.location
    return NetworkResource(kind, group.subscription, group.name, name, location, properties, dict(told.tags))


def _virtual_networks(group: ResourceGroup, told: ResourceGroupModel) -> Iterator[NetworkResource]:
    for name, network in told.virtual_networks.items():
        space = {"addressSpace": {"addressPrefixes": list(network.address_prefixes)}}
        made = _made(group, "virtualNetworks", name, network, space)
        for subnet_name, subnet in network.subnets.items():
            made.children[fold(subnet_name)] = NetworkChild(subnet_name, _subnet(group, subnet))
        yield made


def _subnet(group: ResourceGroup, subnet: SubnetModel) -> Json:
    properties: Json = {"addressPrefix": subnet.address_prefix}
    for field, kind, told in (
        ("networkSecurityGroup", "networkSecurityGroups", subnet.network_security_group),
        ("routeTable", "routeTables", subnet.route_table),
        ("natGateway", "natGateways", subnet.nat_gateway),
    ):
        if told:
            properties[field] = {"id": network_reference(told, kind, group.subscription, group.name)}
    if subnet.service_endpoints:
        properties["serviceEndpoints"] = [{"service": service} for service in subnet.service_endpoints]
    if subnet.default_outbound_access is not None:
        properties["defaultOutboundAccess"] = subnet.default_outbound_access
    return properties


def _security_groups(group: ResourceGroup, told: ResourceGroupModel) -> Iterator[NetworkResource]:
    for name, security_group in told.network_security_groups.items():
        made = _made(group, "networkSecurityGroups", name, security_group, {})
        for rule_name, rule in security_group.rules.items():
            made.children[fold(rule_name)] = NetworkChild(rule_name, security_rules.kept(wire_rule(group, rule)))
        yield made


def wire_rule(group: ResourceGroup, rule: SecurityRuleModel) -> Json:
    """A rule as it would be PUT: one value in the singular field, several in the plural."""
    properties: Json = {
        "protocol": rule.protocol,
        "access": rule.access,
        "priority": rule.priority,
        "direction": rule.direction,
    }
    for field, told in (
        ("sourcePortRange", rule.source_ports),
        ("destinationPortRange", rule.destination_ports),
        ("sourceAddressPrefix", rule.source),
        ("destinationAddressPrefix", rule.destination),
    ):
        plural = f"{field}es" if field.endswith("x") else f"{field}s"
        properties |= {field: told[0]} if len(told) == 1 else {plural: list(told)}
    for side, names in (
        ("source", rule.source_application_security_groups),
        ("destination", rule.destination_application_security_groups),
    ):
        if names:
            properties.pop(f"{side}AddressPrefix", None)
            properties[f"{side}ApplicationSecurityGroups"] = [
                {"id": network_reference(name, "applicationSecurityGroups", group.subscription, group.name)}
                for name in names
            ]
    if rule.description:
        properties["description"] = rule.description
    return properties


def _outlets(group: ResourceGroup, told: ResourceGroupModel) -> Iterator[NetworkResource]:
    """What leads out of a subnet: routes, NAT gateways, load balancers."""
    for name, table in told.route_tables.items():
        yield _made(group, "routeTables", name, table, _routes(table))
    for name, gateway in told.nat_gateways.items():
        address = {"id": network_id(group.subscription, group.name, "publicIPAddresses", f"{name}PublicIP")}
        properties: Json = {"idleTimeoutInMinutes": 4, "publicIpAddresses": [address]}
        made = _made(group, "natGateways", name, gateway, properties)
        made.sku = {"name": "Standard", "tier": "Regional"}
        yield made
    for name, balancer in told.load_balancers.items():
        made = _made(group, "loadBalancers", name, balancer, _load_balancer(group, name, balancer))
        made.sku = {"name": balancer.sku, "tier": "Regional"}
        yield made


def _routes(table: RouteTableModel) -> Json:
    routes = []
    for name, route in table.routes.items():
        properties: Json = {"addressPrefix": route.address_prefix, "nextHopType": route.next_hop_type}
        if route.next_hop_ip_address:
            properties["nextHopIpAddress"] = route.next_hop_ip_address
        routes.append({"name": name, "properties": properties})
    return {"disableBgpRoutePropagation": table.disable_bgp_route_propagation, "routes": routes}


def _load_balancer(group: ResourceGroup, name: str, balancer: LoadBalancerModel) -> Json:
    """It has one frontend with a public IP, by which its outbound rules lead out."""
    here = (group.subscription, group.name)
    own = network_id(*here, "loadBalancers", name)
    frontend = {"id": f"{own}/frontendIPConfigurations/frontend"}
    public_ip = {"id": network_id(*here, "publicIPAddresses", f"{name}PublicIP")}
    return {
        "frontendIPConfigurations": [{"name": "frontend", "properties": {"publicIPAddress": public_ip}}],
        "backendAddressPools": [{"name": pool, "properties": {}} for pool in balancer.backend_address_pools],
        "outboundRules": [
            {
                "name": rule_name,
                "properties": {
                    "protocol": rule.protocol,
                    "frontendIPConfigurations": [frontend],
                    "backendAddressPool": {
                        "id": part_reference(
                            f"{name}/{rule.backend_address_pool}", "loadBalancers", "backendAddressPools", *here
                        )
                    },
                },
            }
            for rule_name, rule in balancer.outbound_rules.items()
        ],
    }


def _firewalls(group: ResourceGroup, told: ResourceGroupModel) -> Iterator[NetworkResource]:
    for name, firewall in told.azure_firewalls.items():
        yield _made(group, "azureFirewalls", name, firewall, _firewall(group, firewall))
    for name, policy in told.firewall_policies.items():
        made = _made(group, "firewallPolicies", name, policy, {"sku": {"tier": "Standard"}, "threatIntelMode": "Alert"})
        for group_name, collections in policy.rule_collection_groups.items():
            properties = {"priority": collections.priority, "ruleCollections": list(collections.rule_collections)}
            made.children[fold(group_name)] = NetworkChild(group_name, properties)
        yield made


def _firewall(group: ResourceGroup, firewall: AzureFirewallModel) -> Json:
    properties: Json = {
        "sku": {"name": "AZFW_VNet", "tier": "Standard"},
        "threatIntelMode": "Alert",
        "ipConfigurations": [{"name": "ipconfig", "properties": {"privateIPAddress": firewall.private_ip}}],
        "applicationRuleCollections": list(firewall.application_rule_collections),
        "networkRuleCollections": list(firewall.network_rule_collections),
        "natRuleCollections": [],
    }
    if firewall.firewall_policy:
        policy = network_reference(firewall.firewall_policy, "firewallPolicies", group.subscription, group.name)
        properties["firewallPolicy"] = {"id": policy}
    return properties
