"""Codec of private endpoints: ARM JSON → PrivateEndpoint."""

from collections.abc import Iterator, Mapping
from typing import Any

from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.private_endpoint import PrivateEndpoint


def list_request(subscription: str) -> ArmRequest:
    return fields.list_request(subscription, "privateEndpoints")


def decode(arm: Mapping[str, Any]) -> PrivateEndpoint:
    properties = fields.properties(arm)
    return PrivateEndpoint(
        id=ArmId(arm["id"]),
        subnet=ArmId(properties["subnet"]["id"]),
        targets=frozenset(_targets(properties)),
    )


def _targets(properties: Mapping[str, Any]) -> Iterator[ArmId]:
    """What its connections lead to; one that nobody has approved leads nowhere."""
    for field in ("privateLinkServiceConnections", "manualPrivateLinkServiceConnections"):
        for connection in map(fields.properties, properties.get(field) or ()):
            state = connection.get("privateLinkServiceConnectionState") or {}
            approved = str(state.get("status") or "Approved").casefold() == "approved"
            if approved and connection.get("privateLinkServiceId"):
                yield ArmId(connection["privateLinkServiceId"])
