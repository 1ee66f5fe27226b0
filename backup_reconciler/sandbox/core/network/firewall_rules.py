"""What rules of an Azure Firewall must be, classic ones and those of a policy; they are kept as they were written.

That priorities run from 100 to 65000 and differ, and that an FQDN tag goes with https alone, is documented (Learn:
rule-processing, fqdn-tags). The codes of the refusals are in no source and chosen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import Json, fold
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused, unparsable

if TYPE_CHECKING:
    from collections.abc import Iterable

FQDN_TAGS = {
    "AppServiceEnvironment", "AzureBackup", "AzureHDInsight", "AzureKubernetesService", "HDInsight",
    "MicrosoftActiveProtectionService", "MicrosoftIntune", "Windows365", "WindowsDiagnostics", "WindowsUpdate",
    "WindowsVirtualDesktop",
}  # fmt: skip
_KNOWN_TAGS = {fold(tag) for tag in FQDN_TAGS}

CLASSIC = {"applicationRuleCollections": "ApplicationRule", "networkRuleCollections": "NetworkRule",
           "natRuleCollections": "NatRule"}  # fmt: skip
"""Where a classic firewall keeps its collections, and the type that a policy would give their rules."""


def check_classic(told: Json) -> None:
    """The collections of a classic firewall; each kind has priorities of its own."""
    for field, rule_type in CLASSIC.items():
        collections = objects(field, told.get(field))
        for collection in collections:
            properties = _object("properties", collection.get("properties"))
            _text("name", collection.get("name"))
            _action(properties)
            for rule in objects("rules", properties.get("rules")):
                check_rule({**rule, "ruleType": rule_type})
        priorities = [_object("properties", one.get("properties")).get("priority") for one in collections]
        _check_priorities("AzureFirewallRuleCollection", priorities)


def check_group(told: Json, others: Iterable[Json]) -> None:
    """A group of rule collections in a policy, and its priority among the others."""
    _check_priorities(
        "FirewallPolicyRuleCollectionGroup", [told.get("priority"), *(other["priority"] for other in others)]
    )
    collections = objects("ruleCollections", told.get("ruleCollections"))
    for collection in collections:
        kind = collection.get("ruleCollectionType")
        if kind not in ("FirewallPolicyFilterRuleCollection", "FirewallPolicyNatRuleCollection"):
            raise unparsable(f"The value {kind!r} of ruleCollectionType is not known.")
        _text("name", collection.get("name"))
        _action(collection)
        for rule in objects("rules", collection.get("rules")):
            check_rule(rule)
    _check_priorities("FirewallPolicyRuleCollection", [one.get("priority") for one in collections])


def _check_priorities(subject: str, priorities: list[Any]) -> None:
    for priority in priorities:
        if not isinstance(priority, int) or isinstance(priority, bool):
            raise unparsable("priority must be a number.")
        if not 100 <= priority <= 65000:
            raise NetworkRefused(
                400,
                f"{subject}InvalidPriority",
                f"Invalid priority {priority}. Priority must be between 100 and 65000.",
            )
    if len(set(priorities)) < len(priorities):
        raise NetworkRefused(
            400, f"{subject}PriorityConflict", "Two of one kind have the same priority; each needs one of its own."
        )


def _action(properties: Json) -> None:
    """A collection allows or denies; one that translates addresses does `Dnat`."""
    kind = _object("action", properties.get("action")).get("type")
    if kind not in ("Allow", "Deny", "Dnat", "DNAT"):
        raise unparsable(f"The value {kind!r} of action.type is not known.")


def check_rule(rule: Json) -> None:
    _text("name", rule.get("name"))
    for field in ("sourceAddresses", "destinationAddresses", "destinationPorts", "targetFqdns", "fqdnTags"):
        _texts(field, rule.get(field))
    match rule.get("ruleType"):
        case "ApplicationRule":
            _check_application_rule(rule)
        case "NetworkRule":
            field = "ipProtocols" if "ipProtocols" in rule else "protocols"
            if not _texts(field, rule.get(field)):
                raise unparsable(f"{field} must name at least one protocol.")
        case "NatRule":
            pass
        case other:
            raise unparsable(f"The value {other!r} of ruleType is not known.")


def _check_application_rule(rule: Json) -> None:
    tags = _texts("fqdnTags", rule.get("fqdnTags"))
    unknown = [tag for tag in tags if fold(tag) not in _KNOWN_TAGS]
    if unknown:
        raise NetworkRefused(
            400, "AzureFirewallInvalidFqdnTag", f"FQDN tag {unknown[0]} in rule {rule['name']} is not valid."
        )
    if tags and rule.get("targetFqdns"):
        raise unparsable("targetFqdns and fqdnTags cannot both be given.")
    for protocol in objects("protocols", rule.get("protocols")):
        kind = fold(_text("protocolType", protocol.get("protocolType")))
        if kind not in {"http", "https", "mssql"} or (tags and kind == "mssql"):
            raise unparsable(f"The value {protocol.get('protocolType')!r} of protocolType does not fit.")


def objects(name: str, told: Any) -> list[Json]:
    """A list of objects; empty where it is missing."""
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise unparsable(f"{name} must be a list of objects.")
    return told


def _object(name: str, told: Any) -> Json:
    if not isinstance(told, dict):
        raise unparsable(f"{name} must be an object.")
    return told


def _text(name: str, told: Any) -> str:
    if not isinstance(told, str) or not told:
        raise unparsable(f"{name} must be given.")
    return told


def _texts(name: str, told: Any) -> list[str]:
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(each, str) for each in told):
        raise unparsable(f"{name} must be a list of texts.")
    return told
