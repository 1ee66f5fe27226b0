"""A security rule of ours: how it is told, compared and marked."""

from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from backup_reconciler.plan.outbound.ownership import Mark, is_named_for
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule

_PRIORITY = "priority"


def in_words(rule: SecurityRule) -> dict[str, Any]:
    """What a rule says, field by field, in the order in which a person reads it; its description says nothing."""
    return {
        "destination": _addresses(rule.destination),
        "port": _ports(rule.destination),
        _PRIORITY: rule.priority,
        "source": _addresses(rule.source),
        "sourcePort": _ports(rule.source),
        "protocol": rule.protocol,
        "direction": rule.direction,
        "access": "Allow" if rule.allows else "Deny",
    }


def folded(rule: SecurityRule) -> dict[str, Any]:
    """The same without what makes no difference: letter case, and the order in lists."""
    return {name: _fold(value) for name, value in in_words(rule).items()}


def differing(rule: SecurityRule, other: SecurityRule) -> list[str]:
    """The fields, by their names in words, in which two rules do not say the same."""
    one, two = folded(rule), folded(other)
    return [name for name in one if one[name] != two[name]]


def marked(rule: SecurityRule, handle: str) -> SecurityRule:
    """The rule with the mark of the document that writes it as its description."""
    return replace(rule, description=str(_mark(rule, handle)))


def is_owned(rule: SecurityRule, handle: str) -> bool:
    """Whether a document of this handle wrote the rule, whatever somebody made of it since."""
    mark = Mark.read(rule.description)
    return mark is not None and mark.handle.casefold() == handle.casefold() and is_named_for(rule.name, handle)


def is_intact(rule: SecurityRule, handle: str) -> bool:
    """Whether a rule of this handle says what was written."""
    mark = Mark.read(rule.description)
    return mark is not None and mark.digest == _mark(rule, handle).digest


def _mark(rule: SecurityRule, handle: str) -> Mark:
    """Its priority does not count: a rule that somebody moves opens what it opened before."""
    return Mark.of(handle, {name: value for name, value in folded(rule).items() if name != _PRIORITY})


def _addresses(side: RuleSide) -> Any:
    return _one_or_several([*side.addresses, *(group.text for group in sorted(side.application_groups))])


def _ports(side: RuleSide) -> Any:
    return _one_or_several([int(port) if port.isdigit() else port for port in side.ports])


def _one_or_several(values: list[Any]) -> Any:
    return values[0] if len(values) == 1 else sorted(values, key=lambda value: (isinstance(value, str), value))


def _fold(value: Any) -> Any:
    if isinstance(value, str):
        return value.casefold()
    return sorted(map(_fold, value), key=str) if isinstance(value, Iterable) else value
