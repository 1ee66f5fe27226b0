"""Codec of virtual networks, with their subnets: ARM JSON → VirtualNetwork."""

from collections.abc import Iterator, Mapping
from typing import Any

from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.virtual_network import Subnet, VirtualNetwork


def list_request(subscription: str) -> ArmRequest:
    return fields.list_request(subscription, "virtualNetworks")


def decode(arm: Mapping[str, Any]) -> VirtualNetwork:
    properties = fields.properties(arm)
    subnets = [_subnet(one) for one in properties.get("subnets") or ()]
    peerings = [fields.properties(one) for one in properties.get("virtualNetworkPeerings") or ()]
    joined = [one for one in peerings if _joins(one)]
    return VirtualNetwork(
        id=ArmId(arm["id"]),
        location=fields.location(arm),
        prefixes=_space(properties.get("addressSpace")),
        subnets={one.id: one for one in subnets},
        peered_prefixes=tuple(dict.fromkeys(prefix for one in joined for prefix in _peered(one))),
        peers=frozenset(fields.references(one.get("remoteVirtualNetwork") or {} for one in joined)),
    )


def _subnet(arm: Mapping[str, Any]) -> Subnet:
    properties = fields.properties(arm)
    return Subnet(
        id=ArmId(arm["id"]),
        prefixes=fields.ipv4(fields.values(properties, "addressPrefix", "addressPrefixes")),
        security_group=fields.reference(properties.get("networkSecurityGroup")),
        route_table=fields.reference(properties.get("routeTable")),
        nat_gateway=fields.reference(properties.get("natGateway")),
        service_endpoints=frozenset(_service_endpoints(properties)),
        default_outbound=properties.get("defaultOutboundAccess") is not False,
    )


def _service_endpoints(properties: Mapping[str, Any]) -> Iterator[str]:
    for one in properties.get("serviceEndpoints") or ():
        if one.get("service"):
            yield str(one["service"]).casefold()


def _joins(peering: Mapping[str, Any]) -> bool:
    """Whether a peering connects, and has the tag VirtualNetwork hold the other side.

    It does not where access to the other network is not allowed (source: Create, change, or delete a virtual network
    peering, Microsoft Learn).
    """
    connected = str(peering.get("peeringState")).casefold() == "connected"
    return connected and peering.get("allowVirtualNetworkAccess") is not False


def _peered(peering: Mapping[str, Any]) -> tuple[str, ...]:
    """The addresses that are routed to the other side; older api-versions have them in one of the fields only."""
    return _space(peering.get("remoteAddressSpace")) or _space(peering.get("remoteVirtualNetworkAddressSpace"))


def _space(space: Mapping[str, Any] | None) -> tuple[str, ...]:
    return fields.ipv4(fields.texts((space or {}).get("addressPrefixes")))
