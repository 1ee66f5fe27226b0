"""Codec of network security groups: ARM JSON → SecurityGroup."""

from collections.abc import Mapping
from typing import Any, Literal

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import fields
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule


def list_request(subscription: str) -> ArmRequest:
    return fields.list_request(subscription, "networkSecurityGroups")


def get_request(group: ArmId) -> ArmRequest:
    return get(group.text, Api.NETWORK)


def decode(arm: Mapping[str, Any]) -> SecurityGroup:
    properties = fields.properties(arm)
    rules = [decode_rule(one) for one in properties.get("securityRules") or ()]
    rules += [decode_rule(one, is_default=True) for one in properties.get("defaultSecurityRules") or ()]
    return SecurityGroup(
        id=ArmId(arm["id"]),
        location=fields.location(arm),
        rules=tuple(sorted(rules, key=lambda rule: (rule.priority, rule.name))),
    )


def decode_rule(arm: Mapping[str, Any], *, is_default: bool = False) -> SecurityRule:
    """One rule, as it stands in a group and as it is read by itself."""
    properties = arm["properties"]
    return SecurityRule(
        name=arm["name"],
        priority=properties["priority"],
        direction=_direction(properties),
        allows=properties["access"].casefold() == "allow",
        protocol=properties["protocol"],
        source=_side(properties, "source"),
        destination=_side(properties, "destination"),
        description=properties.get("description") or "",
        is_default=is_default,
        raw=arm,
    )


def _direction(properties: Mapping[str, Any]) -> Literal["Inbound", "Outbound"]:
    return "Inbound" if properties["direction"].casefold() == "inbound" else "Outbound"


def _side(properties: Mapping[str, Any], side: Literal["source", "destination"]) -> RuleSide:
    return RuleSide(
        addresses=fields.values(properties, f"{side}AddressPrefix", f"{side}AddressPrefixes"),
        application_groups=frozenset(fields.references(properties.get(f"{side}ApplicationSecurityGroups"))),
        ports=fields.values(properties, f"{side}PortRange", f"{side}PortRanges") or ("*",),
    )
