"""Writing Azure Firewalls with classic rules, and the rule collection groups of firewall policies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import NetworkChild, fold
from backup_reconciler.sandbox.core.network import firewall_rules, security_rules
from backup_reconciler.sandbox.core.network.inventory import by_id
from backup_reconciler.sandbox.core.network.operations import deleted, written
from backup_reconciler.sandbox.core.network.reading import child_of, one_of
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused, missing_reference
from backup_reconciler.sandbox.core.network.shapes import show, show_child
from backup_reconciler.sandbox.core.network.writing import begin_write, framed, owned
from backup_reconciler.sandbox.core.wire.messages import Response, section
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_FIREWALLS, _POLICIES = "azureFirewalls", "firewallPolicies"
_SERVICES_OWN = {"provisioningState", "resourceGuid"}
"""What is said of a resource when it is read, and not taken from a PUT."""


def put_firewall(call: Call) -> Response:
    """Replaces a firewall. Rules of its own and a policy exclude each other (Learn: rule-processing)."""
    security_rules.check_name(call.names["resource"])
    made, created = framed(call, _FIREWALLS)
    told = call.properties
    firewall_rules.check_classic(told)
    policy = section(told, "firewallPolicy").get("id")
    if policy is not None:
        found = by_id(call.estate, policy) if isinstance(policy, str) else None
        if found is None or found.kind != _POLICIES:
            raise missing_reference(str(policy), made.id)
        if any(told.get(field) for field in firewall_rules.CLASSIC):
            # The code is chosen; the rule is documented.
            raise NetworkRefused(
                400,
                "AzureFirewallRuleCollectionsNotAllowedWithFirewallPolicy",
                f"Azure Firewall {made.id} references a firewall policy and cannot have rule collections of its own.",
            )
    for configuration in firewall_rules.objects("ipConfigurations", told.get("ipConfigurations")):
        section(configuration, "properties")
    made.properties = {
        "ipConfigurations": made.properties.get("ipConfigurations", []),
        **{field: [] for field in firewall_rules.CLASSIC},
        **{key: value for key, value in told.items() if key not in _SERVICES_OWN and value is not None},
    }
    begin_write(call, made)
    return written(call, made, created=created, body=show(call.estate, made, call.api_version))


def put_group(call: Call) -> Response:
    """A group of rule collections; a policy takes one at a time."""
    policy, name = owned(call, _POLICIES), call.names["child"]
    security_rules.check_name(name)
    others = [child.properties for key, child in policy.children.items() if key != fold(name)]
    firewall_rules.check_group(call.properties, others)
    former = policy.children.get(fold(name))
    told = {key: value for key, value in call.properties.items() if key not in _SERVICES_OWN}
    properties = {**told, "ruleCollections": told.get("ruleCollections") or []}
    policy.children[fold(name)] = NetworkChild(former.name if former else name, properties)
    begin_write(call, policy)
    body = show_child(call.estate, policy, policy.children[fold(name)], call.api_version)
    return written(call, policy, created=former is None, body=body)


def delete_group(call: Call) -> Response:
    policy = owned(call, _POLICIES)
    if policy.children.pop(fold(call.names["child"]), None) is None:
        return Response(204)
    begin_write(call, policy)
    return deleted(call, policy)


ROUTES = (
    Route("PUT", one_of(_FIREWALLS), put_firewall),
    Route("PUT", child_of(_POLICIES), put_group),
    Route("DELETE", child_of(_POLICIES), delete_group),
)
