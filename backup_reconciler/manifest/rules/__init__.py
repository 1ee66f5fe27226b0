"""The rules that need no Azure. One function for each rule or family; each tells the problems of what it is given."""

from collections.abc import Callable, Iterator
from datetime import date
from itertools import chain, product

from backup_reconciler.manifest.collected import Collected
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.rules import (
    documents,
    policy,
    protection,
    references,
    retention,
    selection,
    targets,
    vault,
)
from backup_reconciler.manifest.rules.handles import Handles

DATED: tuple[Callable[[Collected, date], Iterator[Problem]], ...] = ()
"""The rules that depend on the day."""


def broken_rules(collected: Collected, *, whole: bool, as_of: date | None = None) -> Iterator[Problem]:
    """Every broken rule.

    `whole` says whether every file could be read to its end. `as_of` is the day by which the rules that depend on one
    judge; without it they are left out.
    """
    yield from documents.duplicate_handle(collected.documents)
    for document, rule in product(collected.declared, documents.RULES):
        yield from rule(document)
    for declared_vault, vault_rule in product(collected.vaults, vault.RULES):
        yield from vault_rule(declared_vault)
    for declared_policy, policy_rule in product(collected.policies, (*policy.RULES, *retention.RULES)):
        yield from policy_rule(declared_policy)
    for assignment, assignment_rule in product(collected.assignments, protection.RULES):
        yield from assignment_rule(assignment)
    for selection_rule in selection.RULES:
        for selecting in chain[selection.Selecting](collected.assignments, collected.exemptions):
            yield from selection_rule(selecting)
    handles = Handles(collected.documents, whole=whole)
    for reference_rule in references.RULES:
        yield from reference_rule(collected, handles)
    for target_rule in targets.RULES:
        yield from target_rule(collected)
    if as_of is not None:
        for dated_rule in DATED:
            yield from dated_rule(collected, as_of)
