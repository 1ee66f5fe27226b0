"""Rules of method firewall: rules in a classic Azure Firewall or in a firewall policy."""

import re
from collections.abc import Iterator

from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.ids import id_fault
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.outbound import OutboundAccessSpec
from backup_reconciler.spec.resource_type import AZURE_FIREWALL, FIREWALL_POLICY, ResourceType
from backup_reconciler.spec.rules.outbound import FIREWALL_CHOICE, FIREWALL_PRIORITY, RULE_COLLECTION_GROUP
from backup_reconciler.spec.rules.value import RESOURCE_ID

_FIREWALL: FieldPath = ("spec", "firewall")
_CLASSIC: FieldPath = (*_FIREWALL, "azureFirewall")
_POLICY: FieldPath = (*_FIREWALL, "firewallPolicy")
_GROUP: FieldPath = (*_FIREWALL, "ruleCollectionGroup")
_GROUP_NAME = re.compile(r"[A-Za-z0-9]([A-Za-z0-9._-]{0,78}[A-Za-z0-9_])?")
_LOWEST, _HIGHEST = 100, 65000


def choice(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    rules, tree = document.spec.firewall, document.written.tree
    if rules is None:
        return
    if rules.azure_firewall is None and rules.firewall_policy is None:
        yield document.problem(FIREWALL_CHOICE, _FIREWALL, "names neither azureFirewall nor firewallPolicy")
    elif rules.azure_firewall is not None and rules.firewall_policy is not None:
        place, also = tree.key_place(_POLICY), tree.key_place(_CLASSIC)
        what, remedy = "stands beside azureFirewall", "keep one of the two"
        yield document.written.problem(FIREWALL_CHOICE, _POLICY, what, remedy, at=place, also=also)


def ids(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    rules = document.spec.firewall
    if rules is not None:
        yield from _id(document, _CLASSIC, rules.azure_firewall, AZURE_FIREWALL, FIREWALL_POLICY)
        yield from _id(document, _POLICY, rules.firewall_policy, FIREWALL_POLICY, AZURE_FIREWALL)


def _id(
    document: Declared[OutboundAccessSpec], path: FieldPath, text: str | None, wanted: ResourceType, other: ResourceType
) -> Iterator[Problem]:
    fault = id_fault(text, wanted) if text is not None else None
    if text is not None and fault:
        (meant,) = {"azureFirewall", "firewallPolicy"} - {path[-1]}
        remedy = fault.remedy if id_fault(text, other) else f"write it as {meant}"
        yield document.problem(RESOURCE_ID, path, fault.what, remedy)


def rule_collection_group(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    rules, tree = document.spec.firewall, document.written.tree
    if rules is None:
        return
    name = rules.rule_collection_group
    if name is None and rules.firewall_policy is not None and rules.azure_firewall is None:
        remedy = "add ruleCollectionGroup: the name of one of the policy's groups"
        yield document.problem(RULE_COLLECTION_GROUP, _GROUP, "is missing beside firewallPolicy", remedy)
    elif name is not None and rules.firewall_policy is None:
        what, remedy = "goes with firewallPolicy only", "remove it, or name the policy"
        yield document.written.problem(RULE_COLLECTION_GROUP, _GROUP, what, remedy, at=tree.key_place(_GROUP))
    elif name is not None and "/" in name:
        yield document.problem(RULE_COLLECTION_GROUP, _GROUP, "is an id", f"write {quoted(ArmId(name).name)} alone")
    elif name is not None and not _GROUP_NAME.fullmatch(name):
        what = f"{quoted(name)} cannot be the name of a rule collection group"
        yield document.problem(RULE_COLLECTION_GROUP, _GROUP, what)


def priority(document: Declared[OutboundAccessSpec]) -> Iterator[Problem]:
    rules = document.spec.firewall
    if rules is None or rules.priority is None:
        return
    path = (*_FIREWALL, "priority")
    if not _LOWEST <= rules.priority <= _HIGHEST:
        yield document.problem(FIREWALL_PRIORITY, path, f"{rules.priority} is not from {_LOWEST} to {_HIGHEST}")
    elif rules.priority == _HIGHEST and rules.network_rule is not None:
        what = f"{_HIGHEST} leaves no room for the rule collection of networkRule, which follows it"
        yield document.problem(FIREWALL_PRIORITY, path, what, f"use {_HIGHEST - 1} or lower")


RULES = (choice, ids, rule_collection_group, priority)
