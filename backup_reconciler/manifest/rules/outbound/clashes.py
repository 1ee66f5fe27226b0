"""Rules against two documents that write the same, or to the same place, of which Azure would refuse the second."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from itertools import islice

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.document import Declared
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules.outbound.target import key_of, targets
from backup_reconciler.manifest.words import quoted
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.outbound import FirewallRules, OutboundAccessSpec, SecurityRules
from backup_reconciler.spec.rules.outbound import OUTBOUND_TWICE, PRIORITY_TAKEN
from backup_reconciler.spec.service_tag import overlap

Outbound = Declared[OutboundAccessSpec]

_MOST_TOLD = 10
"""Clashes of one document with others; of a thousand copies each would clash with every other."""


def same_target(collected: Collected) -> Iterator[Problem]:
    """Two documents of one method, by the first target that they share."""
    before: dict[object, list[Outbound]] = defaultdict(list)
    for document in _present(collected):
        yield from islice(_same_as_others(document, before), _MOST_TOLD)
        for path, text in targets(document):
            before[document.spec.method, key_of(path, text)].append(document)


def _same_as_others(document: Outbound, before: Mapping[object, list[Outbound]]) -> Iterator[Problem]:
    told: set[int] = set()
    for path, text in targets(document):
        for other in before.get((document.spec.method, key_of(path, text)), ()):
            if id(other) not in told:
                told.add(id(other))
                yield from _same(document, path, other)


def _present(collected: Collected) -> Iterator[Outbound]:
    return (document for document in collected.outbound if document.spec.state == "present")


def _same(document: Outbound, path: FieldPath, other: Outbound) -> Iterator[Problem]:
    method = document.spec.method
    if method == "nsg":
        yield from _same_rules(document, path, other)
    elif method == "proxy":
        yield _twice(document, path, other, f"{other} declares a proxy for the same VMs")
    elif _where(document) == _where(other):
        yield _twice(document, path, other, f"{other} declares the same VMs to the same firewall")


def _same_rules(document: Outbound, path: FieldPath, other: Outbound) -> Iterator[Problem]:
    rules, others = document.spec.security_rules(), other.spec.security_rules()
    tags = [quoted(tag) for tag in rules.destinations if any(overlap(tag, each) for each in others.destinations)]
    if tags and rules.port == others.port:
        yield _twice(document, path, other, f"{other} opens {', '.join(tags)} on port {rules.port} for the same target")
    taken, by_other = _priorities(rules), _priorities(others)
    if _meet(taken, by_other):
        yield _taken(document, other, ("spec", "nsg", "priority"), taken, by_other)


def same_firewall_priority(collected: Collected) -> Iterator[Problem]:
    """Two documents that write to one firewall, or to one rule collection group of a policy."""
    before: dict[object, list[Outbound]] = defaultdict(list)
    for document in _present(collected):
        rules = document.spec.firewall
        if rules is None or rules.priority is None:
            continue
        others = before[_where(document)]
        yield from islice(_priorities_of_others(document, rules, others), _MOST_TOLD)
        others.append(document)


def _priorities_of_others(document: Outbound, rules: FirewallRules, others: Iterable[Outbound]) -> Iterator[Problem]:
    for other in others:
        taken, by_other = _collections(rules), _collections(other.spec.firewall or rules)
        if _meet(taken, by_other):
            yield _taken(document, other, ("spec", "firewall", "priority"), taken, by_other)


def _where(document: Outbound) -> tuple[str, str]:
    """The firewall, or the policy and its group, that a document of method firewall writes to."""
    rules = document.spec.firewall
    place = (rules and (rules.azure_firewall or rules.firewall_policy)) or ""
    return (ArmId(place).key, ((rules and rules.rule_collection_group) or "").casefold())


def _priorities(rules: SecurityRules) -> range:
    """The stated priorities of the rules, one for each destination."""
    return range(0) if rules.priority is None else range(rules.priority, rules.priority + len(rules.destinations))


def _collections(rules: FirewallRules) -> range:
    """The priorities of the rule collections that cannot be another's.

    A classic firewall counts application rules and network rules apart, so there the first decides for both.
    """
    assert rules.priority is not None
    both = rules.network_rule is not None and rules.firewall_policy is not None
    return range(rules.priority, rules.priority + (2 if both else 1))


def _meet(one: range, other: range) -> bool:
    return max(one.start, other.start) < min(one.stop, other.stop)


def _twice(document: Outbound, path: FieldPath, other: Outbound, what: str) -> Problem:
    also = other.written.tree.place(("spec", "for"))
    return document.problem(OUTBOUND_TWICE, path, what, also=also)


def _taken(document: Outbound, other: Outbound, path: FieldPath, taken: range, by_other: range) -> Problem:
    what = f"takes {_told(taken)}, and {other} takes {_told(by_other)} in the same place"
    return document.problem(PRIORITY_TAKEN, path, what, also=other.written.tree.place(path))


def _told(numbers: range) -> str:
    last = numbers.stop - 1
    return f"{numbers.start}" if numbers.start == last else f"{numbers.start} to {last}"


RULES = (same_target, same_firewall_priority)
