"""The rules that need no Azure. One function for each rule or family; each tells the problems of what it is given."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from itertools import chain, product
from typing import TypeVar

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules import (
    approvals,
    claims,
    combinations,
    documents,
    exemption,
    lifecycle,
    outbound,
    policies_in_vaults,
    policy,
    protection,
    references,
    regions,
    retention,
    schedule,
    selection,
    settings,
    targets,
    vault,
    vault_settings,
)
from backup_reconciler.manifest.rules.certain import certain
from backup_reconciler.manifest.rules.handles import Handles

_OF_VAULTS = (*vault.RULES, *vault_settings.RULES, *lifecycle.OF_VAULTS, *approvals.RULES)
_OF_POLICIES = policy.RULES
_OF_PRESENT_POLICIES = (*policy.RULES_OF_SETTINGS, *schedule.RULES, *retention.RULES, *combinations.RULES)
_OF_ASSIGNMENTS = (
    *protection.RULES, *approvals.OF_ASSIGNMENTS, *approvals.RULES, *selection.RULES, *claims.OF_SELECTIONS,
)  # fmt: skip
_OF_EXEMPTIONS = (*exemption.RULES, *selection.RULES, *claims.OF_SELECTIONS)
_ACROSS = (
    *targets.RULES, *regions.RULES, *lifecycle.RULES, *claims.RULES, *policies_in_vaults.RULES,
    *outbound.BETWEEN_DOCUMENTS,
)  # fmt: skip
DATED: tuple[Callable[[Collected, date], Iterator[Problem]], ...] = (
    approvals.approval_expired,
    exemption.exemption_expired,
    protection.initial_backup_is_to_come,
)
"""The rules that depend on the day."""


D = TypeVar("D")


def broken_rules(collected: Collected, *, whole: bool, as_of: date | None = None) -> Iterator[Problem]:
    """Every broken rule.

    `whole` says whether every file could be read to its end. `as_of` is the day by which the rules that depend on one
    judge; without it they are left out.
    """
    handles = Handles(collected.documents, whole=whole)
    yield from documents.duplicate_handle(collected.documents)
    yield from settings.settings_place(collected.documents)
    yield from settings.settings_twice(collected.documents)
    yield from _of_each(collected, as_of)
    for rule_across in _ACROSS:
        yield from rule_across(collected)
    if not collected.broken:
        yield from _of_references(collected, handles)
        return

    def ask(reading: Collected) -> Iterator[Problem]:
        yield from _of_each(reading, as_of)
        yield from _of_references(collected.beside(reading), handles)

    yield from certain(collected, ask)


def _of_each(collected: Collected, as_of: date | None) -> Iterator[Problem]:
    """What is wrong with each document by itself."""
    yield from _each(collected.declared, documents.RULES)
    yield from _each(collected.vaults, _OF_VAULTS)
    yield from _each(collected.policies, _OF_POLICIES)
    yield from _each((one for one in collected.policies if not one.spec.is_absent()), _OF_PRESENT_POLICIES)
    yield from _each(collected.assignments, _OF_ASSIGNMENTS)
    yield from _each(collected.outbound, outbound.RULES)
    yield from _each(collected.exemptions, _OF_EXEMPTIONS)
    yield from _each(collected.settings, (documents.nothing_stated, documents.duplicate_item, *settings.RULES))
    if as_of is not None:
        yield from chain.from_iterable(dated_rule(collected, as_of) for dated_rule in DATED)


def _each(documents: Iterable[D], rules: Sequence[Callable[[D], Iterator[Problem]]]) -> Iterator[Problem]:
    """What each of some rules tells of each document by itself."""
    for document, rule in product(documents, rules):
        yield from rule(document)


def _of_references(collected: Collected, handles: Handles) -> Iterator[Problem]:
    for rule in (*references.RULES, *outbound.REFERENCES):
        yield from rule(collected, handles)
