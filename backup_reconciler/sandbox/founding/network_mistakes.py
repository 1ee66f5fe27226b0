"""What in a world's network does not fit together, or the service would refuse."""

from __future__ import annotations

from ipaddress import IPv4Network, ip_address, ip_network
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import ResourceGroup, fold
from backup_reconciler.sandbox.core.network import firewall_rules, security_rules
from backup_reconciler.sandbox.core.network.inventory import references
from backup_reconciler.sandbox.core.network.service_tags import is_tag
from backup_reconciler.sandbox.core.network.subnet import check_prefix
from backup_reconciler.sandbox.core.wire.messages import Refused
from backup_reconciler.sandbox.founding.network_resources import found_resources
from backup_reconciler.sandbox.founding.nic_mistakes import nic_mistakes

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from backup_reconciler.sandbox.core.estate import Json, NetworkChild, NetworkResource
    from backup_reconciler.sandbox.world.base import Trail
    from backup_reconciler.sandbox.world.world import World

Problem = tuple["Trail", str]

_CHILDREN = {
    "virtualNetworks": "subnets",
    "networkSecurityGroups": "rules",
    "firewallPolicies": "ruleCollectionGroups",
}
"""What a world calls the children of a kind."""
_PARTS = ("backendAddressPools", "frontendIPConfigurations")


def network_mistakes(world: World) -> list[Problem]:
    """All of them; addresses of interfaces are looked at only where the networks they are in are right."""
    resources = list(_resources(world))
    known = _known(resources)
    problems = [problem for at, resource in resources for problem in _of_resource(at, resource, known)]
    return problems or nic_mistakes(world, known)


def _resources(world: World) -> Iterator[tuple[Trail, NetworkResource]]:
    for subscription_id, subscription in world.subscriptions.items():
        for name, told in subscription.resource_groups.items():
            group = ResourceGroup(subscription_id, name, told.location)
            for resource in found_resources(group, told):
                at: Trail = ("subscriptions", subscription_id, "resourceGroups", name, resource.kind, resource.name)
                yield at, resource


def _known(resources: list[tuple[Trail, NetworkResource]]) -> dict[str, Json]:
    """Everything that can be referred to, by its folded id, with its properties."""
    known: dict[str, Json] = {}
    for _, resource in resources:
        known[fold(resource.id)] = resource.properties
        for child in resource.children.values():
            known[fold(f"{resource.id}/{_CHILDREN[resource.kind]}/{child.name}")] = child.properties
        for part in _PARTS:
            for each in resource.properties.get(part) or []:
                known[fold(f"{resource.id}/{part}/{each['name']}")] = {}
    return known


def _of_resource(at: Trail, resource: NetworkResource, known: dict[str, Json]) -> Iterator[Problem]:
    yield from _refused(at, lambda: security_rules.check_name(resource.name))
    yield from _dangling(at, resource.properties, known)
    match resource.kind:
        case "virtualNetworks":
            yield from _bad_prefixes(at, resource.properties["addressSpace"]["addressPrefixes"])
        case "routeTables":
            yield from _routes(at, resource.properties["routes"])
        case "azureFirewalls":
            yield from _refused(at, lambda: firewall_rules.check_classic(resource.properties))
    for child in resource.children.values():
        here = (*at, _CHILDREN[resource.kind], child.name)
        yield from _dangling(here, child.properties, known)
        yield from _refused(here, lambda child=child: _check_child(resource, child))  # type: ignore[misc]


def _check_child(parent: NetworkResource, child: NetworkChild) -> None:
    """A child by the rules that hold when it is PUT."""
    security_rules.check_name(child.name)
    others = {other.name: other.properties for other in parent.children.values() if other is not child}
    if parent.kind == "virtualNetworks":
        check_prefix(parent, child.name, child.properties["addressPrefix"])
    elif parent.kind == "networkSecurityGroups":
        security_rules.read(f"{parent.id}/securityRules/{child.name}", child.properties)
        security_rules.check_unique(child.name, child.properties, others)
    else:
        firewall_rules.check_group(child.properties, others.values())


def _refused(at: Trail, check: Callable[[], None]) -> Iterator[Problem]:
    try:
        check()
    except Refused as refused:
        yield at, f"the service would refuse it; {refused.message}"


def _dangling(at: Trail, properties: Json, known: dict[str, Json]) -> Iterator[Problem]:
    for reference in references(properties):
        if reference not in known and "/publicipaddresses/" not in reference:
            words = reference.split("/")
            named = "/".join([*words[4:5], *words[8::2]])
            yield at, f"'{named}' is not in this world; name a resource as name, group/name or by its id"


def _bad_prefixes(at: Trail, prefixes: list[str]) -> Iterator[Problem]:
    for prefix in prefixes:
        if not _is_prefix(prefix):
            yield (*at, "addressPrefixes"), f"'{prefix}' is no IPv4 prefix; it should be as 10.0.0.0/16"


def _is_prefix(text: str) -> bool:
    try:
        return isinstance(ip_network(text), IPv4Network)
    except ValueError:
        return False


def _routes(at: Trail, routes: list[Json]) -> Iterator[Problem]:
    for route in routes:
        here, properties = (*at, "routes", str(route["name"])), route["properties"]
        prefix, hop = properties["addressPrefix"], properties.get("nextHopIpAddress")
        if not is_tag(prefix) and not _is_prefix(prefix):
            yield (*here, "addressPrefix"), f"'{prefix}' is neither an IPv4 prefix nor a service tag"
        if (properties["nextHopType"] == "VirtualAppliance") != (hop is not None):
            yield here, "a route to a VirtualAppliance, and no other, needs a 'nextHopIpAddress'"
        elif hop is not None and not _is_address(hop):
            yield (*here, "nextHopIpAddress"), f"'{hop}' is no address"


def _is_address(text: str) -> bool:
    try:
        return bool(ip_address(text))
    except ValueError:
        return False
