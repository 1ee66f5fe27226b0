"""Writing network security groups and their rules."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import NetworkChild, fold
from backup_reconciler.sandbox.core.network import security_rules
from backup_reconciler.sandbox.core.network.inventory import find, security_group_users
from backup_reconciler.sandbox.core.network.operations import deleted, written
from backup_reconciler.sandbox.core.network.reading import child_of, one_of
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused, unparsable
from backup_reconciler.sandbox.core.network.shapes import show, show_child
from backup_reconciler.sandbox.core.network.writing import begin_write, check_precondition, framed, owned, removed
from backup_reconciler.sandbox.core.wire.messages import Response, section
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Json, NetworkResource
    from backup_reconciler.sandbox.core.wire.call import Call

_KIND = "networkSecurityGroups"


def put_group(call: Call) -> Response:
    """Replaces the group and all its rules; default rules that are sent along are the service's own."""
    security_rules.check_name(call.names["resource"])
    made, created = framed(call, _KIND)
    made.children = {}
    for each in _listed(call.properties.get("securityRules")):
        name = str(each.get("name") or "")
        security_rules.check_name(name)
        _add(call, made, name, section(each, "properties"))
    begin_write(call, made)
    return written(call, made, created=created, body=show(call.estate, made, call.api_version))


def _listed(told: object) -> list[Json]:
    if told is None:
        return []
    if not isinstance(told, list) or not all(isinstance(each, dict) for each in told):
        raise unparsable("securityRules must be a list of objects.")
    return told


def _add(call: Call, group: NetworkResource, name: str, told: Json) -> None:
    """A rule among the others of a group, or in the place of its former self."""
    rule_id = f"{group.id}/securityRules/{name}"
    rule = security_rules.read(rule_id, told)
    security_rules.check_unique(name, rule, {other.name: other.properties for other in group.children.values()})
    security_rules.check_groups(call.estate, group, rule_id, rule)
    former = group.children.get(fold(name))
    group.children[fold(name)] = NetworkChild(former.name if former else name, rule)


def delete_group(call: Call) -> Response:
    """204 where there is none; refused while an interface or a subnet has it."""
    group = find(call.group, _KIND, call.names["resource"])
    if group is None:
        return Response(204)
    check_precondition(call, group)
    interfaces, subnets = security_group_users(call.estate, group)
    if interfaces or subnets:
        raise NetworkRefused(
            400,
            "InUseNetworkSecurityGroupCannotBeDeleted",
            f"Network security group {group.id} cannot be deleted because it is in use by the following resources: "
            f"{', '.join(interfaces + subnets)}. In order to delete the Network security group, remove the association "
            "with the resource(s). To learn how to do this, see aka.ms/deletensg.",
        )
    return removed(call, group)


def put_rule(call: Call) -> Response:
    group, name = owned(call, _KIND), call.names["child"]
    security_rules.check_name(name)
    created = fold(name) not in group.children
    _add(call, group, name, call.properties)
    begin_write(call, group)
    body = show_child(call.estate, group, group.children[fold(name)], call.api_version)
    return written(call, group, created=created, body=body)


def delete_rule(call: Call) -> Response:
    group = owned(call, _KIND)
    if group.children.pop(fold(call.names["child"]), None) is None:
        return Response(204)
    begin_write(call, group)
    return deleted(call, group)


ROUTES = (
    Route("PUT", one_of(_KIND), put_group),
    Route("DELETE", one_of(_KIND), delete_group),
    Route("PUT", child_of(_KIND), put_rule),
    Route("DELETE", child_of(_KIND), delete_rule),
)
