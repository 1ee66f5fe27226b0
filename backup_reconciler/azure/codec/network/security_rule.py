"""Codec of one rule of a network security group: SecurityRule → ARM JSON, and the requests that read and write it.

A rule is a resource of its own below its group, so that writing one sends nobody else's.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule

_SIDES = ("source", "destination")
_OF_A_SIDE = ("AddressPrefix", "AddressPrefixes", "ApplicationSecurityGroups", "PortRange", "PortRanges")
_WRITTEN_ANEW = {"provisioningState", *(side + field for side in _SIDES for field in _OF_A_SIDE)}
"""Properties of a live rule that are not sent back: the server's own, and those that say one thing in two ways."""


def id_of(group: ArmId, name: str) -> ArmId:
    return group.child("securityRules", name)


def get_request(rule: ArmId) -> ArmRequest:
    return get(rule.text, Api.NETWORK)


def put_request(id_: ArmId, rule: SecurityRule, live: SecurityRule | None = None) -> ArmRequest:
    """PUT of a new rule, or of a live one with what the rule says over it."""
    return ArmRequest("PUT", id_.text, Api.NETWORK, body={"properties": encode(rule, live.raw if live else {})})


def delete_request(rule: ArmId) -> ArmRequest:
    return ArmRequest("DELETE", rule.text, Api.NETWORK)


def encode(rule: SecurityRule, live: Mapping[str, Any]) -> dict[str, Any]:
    """The `properties` to PUT; `live` is the rule's ARM JSON, empty where there is none yet."""
    kept = {name: value for name, value in fields.properties(live).items() if name not in _WRITTEN_ANEW}
    return {
        **kept,
        "description": rule.description,
        "protocol": rule.protocol,
        **_side("source", rule.source),
        **_side("destination", rule.destination),
        "access": "Allow" if rule.allows else "Deny",
        "priority": rule.priority,
        "direction": rule.direction,
    }


def _side(name: str, side: RuleSide) -> dict[str, Any]:
    groups = [{"id": group.text} for group in sorted(side.application_groups)]
    if groups:
        addresses: dict[str, Any] = {f"{name}ApplicationSecurityGroups": groups}
    else:
        addresses = _one_or_several(f"{name}AddressPrefix", f"{name}AddressPrefixes", side.addresses)
    return addresses | _one_or_several(f"{name}PortRange", f"{name}PortRanges", side.ports)


def _one_or_several(singular: str, plural: str, values: Sequence[str]) -> dict[str, Any]:
    """Azure takes tags and `*` in the singular field alone (source: terraform-provider-azurerm issue 5617)."""
    return {singular: values[0]} if len(values) == 1 else {plural: list(values)}
