"""Both sides of what outbound access is made of: security rules, scripts, rule collections.

A rule stands among others, and what is missing of it depends on them: what was found is all the rules of its security
group for connections going out, or all rule collections of its firewall.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from backup_reconciler.plan.address import run_command_address, security_rule_address
from backup_reconciler.plan.outbound.firewall.collection import as_plain_data
from backup_reconciler.plan.outbound.firewall.place import Holder, Place, places_of
from backup_reconciler.plan.outbound.ownership import is_named_for
from backup_reconciler.plan.outbound.security_rule import folded
from backup_reconciler.plan.outbound.targets import Outbound
from backup_reconciler.plan.sides.side import NONE, Sides, digest
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.network.run_command import RunCommand
from backup_reconciler.state.network.security_group import SecurityGroup


def sides_of_outbound(
    manifests: Manifests, network: Network | None, selections: Mapping[str, Sides], addresses: Iterable[str]
) -> Iterator[tuple[str, Sides]]:
    """Of each document, and of the addresses that are something in a network or a script.

    `selections` has the digests of the assignments whose VMs documents mean, by the names of these.
    """
    if network is None:
        return
    declared = {str(one): _declared(one, selections) for one in manifests.outbound}
    places = {place.address: _found_in(holder) for place, holder in places_of(network).items()}
    for one in manifests.outbound:
        yield str(one), Sides(declared[str(one)], places.get(Place.of(one).address) if one.spec.firewall else None)
    yield from _firewalls(manifests.outbound, declared, places)
    groups = {_parent(security_rule_address(id_, "")): one for id_, one in network.security_groups.items()}
    commands = {run_command_address(one.vm, one.id.name): one for one in network.run_commands.values()}
    for address in addresses:
        kind, name = address.partition("/")[0], address.rpartition("/")[2]
        if kind not in {"SecurityRule", "RunCommand"}:
            continue
        document = _document_of(name, manifests.outbound)
        group = groups.get(_parent(address))
        found = _found_by(group) if kind == "SecurityRule" else _found_script(commands.get(address))
        yield address, Sides(declared.get(document, NONE), found, (document,) if document else ())


def _declared(document: Outbound, selections: Mapping[str, Sides]) -> str:
    """What it states, with what the assignments select that it names."""
    named = [f"VMAssignment/{handle}".casefold() for handle in document.spec.for_.assignments or ()]
    selected = {name: sides.declared for name, sides in selections.items() if name.casefold() in named}
    return digest({"spec": document.spec.stated(), "selected": selected})


def _document_of(name: str, documents: Sequence[Outbound]) -> str:
    """The document that names a rule or a run command so: of several the one with the longest handle."""
    named = [one for one in documents if is_named_for(name, one.handle)]
    return str(max(named, key=lambda one: len(one.handle))) if named else ""


def _firewalls(
    documents: Sequence[Outbound], declared: Mapping[str, str], places: Mapping[str, str]
) -> Iterator[tuple[str, Sides]]:
    """All documents that mean one place are written together."""
    naming: dict[str, dict[str, str]] = {}
    for one in documents:
        if one.spec.firewall:
            naming.setdefault(Place.of(one).address, {})[str(one)] = declared[str(one)]
    for address, those in naming.items():
        yield address, Sides(digest(those), places.get(address, NONE))


def _found_in(holder: Holder) -> str:
    return digest([{"name": one.name.casefold(), "kind": one.kind, **as_plain_data(one)} for one in holder.collections])


def _found_by(group: SecurityGroup | None) -> str:
    if group is None:
        return NONE
    rules: dict[str, Any] = {
        one.name.casefold(): folded(one) for one in group.own_rules() if one.direction == "Outbound"
    }
    return digest(rules)


def _found_script(command: RunCommand | None) -> str | None:
    """None where what was read does not tell the script."""
    if command is None:
        return NONE
    return digest({"script": command.script, "succeeded": command.succeeded}) if command.script is not None else None


def _parent(address: str) -> str:
    return address.rpartition("/")[0]
