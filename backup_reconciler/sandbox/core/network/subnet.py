"""Writing subnets of virtual networks that are there: what leads into them, out of them, and stands before them."""

from __future__ import annotations

from ipaddress import IPv4Network, IPv6Network, ip_network
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import NetworkChild, fold
from backup_reconciler.sandbox.core.network import security_rules
from backup_reconciler.sandbox.core.network.inventory import by_id
from backup_reconciler.sandbox.core.network.operations import written
from backup_reconciler.sandbox.core.network.reading import child_of
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused, missing_reference, unparsable
from backup_reconciler.sandbox.core.network.shapes import show_child
from backup_reconciler.sandbox.core.network.writing import begin_write, owned
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.messages import section
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Json, NetworkResource
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response

_KIND = "virtualNetworks"
_PRIVATE_BY_DEFAULT = "2025-07-01"
"""Since this version a new subnet has no default outbound access unless it says so (Learn: default-outbound-access)."""
REFERENCES = {"networkSecurityGroup": "networkSecurityGroups", "routeTable": "routeTables", "natGateway": "natGateways"}


def put_subnet(call: Call) -> Response:
    """Replaces a subnet: what the body leaves out is taken off it."""
    network, name = owned(call, _KIND), call.names["child"]
    security_rules.check_name(name)
    former = network.children.get(fold(name))
    properties = _read(call, network, f"{network.id}/subnets/{name}", former)
    check_prefix(network, name, properties["addressPrefix"])
    network.children[fold(name)] = NetworkChild(former.name if former else name, properties)
    begin_write(call, network)
    body = show_child(call.estate, network, network.children[fold(name)], call.api_version)
    return written(call, network, created=former is None, body=body)


def _read(call: Call, network: NetworkResource, subnet_id: str, former: NetworkChild | None) -> Json:
    told = call.properties
    properties: Json = {"addressPrefix": _prefix(told)}
    for field, kind in REFERENCES.items():
        reference = section(told, field).get("id")
        if reference is not None:
            _check_reference(call, network, subnet_id, kind, reference)
            properties[field] = {"id": reference}
    endpoints = _endpoints(told.get("serviceEndpoints"))
    if endpoints:
        properties["serviceEndpoints"] = endpoints
    outbound = told.get("defaultOutboundAccess")
    if outbound is not None and not isinstance(outbound, bool):
        raise unparsable("defaultOutboundAccess must be true or false.")
    if outbound is None and former is None and call.api_version >= _PRIVATE_BY_DEFAULT:
        outbound = False
    if outbound is None and former is not None:
        outbound = former.properties.get("defaultOutboundAccess")
    return properties if outbound is None else {**properties, "defaultOutboundAccess": outbound}


def _prefix(told: Json) -> str:
    """The one prefix of a subnet, in either of its two fields."""
    several = told.get("addressPrefixes")
    prefix = told.get("addressPrefix")
    if prefix is None and isinstance(several, list) and len(several) == 1:
        prefix = several[0]
    if not isinstance(prefix, str):
        raise unparsable("addressPrefix must be given.")
    return prefix


def _check_reference(call: Call, network: NetworkResource, subnet_id: str, kind: str, reference: Any) -> None:
    found = by_id(call.estate, reference) if isinstance(reference, str) else None
    if found is None or found.kind != kind or normal_location(found.location) != normal_location(network.location):
        raise missing_reference(str(reference), subnet_id)


def _endpoints(told: Any) -> list[Json]:
    if told is None:
        return []
    if not isinstance(told, list):
        raise unparsable("serviceEndpoints must be a list.")
    services = [each.get("service") if isinstance(each, dict) else None for each in told]
    if not all(isinstance(service, str) for service in services):
        raise unparsable("A service endpoint must name its service.")
    return [{"service": service} for service in services]


def check_prefix(network: NetworkResource, name: str, prefix: str) -> None:
    """A subnet lies in its network's address space and on no other subnet (codes as known from TF issues)."""
    own = _network(prefix)
    if own is None:
        raise NetworkRefused(
            400, "InvalidCIDRNotation", f"The address prefix {prefix} in resource {name} has an invalid CIDR notation."
        )
    spaces = [_network(space) for space in network.properties["addressSpace"]["addressPrefixes"]]
    if not any(space and contains(space, own) for space in spaces):
        raise NetworkRefused(
            400,
            "NetcfgSubnetRangeOutsideVnet",
            f"Subnet '{name}' is not valid because its IP address range is outside the IP address range of virtual "
            f"network '{network.name}'.",
        )
    for other in network.children.values():
        taken = _network(other.properties["addressPrefix"])
        if fold(other.name) != fold(name) and taken and own.overlaps(taken):
            raise NetworkRefused(
                400,
                "NetcfgSubnetRangesOverlap",
                f"Subnet '{name}' is not valid because its IP address range overlaps with that of an existing subnet "
                f"in virtual network '{network.name}'.",
            )


def _network(prefix: str) -> IPv4Network | IPv6Network | None:
    try:
        return ip_network(prefix)
    except ValueError:
        return None


def contains(outer: IPv4Network | IPv6Network, inner: IPv4Network | IPv6Network) -> bool:
    """Whether all of a range lies in another; ranges of two versions never do."""
    if isinstance(outer, IPv4Network) and isinstance(inner, IPv4Network):
        return inner.subnet_of(outer)
    return isinstance(outer, IPv6Network) and isinstance(inner, IPv6Network) and inner.subnet_of(outer)


ROUTES = (Route("PUT", child_of(_KIND), put_subnet),)
