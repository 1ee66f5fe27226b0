"""The rules that need no Azure. One function for each rule or family; each tells the problems of what it is given."""

from collections.abc import Iterator
from itertools import product

from backup_reconciler.manifest.handles import Handles
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.reading import Reading
from backup_reconciler.manifest.rules import documents, policy, protection, references, retention, targets, vault


def broken_rules(reading: Reading, *, whole: bool) -> Iterator[Problem]:
    """Every broken rule; `whole` says whether every file could be read to its end."""
    yield from documents.duplicate_handle(reading.documents)
    for document, rule in product(reading.declared, documents.RULES):
        yield from rule(document)
    for declared_vault, vault_rule in product(reading.vaults, vault.RULES):
        yield from vault_rule(declared_vault)
    for declared_policy, policy_rule in product(reading.policies, (*policy.RULES, *retention.RULES)):
        yield from policy_rule(declared_policy)
    for assignment, assignment_rule in product(reading.assignments, protection.RULES):
        yield from assignment_rule(assignment)
    handles = Handles(reading.documents, whole=whole)
    for reference_rule in references.RULES:
        yield from reference_rule(reading, handles)
    for target_rule in targets.RULES:
        yield from target_rule(reading)
