"""Rule collections of ours: what makes two of them the same, whose they are, and how they are told."""

from collections.abc import Iterable
from dataclasses import asdict, replace
from typing import Any

from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.state.network.firewall import FirewallRule, RuleCollection

_YAML = {
    "source_ip_groups": "sourceIpGroups",
    "destination_ip_groups": "destinationIpGroups",
    "fqdn_tags": "fqdnTags",
    "web_categories": "webCategories",
}
_NOT_TOLD = ("name", "description")
"""A rule is told by its name; its description holds the mark, which is made of the rest."""


def as_plain_data(collection: RuleCollection) -> dict[str, Any]:
    """A rule collection in words: the fields of its rules that say something, whatever the order of their values."""
    action = {} if collection.allows else {"action": "Deny"}
    return {"priority": collection.priority, **action, "rules": {rule.name: _fields(rule) for rule in collection.rules}}


def _fields(rule: FirewallRule) -> dict[str, list[str]]:
    fields = {name: values for name, values in asdict(rule).items() if values and name not in _NOT_TOLD}
    return {_YAML.get(name, name): sorted(map(str, values)) for name, values in fields.items()}


def marked(collection: RuleCollection, handle: str) -> RuleCollection:
    """With the mark of its document in the description of each rule."""
    mark = str(_mark(collection, handle))
    return replace(collection, rules=tuple(replace(rule, description=mark) for rule in collection.rules))


def mark_of(collection: RuleCollection) -> Mark | None:
    """The mark that one of its rules bears; a rule collection itself has no description."""
    return next(filter(None, (Mark.read(rule.description) for rule in collection.rules)), None)


def is_of(collection: RuleCollection, handle: str) -> bool:
    """Whether it bears the mark of this handle."""
    mark = mark_of(collection)
    return mark is not None and mark.handle.casefold() == handle.casefold()


def is_as_written(collection: RuleCollection) -> bool:
    """Whether nobody has changed it since it was written."""
    mark = mark_of(collection)
    return mark is not None and mark == _mark(collection, mark.handle)


def same(one: RuleCollection, other: RuleCollection) -> bool:
    """Whether they say the same and bear the same mark."""
    return _essence(one) == _essence(other) and mark_of(one) == mark_of(other)


def _mark(collection: RuleCollection, handle: str) -> Mark:
    """Its priority does not count: one that somebody moves opens what it opened before."""
    return Mark.of(handle, {name: value for name, value in _essence(collection).items() if name != "priority"})


def _essence(collection: RuleCollection) -> dict[str, Any]:
    """What it comes down to: neither the order of rules and values nor letter case counts in them."""
    rules = sorted((rule.name.casefold(), sorted(_folded(rule).items())) for rule in collection.rules)
    return {"kind": collection.kind, "priority": collection.priority, "allows": collection.allows, "rules": rules}


def _folded(rule: FirewallRule) -> dict[str, list[str]]:
    return {name: sorted(value.casefold() for value in values) for name, values in _fields(rule).items()}


def named(name: str, collections: Iterable[RuleCollection]) -> RuleCollection | None:
    """The one of this name; names of ARM ignore letter case."""
    return next((one for one in collections if one.name.casefold() == name.casefold()), None)
