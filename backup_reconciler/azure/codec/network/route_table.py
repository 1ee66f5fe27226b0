"""Codec of route tables: ARM JSON → RouteTable."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.route_table import Route, RouteTable


def list_request(subscription: str) -> ArmRequest:
    return fields.list_request(subscription, "routeTables")


def decode(arm: Mapping[str, Any]) -> RouteTable:
    return RouteTable(ArmId(arm["id"]), tuple(_route(one) for one in fields.properties(arm).get("routes") or ()))


def _route(arm: Mapping[str, Any]) -> Route:
    properties = arm["properties"]
    return Route(
        name=arm["name"],
        prefix=properties["addressPrefix"],
        hop=properties["nextHopType"],
        hop_address=properties.get("nextHopIpAddress") or None,
    )
