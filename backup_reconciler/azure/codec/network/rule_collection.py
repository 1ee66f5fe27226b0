"""Codec of rule collections, of firewall policies and of classic firewalls: ARM JSON → RuleCollection.

A policy tells the kind of each rule, and its fields are named a little otherwise than those of a classic firewall.
"""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec.network import fields
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection, RuleKind

_CLASSIC: Mapping[str, RuleKind] = {
    "natRuleCollections": "nat",
    "networkRuleCollections": "network",
    "applicationRuleCollections": "application",
}
_RULE_TYPES: Mapping[str, RuleKind] = {
    "natrule": "nat",
    "networkrule": "network",
    "applicationrule": "application",
}


def decode_classic(firewall: Mapping[str, Any]) -> tuple[RuleCollection, ...]:
    """The collections that a firewall has itself, from its properties."""
    found = [
        _collection(one, fields.properties(one), kind)
        for field, kind in _CLASSIC.items()
        for one in firewall.get(field) or ()
    ]
    return tuple(sorted(found, key=lambda collection: collection.priority))


def decode_of_policy(group: Mapping[str, Any]) -> tuple[RuleCollection, ...]:
    """The collections of a rule collection group, from its properties."""
    found = [_of_policy(one) for one in group.get("ruleCollections") or ()]
    return tuple(sorted(found, key=lambda collection: collection.priority))


def _of_policy(arm: Mapping[str, Any]) -> RuleCollection:
    """Rules of different kinds have collections of their own; one without rules decides over nothing."""
    rule_type = next((str(rule["ruleType"]).casefold() for rule in arm.get("rules") or ()), "")
    return _collection(arm, arm, _RULE_TYPES.get(rule_type, "network"))


def _collection(arm: Mapping[str, Any], properties: Mapping[str, Any], kind: RuleKind) -> RuleCollection:
    action = (properties.get("action") or {}).get("type")
    return RuleCollection(
        name=arm["name"],
        kind=kind,
        priority=properties["priority"],
        allows=str(action).casefold() == "allow",
        rules=tuple(_rule(one) for one in properties.get("rules") or ()),
        raw=arm,
    )


def _rule(arm: Mapping[str, Any]) -> FirewallRule:
    return FirewallRule(
        name=arm.get("name") or "",
        description=arm.get("description") or "",
        sources=fields.texts(arm.get("sourceAddresses")),
        source_ip_groups=tuple(map(ArmId, arm.get("sourceIpGroups") or ())),
        destinations=fields.texts(arm.get("destinationAddresses")),
        destination_ip_groups=tuple(map(ArmId, arm.get("destinationIpGroups") or ())),
        ports=fields.texts(arm.get("destinationPorts")),
        protocols=_protocols(arm),
        fqdns=fields.texts(arm.get("targetFqdns")) or fields.texts(arm.get("destinationFqdns")),
        fqdn_tags=fields.texts(arm.get("fqdnTags")),
        urls=fields.texts(arm.get("targetUrls")),
        web_categories=fields.texts(arm.get("webCategories")),
    )


def _protocols(arm: Mapping[str, Any]) -> tuple[str, ...]:
    """Names of IP protocols; of an application rule protocols with their ports."""
    found = arm.get("ipProtocols") or arm.get("protocols") or ()
    return tuple(_application_protocol(one) if isinstance(one, Mapping) else str(one) for one in found)


def _application_protocol(arm: Mapping[str, Any]) -> str:
    kind, port = str(arm["protocolType"]).casefold(), arm.get("port")
    return f"{kind}:{port}" if port else kind
