"""What there is of the network: stored resources, those that VMs bring along, and who uses which."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.default_network import (
    INTERFACE,
    SECURITY_GROUP,
    VIRTUAL_NETWORK,
    default_resource,
    default_resources,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from backup_reconciler.sandbox.core.estate import Estate, Json, NetworkResource, ResourceGroup

_WORKED_OUT = "users of stored network resources"


def of_group(group: ResourceGroup, kind: str) -> Iterator[NetworkResource]:
    """All of a kind in a group."""
    stored = group.network.get(kind, {})
    yield from stored.values()
    for one in default_resources(group, kind):
        if fold(one.name) not in stored:
            yield one


def find(group: ResourceGroup, kind: str, name: str) -> NetworkResource | None:
    stored = group.network.get(kind, {}).get(fold(name))
    return stored or default_resource(group, kind, name)


def by_id(estate: Estate, resource_id: str) -> NetworkResource | None:
    """A resource of Microsoft.Network by its id, or the parent by the id of one of its children."""
    words = resource_id.strip("/").split("/")
    if len(words) < 8 or fold(words[5]) != "microsoft.network":
        return None
    group = estate.group_of("/" + "/".join(words[:8]))
    kind = next((kind for kind in KINDS if fold(kind) == fold(words[6])), None)
    return find(group, kind, words[7]) if group and kind else None


def keep(estate: Estate, resource: NetworkResource) -> None:
    """Somebody writes to a resource: from now on it is kept."""
    group = estate.group_of(resource.id)
    assert group is not None, "a resource lies in a group that exists"
    group.network.setdefault(resource.kind, {})[fold(resource.name)] = resource


KINDS = (
    VIRTUAL_NETWORK,
    INTERFACE,
    SECURITY_GROUP,
    "routeTables",
    "natGateways",
    "applicationSecurityGroups",
    "loadBalancers",
    "azureFirewalls",
    "firewallPolicies",
    "privateEndpoints",
)
"""All that is served."""


def references(value: object) -> Iterator[str]:
    """Every id that stands in the properties of a resource, folded."""
    if isinstance(value, dict):
        if isinstance(value.get("id"), str):
            yield fold(value["id"])
        for inner in value.values():
            yield from references(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from references(inner)


def users(estate: Estate, resource_id: str) -> list[str]:
    """Ids of the stored parts of the network that refer to this one: IP configurations, interfaces, subnets."""
    revision, found = estate.worked_out.get(_WORKED_OUT, (None, {}))
    if revision != estate.revision:
        found = _users(estate)
        estate.worked_out[_WORKED_OUT] = (estate.revision, found)
    known: list[str] = found.get(fold(resource_id), [])
    return known


def _users(estate: Estate) -> dict[str, list[str]]:
    found: dict[str, list[str]] = defaultdict(list)
    for group in estate.groups():
        for kind, resources in group.network.items():
            for resource in resources.values():
                for part, properties in _parts(kind, resource):
                    for reference in dict.fromkeys(references(properties)):
                        found[reference].append(part)
    return found


def _parts(kind: str, resource: NetworkResource) -> Iterable[tuple[str, Json]]:
    """What in a resource refers to others, each part under the id by which the others name it in turn."""
    if kind == INTERFACE:
        own = {key: value for key, value in resource.properties.items() if key != "ipConfigurations"}
        yield resource.id, own
        for configuration in resource.properties.get("ipConfigurations", []):
            yield f"{resource.id}/ipConfigurations/{configuration['name']}", configuration["properties"]
    elif kind == VIRTUAL_NETWORK:
        for subnet in resource.children.values():
            yield f"{resource.id}/subnets/{subnet.name}", subnet.properties
    else:
        yield resource.id, resource.properties
        for child in resource.children.values():
            yield f"{resource.id}/{child.name}", child.properties


def security_group_users(estate: Estate, group: NetworkResource) -> tuple[list[str], list[str]]:
    """Interfaces and subnets that a security group stands before."""
    ids = list(users(estate, group.id))
    owner = estate.group_of(group.id)
    nic = default_resource(owner, INTERFACE, f"{group.name.removesuffix('NSG')}VMNic") if owner else None
    if owner and nic and group.name.endswith("NSG") and fold(nic.name) not in owner.network.get(INTERFACE, {}):
        ids.append(nic.id)
    subnets = [one for one in ids if "/virtualNetworks/" in one]
    return [one for one in ids if f"/{INTERFACE}/" in one], subnets


def subnet_users(estate: Estate, network: NetworkResource, subnet_id: str) -> list[str]:
    """IP configurations in a subnet."""
    ids = [one for one in users(estate, subnet_id) if "/ipConfigurations/" in one]
    group = estate.group_of(network.id)
    if group is None or not any(
        fold(f"{each.owner}VNET") == fold(network.name) for each in group.default_networks.values()
    ):
        return ids
    for nic in default_resources(group, INTERFACE):
        if fold(nic.name) in group.network.get(INTERFACE, {}):
            continue
        configuration = nic.properties["ipConfigurations"][0]
        if fold(configuration["properties"]["subnet"]["id"]) == fold(subnet_id):
            ids.append(f"{nic.id}/ipConfigurations/{configuration['name']}")
    return ids
