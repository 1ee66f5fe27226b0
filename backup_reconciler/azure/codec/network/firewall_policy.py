"""Codec of firewall policies and their rule collection groups: ARM JSON → FirewallPolicy, RuleCollectionGroup."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import fields, rule_collection
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import FirewallPolicy, RuleCollectionGroup


def get_request(policy: ArmId) -> ArmRequest:
    return get(policy.text, Api.NETWORK)


def groups_request(policy: ArmId) -> ArmRequest:
    """The rule collection groups of a policy: its own answer names them and no more."""
    return get(policy.child("ruleCollectionGroups").text, Api.NETWORK)


def decode(arm: Mapping[str, Any]) -> FirewallPolicy:
    """A policy without its groups, which are read by themselves."""
    return FirewallPolicy(
        id=ArmId(arm["id"]),
        location=fields.location(arm),
        base=fields.reference(fields.properties(arm).get("basePolicy")),
    )


def decode_group(arm: Mapping[str, Any]) -> RuleCollectionGroup:
    properties = arm["properties"]
    return RuleCollectionGroup(
        id=ArmId(arm["id"]),
        priority=properties["priority"],
        collections=rule_collection.decode_of_policy(properties),
        raw=arm,
    )
