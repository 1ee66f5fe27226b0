"""Every mistake in a document is told in one run, whatever else is wrong with it, and nothing is told that is none."""

import json
import tempfile
from collections.abc import Mapping
from copy import deepcopy
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.manifest import inspect
from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.manifest.shape.stand_ins import stand_ins
from backup_reconciler.manifest.words import dotted
from backup_reconciler.spec.document import KINDS, FieldPath
from tests.conftest import assignment, policy, vault, vm_id

GONE = object()
Mistake = tuple[FieldPath, object, str]
"""Where, what is written there, and the rule that is broken."""

VAULT = vault(name="rsv-prod", redundancy="GeoRedundant", tags={"env": "prod"}, existing=False)
VAULT_MISTAKES: list[Mistake] = [
    (("metadata", "name"), "a b", "handle-form"),
    (("metadata", "colour"), "blue", "unknown-field"),
    (("spec", "name"), "-", "vault-name"),
    (("spec", "subscription"), "prod", "subscription-id"),
    (("spec", "resourceGroup"), 5, "wrong-type"),
    (("spec", "location"), GONE, "missing-field"),
    (("spec", "redundancy"), "Geo", "value-not-allowed"),
    (("spec", "tags", "env"), 5, "wrong-type"),
    (("spec", "existing"), "yes", "wrong-type"),
]

POLICY = policy(
    name="daily-30d",
    tier="Standard",
    retention={
        "daily": {"days": 30},
        "weekly": {"weeks": 12, "days": ["Sunday"]},
        "monthly": {"months": 12, "dates": [1, 2]},
        "yearly": {"years": 7, "months": ["May"], "dates": [1]},
    },
)
POLICY_MISTAKES: list[Mistake] = [
    (("spec", "name"), "9", "policy-name"),
    (("spec", "vaults", 0), "nowhere", "unknown-reference"),
    (("spec", "schedule", "time"), "23:10", "schedule-time"),
    (("spec", "instantRestoreDays"), 9, "instant-restore-days"),
    (("spec", "timeZone"), "Mars/Phobos", "time-zone"),
    (("spec", "retention", "daily", "days"), 3, "daily-retention"),
    (("spec", "retention", "weekly", "weeks"), GONE, "missing-field"),
    (("spec", "retention", "weekly", "colour"), "blue", "unknown-field"),
    (("spec", "retention", "monthly", "dates", 1), 40, "retention-date"),
    (("spec", "retention", "yearly", "years"), 0, "retention-count"),
    (("spec", "retention", "yearly", "months", 0), "Mai", "value-not-allowed"),
    (("apiVersion",), GONE, "document-shape"),
]

ASSIGNMENT = assignment(
    select={"ids": [vm_id("a"), vm_id("b")], "locations": ["japaneast"], "tags": {"env": ["prod"]}},
    exclude={"names": ["x-*"], "resourceGroups": ["rg"]},
)
ASSIGNMENT_MISTAKES: list[Mistake] = [
    (("metadata", "name"), None, "null-value"),
    (("spec", "vault"), "nowhere", "unknown-reference"),
    (("spec", "policy"), "nowhere", "unknown-reference"),
    (("spec", "select", "ids", 0), 5, "wrong-type"),
    (("spec", "select", "ids", 1), "web", "vm-id"),
    (("spec", "select", "locations", 0), "japan-east", "region-name"),
    (("spec", "select", "tags", "env"), [], "empty-list"),
    (("spec", "exclude", "names"), "x", "wrong-type"),
    (("spec", "exclude", "resourceGroups", 0), "a/b", "resource-group-name"),
    (("spec", "exclude", "colour"), "blue", "unknown-field"),
]

DECIDING: list[Mistake] = [
    (("spec", "tier"), "Gold", "value-not-allowed"),
    (("spec", "schedule", "frequency"), "Often", "value-not-allowed"),
    (("spec", "schedule"), "daily", "wrong-type"),
    (("spec", "retention"), [], "wrong-type"),
    (("spec", "retention", "daily"), None, "null-value"),
    (("spec", "vaults"), 5, "wrong-type"),
    (("spec", "colour"), "blue", "unknown-field"),
    (("apiVersion",), "backup-reconciler/v2", "value-not-allowed"),
]


def some(mistakes: list[Mistake], least: int = 1) -> st.SearchStrategy[list[Mistake]]:
    return st.lists(st.sampled_from(mistakes), min_size=least, max_size=6, unique_by=lambda mistake: mistake[0])


@given(some(VAULT_MISTAKES))
def test_every_mistake_in_a_vault_is_told_and_nothing_else(mistakes: list[Mistake]) -> None:
    assert told(VAULT, mistakes) == expected(mistakes)


@given(some(POLICY_MISTAKES))
def test_every_mistake_in_a_policy_is_told_and_nothing_else(mistakes: list[Mistake]) -> None:
    assert told(POLICY, mistakes, vault()) == expected(mistakes)


@given(some(ASSIGNMENT_MISTAKES))
def test_every_mistake_in_an_assignment_is_told_and_nothing_else(mistakes: list[Mistake]) -> None:
    assert told(ASSIGNMENT, mistakes, vault(), policy()) == expected(mistakes)


@given(st.sampled_from(DECIDING), some(POLICY_MISTAKES, 0))
def test_nothing_is_told_that_hangs_on_what_cannot_be_read(deciding: Mistake, others: list[Mistake]) -> None:
    mistakes = [*(other for other in others if not _near(other[0], deciding[0])), deciding]
    found = told(POLICY, mistakes, vault())
    assert expected([deciding]) <= found <= expected(mistakes)


def _near(path: FieldPath, other: FieldPath) -> bool:
    return path[: len(other)] == other[: len(path)]


def expected(mistakes: list[Mistake]) -> set[tuple[str, str]]:
    return {(dotted(path), rule) for path, _, rule in mistakes}


def told(document: Mapping[str, Any], mistakes: list[Mistake], *others: object) -> set[tuple[str, str]]:
    broken = deepcopy(document)
    for path, value, _ in mistakes:
        container: Any = broken
        for step in path[:-1]:
            container = container[step]
        if value is GONE:
            del container[path[-1]]
        else:
            container[path[-1]] = value
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "a.yaml"
        file.write_text("\n---\n".join(map(json.dumps, (*others, broken))), encoding="utf-8")
        return {(problem.field, problem.rule.id) for problem in inspect([file], as_of=None).problems}


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_has_values_to_stand_in_for_it(kind: str) -> None:
    def look(around: FieldPath) -> None:
        for name in fields_at(KINDS[kind], around):
            assert stand_ins(KINDS[kind], (*around, name), None), (*around, name)
            look((*around, name))

    look(())
