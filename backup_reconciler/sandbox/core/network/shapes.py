"""Resources of Microsoft.Network as they are read, by the api-version asked."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import name_guid, region_key
from backup_reconciler.sandbox.core.network.default_rules import DEFAULT_RULES
from backup_reconciler.sandbox.core.network.inventory import security_group_users, subnet_users, users

if TYPE_CHECKING:
    from collections.abc import Callable

    from backup_reconciler.sandbox.core.estate import Estate, Json, NetworkChild, NetworkResource

_TYPE = "Microsoft.Network"


def show(estate: Estate, resource: NetworkResource, api: str) -> Json:
    """A resource as it is read (R21 policy.json has interfaces and virtual networks)."""
    shown: Json = {
        "name": resource.name,
        "id": resource.id,
        "etag": resource.etag,
        "type": f"{_TYPE}/{resource.kind}",
        "location": resource.location,
        "properties": {"provisioningState": resource.provisioning, "resourceGuid": resource.guid},
    }
    if resource.tags:
        shown["tags"] = resource.tags
    if resource.sku is not None:
        shown["sku"] = resource.sku
    if resource.kind == "networkInterfaces" and api >= _INTERFACE_KINDS:
        shown["kind"] = "Regular"
    shown["properties"] |= _SHAPES.get(resource.kind, _as_kept)(estate, resource, api)
    return shown


def show_child(estate: Estate, parent: NetworkResource, child: NetworkChild, api: str) -> Json:
    """A subnet, a security rule or a rule collection group, with its parent's etag."""
    collection = CHILDREN[parent.kind]
    shown = _child(parent, collection, child.name, child.properties)
    if collection == "subnets":
        shown["properties"] = _subnet(estate, parent, child, api)
    return shown


CHILDREN = {
    "virtualNetworks": "subnets",
    "networkSecurityGroups": "securityRules",
    "firewallPolicies": "ruleCollectionGroups",
}
"""What the children of a kind are called."""


def _child(parent: NetworkResource, collection: str, name: str, properties: Json) -> Json:
    return {
        "name": name,
        "id": f"{parent.id}/{collection}/{name}",
        "etag": parent.etag,
        "type": f"{_TYPE}/{parent.kind}/{collection}",
        "properties": {"provisioningState": parent.provisioning, **properties},
    }


def _as_kept(_estate: Estate, resource: NetworkResource, _api: str) -> Json:
    return resource.properties


_INTERFACE_KINDS = "2020-07-01"
_ADDED_TO_INTERFACES: tuple[tuple[str, Json], ...] = (
    # Absent in 2018-01-01 (R21); which version brought each is chosen: it is known of none to the month.
    ("2018-12-01", {"hostedWorkloads": [], "tapConfigurations": []}),
    (_INTERFACE_KINDS, {"nicType": "Standard"}),
    ("2022-01-01", {"vnetEncryptionSupported": False, "auxiliaryMode": "None"}),
    ("2023-02-01", {"disableTcpStateTracking": False, "auxiliarySku": "None", "allowPort25Out": True}),
)
_ADDED_TO_SUBNETS: tuple[tuple[str, Json], ...] = (
    ("2018-08-01", {"delegations": []}),
    (
        "2019-04-01",
        {"privateEndpointNetworkPolicies": "Disabled", "privateLinkServiceNetworkPolicies": "Enabled"},
    ),
)
_DEFAULT_OUTBOUND_API = "2023-06-01"
"""Older versions do not know a subnet's `defaultOutboundAccess` (chosen)."""


def _added(additions: tuple[tuple[str, Json], ...], api: str) -> Json:
    return {key: value for since, values in additions if api >= since for key, value in values.items()}


def _interface(estate: Estate, nic: NetworkResource, api: str) -> Json:
    """MAC address and DNS suffix are made up of names, alike each time. A VM that has gone is not named any more."""
    digest = hashlib.sha256(nic.id.lower().encode()).hexdigest()
    suffix = name_guid(nic.subscription, nic.group.lower(), region_key(nic.location)).replace("-", "")[:26]
    mac = ["00", "22", "48", digest[0:2].upper(), digest[2:4].upper(), digest[4:6].upper()]
    vm = nic.properties.get("virtualMachine")
    lost = {"virtualMachine", "primary"} if vm and estate.virtual_machine(vm["id"]) is None else set()
    configurations = [_ip_configuration(nic, one, first=at == 0) for at, one in enumerate(_configurations(nic))]
    return {
        **{key: value for key, value in nic.properties.items() if key not in lost},
        "ipConfigurations": configurations,
        "dnsSettings": {
            "dnsServers": [],
            "appliedDnsServers": [],
            "internalDomainNameSuffix": f"{suffix}.ix.internal.cloudapp.net",
        },
        "macAddress": "-".join(mac),
        "enableAcceleratedNetworking": False,
        "enableIPForwarding": False,
        **_added(_ADDED_TO_INTERFACES, api),
    }


def _configurations(nic: NetworkResource) -> list[Json]:
    found: list[Json] = nic.properties["ipConfigurations"]
    return found


def _ip_configuration(nic: NetworkResource, one: Json, *, first: bool) -> Json:
    return {
        "name": one["name"],
        "id": f"{nic.id}/ipConfigurations/{one['name']}",
        "etag": nic.etag,
        "type": f"{_TYPE}/networkInterfaces/ipConfigurations",
        "properties": {
            "provisioningState": nic.provisioning,
            **one["properties"],
            "primary": first,
            "privateIPAddressVersion": "IPv4",
        },
    }


def _virtual_network(estate: Estate, network: NetworkResource, api: str) -> Json:
    subnets = [show_child(estate, network, child, api) for child in network.children.values()]
    return {**network.properties, "subnets": subnets, "virtualNetworkPeerings": [], "enableDdosProtection": False}


def _subnet(estate: Estate, network: NetworkResource, subnet: NetworkChild, api: str) -> Json:
    properties = {"provisioningState": network.provisioning, **subnet.properties, **_added(_ADDED_TO_SUBNETS, api)}
    configurations = subnet_users(estate, network, f"{network.id}/subnets/{subnet.name}")
    if configurations:
        properties["ipConfigurations"] = [{"id": one} for one in configurations]
    if "serviceEndpoints" in properties:
        properties["serviceEndpoints"] = [
            {"provisioningState": "Succeeded", "locations": ["*"], **one} for one in properties["serviceEndpoints"]
        ]
    if api < _DEFAULT_OUTBOUND_API:
        properties.pop("defaultOutboundAccess", None)
    return properties


def _security_group(estate: Estate, group: NetworkResource, _api: str) -> Json:
    interfaces, subnets = security_group_users(estate, group)
    shown: Json = {
        "securityRules": [
            _child(group, "securityRules", rule.name, rule.properties) for rule in group.children.values()
        ],
        "defaultSecurityRules": [
            _child(group, "defaultSecurityRules", name, properties) for name, properties in DEFAULT_RULES.items()
        ],
    }
    if interfaces:
        shown["networkInterfaces"] = [{"id": one} for one in interfaces]
    if subnets:
        shown["subnets"] = [{"id": one} for one in subnets]
    return shown


def _with_subnets(estate: Estate, resource: NetworkResource, _api: str) -> Json:
    """Route tables and NAT gateways name the subnets they serve."""
    subnets = [{"id": one} for one in users(estate, resource.id) if "/subnets/" in one]
    return {**resource.properties, "subnets": subnets} if subnets else resource.properties


def _route_table(estate: Estate, table: NetworkResource, api: str) -> Json:
    routes = [_child(table, "routes", route["name"], route["properties"]) for route in table.properties["routes"]]
    return {**_with_subnets(estate, table, api), "routes": routes}


def _load_balancer(estate: Estate, balancer: NetworkResource, _api: str) -> Json:
    """Its parts have ids; a backend pool names the IP configurations in it."""
    shown: Json = {"loadBalancingRules": [], "probes": [], "inboundNatRules": []}
    for collection in ("frontendIPConfigurations", "backendAddressPools", "outboundRules"):
        shown[collection] = [
            _child(balancer, collection, part["name"], part["properties"]) for part in balancer.properties[collection]
        ]
    for pool in shown["backendAddressPools"]:
        members = [{"id": one} for one in users(estate, pool["id"]) if "/ipConfigurations/" in one]
        pool["properties"] = {**pool["properties"], "backendIPConfigurations": members}
    return shown


def _firewall_policy(estate: Estate, policy: NetworkResource, _api: str) -> Json:
    """A policy names its groups of rule collections; they are read by themselves."""
    groups = [{"id": f"{policy.id}/ruleCollectionGroups/{group.name}"} for group in policy.children.values()]
    firewalls = [{"id": one} for one in users(estate, policy.id) if "/azureFirewalls/" in one]
    return {**policy.properties, "ruleCollectionGroups": groups, "firewalls": firewalls}


_SHAPES: dict[str, Callable[[Estate, NetworkResource, str], Json]] = {
    "networkInterfaces": _interface,
    "virtualNetworks": _virtual_network,
    "networkSecurityGroups": _security_group,
    "routeTables": _route_table,
    "natGateways": _with_subnets,
    "loadBalancers": _load_balancer,
    "firewallPolicies": _firewall_policy,
}
