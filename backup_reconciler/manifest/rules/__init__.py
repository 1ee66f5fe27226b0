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
    documents,
    exemption,
    lifecycle,
    outbound,
    policy,
    protection,
    references,
    regions,
    retention,
    selection,
    settings,
    targets,
    vault,
    vault_settings,
)
from backup_reconciler.manifest.rules.handles import Handles

_OF_VAULTS = (*vault.RULES, *vault_settings.RULES, *lifecycle.OF_VAULTS, *approvals.RULES)
_OF_POLICIES = (*policy.RULES, *retention.RULES)
_OF_ASSIGNMENTS = (
    *protection.RULES, *approvals.OF_ASSIGNMENTS, *approvals.RULES, *selection.RULES, *claims.OF_SELECTIONS,
)  # fmt: skip
_OF_EXEMPTIONS = (*exemption.RULES, *selection.RULES, *claims.OF_SELECTIONS)
_ACROSS = (*targets.RULES, *regions.RULES, *lifecycle.RULES, *claims.RULES, *outbound.BETWEEN_DOCUMENTS)
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
    yield from documents.duplicate_handle(collected.documents)
    yield from settings.settings_place(collected.documents)
    yield from settings.settings_twice(collected.documents)
    yield from _each(collected.declared, documents.RULES)
    yield from _each(collected.vaults, _OF_VAULTS)
    yield from _each(collected.policies, _OF_POLICIES)
    yield from _each(collected.assignments, _OF_ASSIGNMENTS)
    yield from _each(collected.outbound, outbound.RULES)
    yield from _each(collected.exemptions, _OF_EXEMPTIONS)
    yield from _each(collected.settings, (documents.nothing_stated, *settings.RULES))
    handles = Handles(collected.documents, whole=whole)
    for reference_rule in (*references.RULES, *outbound.REFERENCES):
        yield from reference_rule(collected, handles)
    for rule_across in _ACROSS:
        yield from rule_across(collected)
    if as_of is not None:
        yield from chain.from_iterable(dated_rule(collected, as_of) for dated_rule in DATED)


def _each(documents: Iterable[D], rules: Sequence[Callable[[D], Iterator[Problem]]]) -> Iterator[Problem]:
    """What each of some rules tells of each document by itself."""
    for document, rule in product(documents, rules):
        yield from rule(document)
