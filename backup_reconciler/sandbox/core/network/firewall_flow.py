"""Whether an Azure Firewall lets a flow through: network rules first, then application rules, else not.

Lower priorities come first, a policy's groups before its collections (Learn: rule-processing). An application rule is
about a service by the FQDN tag `AzureBackup`, which covers what backups speak to, or by `*`; single FQDNs are not
resolved here. IP groups and a policy's base policy are not looked into.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.flow import holds, touches
from backup_reconciler.sandbox.core.network.inventory import by_id
from backup_reconciler.sandbox.core.network.service_tags import is_tag, prefixes

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate, Json, NetworkResource
    from backup_reconciler.sandbox.core.network.flow import Flow


def lets_through(estate: Estate, firewall: NetworkResource, flow: Flow) -> bool:
    collections = _collections(estate, firewall)
    for kind in ("NetworkRule", "ApplicationRule"):
        for allows, rules in collections:
            if any(rule["ruleType"] == kind and _is_about(rule, flow, denies=not allows) for rule in rules):
                return allows
    return False


def _collections(estate: Estate, firewall: NetworkResource) -> list[tuple[bool, list[Json]]]:
    """Whether each allows, and its rules, in the order in which they are asked."""
    policy = by_id(estate, str((firewall.properties.get("firewallPolicy") or {}).get("id") or ""))
    ordered = _of_policy(policy) if policy else _classic(firewall)
    return [
        (collection["action"]["type"] == "Allow", collection.get("rules") or [])
        for collection in ordered
        if collection["action"]["type"] in ("Allow", "Deny")
    ]


def _of_policy(policy: NetworkResource) -> list[Json]:
    groups = sorted(policy.children.values(), key=lambda group: int(group.properties["priority"]))
    return [
        collection
        for group in groups
        for collection in sorted(group.properties["ruleCollections"], key=lambda one: int(one["priority"]))
    ]


def _classic(firewall: NetworkResource) -> list[Json]:
    """A classic firewall's collections in the form of a policy's."""
    found = []
    for field, kind in (("networkRuleCollections", "NetworkRule"), ("applicationRuleCollections", "ApplicationRule")):
        for one in firewall.properties.get(field) or []:
            rules = [{**rule, "ruleType": kind} for rule in one["properties"].get("rules") or []]
            found.append({**one["properties"], "rules": rules})
    return sorted(found, key=lambda collection: int(collection["priority"]))


def _is_about(rule: Json, flow: Flow, *, denies: bool) -> bool:
    if not any(_source(value, flow) for value in rule.get("sourceAddresses") or []):
        return False
    if rule["ruleType"] == "ApplicationRule":
        return _names_the_service(rule, flow)
    protocols = {fold(each) for each in rule.get("ipProtocols") or rule.get("protocols") or []}
    return (
        bool(protocols & {"tcp", "any"})
        and any(_port(value, flow.port) for value in rule.get("destinationPorts") or [])
        and all(
            any(_destination(value, target, denies=denies) for value in rule.get("destinationAddresses") or [])
            for target in flow.targets
        )
    )


def _source(value: str, flow: Flow) -> bool:
    return value == "*" or (_is_prefix(value) and touches(value, flow.source))


def _destination(value: str, target: str, *, denies: bool) -> bool:
    meets = touches if denies else holds
    if is_tag(value):
        return any(meets(prefix, target) for prefix in prefixes(value))
    return value == "*" or (_is_prefix(value) and meets(value, target))


def _is_prefix(value: str) -> bool:
    try:
        touches(value, value)
    except ValueError:
        return False
    return True


def _port(value: str, port: int) -> bool:
    low, _, high = value.partition("-")
    return value == "*" or (low.isdecimal() and (high or low).isdecimal() and int(low) <= port <= int(high or low))


def _names_the_service(rule: Json, flow: Flow) -> bool:
    """Over https, at any port the rule states."""
    secure = any(
        fold(str(each.get("protocolType"))) == "https" and each.get("port", 443) == flow.port
        for each in rule.get("protocols") or []
    )
    tags = {fold(tag) for tag in rule.get("fqdnTags") or []}
    return secure and ("azurebackup" in tags or "*" in (rule.get("targetFqdns") or []))
