"""Writing rule collections into an Azure Firewall, or into a rule collection group of a firewall policy.

Both are written whole: as they are, less what the server owns, with our rule collections in place of the earlier ones.
All that others wrote there is sent back as it was read, with fields that nobody here knows.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.network import fields, firewall, firewall_policy
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.network.firewall import AzureFirewall, FirewallRule, RuleCollection, RuleCollectionGroup

Holder = AzureFirewall | RuleCollectionGroup

_NOT_SENT = frozenset({"id", "name", "type", "etag"})
"""What stands beside the properties, and is in the path or the server's own."""
_STATES = frozenset({"etag", "provisioningState"})
"""What each write changes, at any depth, without anybody's asking."""
_SERVER_OWNED = frozenset({"provisioningState", "size"})
"""Properties that the service computes (azure-mgmt-network 33.1.0: those of both that are for reading only)."""
_CLASSIC = {"application": "applicationRuleCollections", "network": "networkRuleCollections"}
_OF_POLICY = "ruleCollections"
_RULE_TYPE = {"application": "ApplicationRule", "network": "NetworkRule"}


def get_request(holder: Holder) -> ArmRequest:
    return get(holder.id.text, Api.NETWORK)


def writable_parent(holder: Holder) -> ArmId:
    """What takes one write at a time: the firewall, or the policy of the group."""
    return holder.id if isinstance(holder, AzureFirewall) else holder.id.parent(2)


def decoder(holder: Holder) -> Callable[[Mapping[str, Any]], Holder]:
    return firewall.decode if isinstance(holder, AzureFirewall) else firewall_policy.decode_group


def put_request(live: Holder, written: Iterable[RuleCollection], removed: Iterable[RuleCollection]) -> ArmRequest:
    """PUT of what was read with some rule collections replaced or added, and others taken away."""
    return ArmRequest("PUT", live.id.text, Api.NETWORK, body=encode(live, tuple(written), tuple(removed)))


def encode(live: Holder, written: tuple[RuleCollection, ...], removed: tuple[RuleCollection, ...]) -> dict[str, Any]:
    body = {name: value for name, value in live.raw.items() if name not in _NOT_SENT}
    own = {name: value for name, value in fields.properties(live.raw).items() if name not in _SERVER_OWNED}
    if isinstance(live, AzureFirewall):
        for kind, field in _CLASSIC.items():
            new = [(one.name, _classic(one)) for one in written if one.kind == kind]
            gone = [one.name for one in removed if one.kind == kind]
            if new or gone:
                own[field] = _replaced(own.get(field), new, gone)
    else:
        new = [(one.name, _of_policy(one)) for one in written]
        own[_OF_POLICY] = _replaced(own.get(_OF_POLICY), new, [one.name for one in removed])
    return {**body, "properties": own}


def _replaced(
    found: Iterable[Mapping[str, Any]] | None, new: Iterable[tuple[str, dict[str, Any]]], gone: Iterable[str]
) -> list[Mapping[str, Any]]:
    """Each where one of its name was, and at the end where there was none. Names of ARM ignore letter case."""
    left = {name.casefold(): one for name, one in new}
    leaving = {name.casefold() for name in gone}
    staying = [one for one in found or () if str(one["name"]).casefold() not in leaving]
    return [left.pop(str(one["name"]).casefold(), one) for one in staying] + list(left.values())


def _classic(collection: RuleCollection) -> dict[str, Any]:
    protocols = "protocols"
    rules = [_rule(one, protocols) for one in collection.rules]
    return {"name": collection.name, "properties": {**_decision(collection), "rules": rules}}


def _of_policy(collection: RuleCollection) -> dict[str, Any]:
    protocols = "protocols" if collection.kind == "application" else "ipProtocols"
    rules = [{"ruleType": _RULE_TYPE[collection.kind], **_rule(one, protocols)} for one in collection.rules]
    return {
        "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
        "name": collection.name,
        **_decision(collection),
        "rules": rules,
    }


def _decision(collection: RuleCollection) -> dict[str, Any]:
    return {"priority": collection.priority, "action": {"type": "Allow" if collection.allows else "Deny"}}


def _rule(rule: FirewallRule, protocols: str) -> dict[str, Any]:
    """The fields that our rules have; each stands in the rules of one kind, and is empty in those of the other."""
    values = {
        "sourceAddresses": list(rule.sources),
        protocols: [_protocol(one) for one in rule.protocols],
        "fqdnTags": list(rule.fqdn_tags),
        "destinationAddresses": list(rule.destinations),
        "destinationPorts": list(rule.ports),
    }
    stated = {name: value for name, value in values.items() if value}
    return {"name": rule.name, "description": rule.description, **stated}


def _protocol(text: str) -> str | dict[str, Any]:
    """A protocol of the network layer by its name; one of an application with its port."""
    name, _, port = text.partition(":")
    return {"protocolType": name.capitalize(), "port": int(port)} if port else name


def written_part(arm: Any) -> Any:
    """All that a PUT writes, at any depth: two readings are equal in it unless somebody changed something.

    Lists print ids in other casings than a GET does (azure-rest-api-specs issue 10357).
    """
    if isinstance(arm, Mapping):
        kept = {name: written_part(value) for name, value in arm.items() if name not in _STATES}
        return {**kept, "id": str(arm["id"]).casefold()} if "id" in arm else kept
    return [written_part(one) for one in arm] if isinstance(arm, list) else arm


def others_part(arm: Mapping[str, Any], ours: Iterable[str]) -> Any:
    """The written part less the rule collections of these names, in no particular order."""
    names = {name.casefold() for name in ours}
    part = written_part(arm)
    properties = {name: value for name, value in fields.properties(part).items() if name not in _SERVER_OWNED}
    for field in (*_CLASSIC.values(), _OF_POLICY):
        others = [one for one in properties.pop(field, None) or () if str(one["name"]).casefold() not in names]
        properties[field] = {str(one["name"]): one for one in others}
    return {**part, "properties": properties}
