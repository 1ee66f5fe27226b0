"""SARIF: a result at the manifest's line, named from the repository, and the same tomorrow."""

import json
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.report.sarif import sarif
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules.protection import UNDECLARED_ITEM, VM_REGION
from tests.unit.report.formats import SARIF

ROOT = Path("/work tree")


def results(*resources: Resource, findings: tuple[Finding, ...] = (), folder: Path = ROOT) -> list[dict[str, Any]]:
    report = Report(
        About.DRIFT,
        Plan(date(2026, 11, 23), findings=findings),
        resources,
        (),
        Counts.of(resources, findings, ()),
        manifests_at=Place("first.yaml", 1, 1),
    )
    log = json.loads(sarif(report, folder, ROOT))
    SARIF.validate(log)
    found: list[dict[str, Any]] = log["runs"][0]["results"]
    return found


def at(result: dict[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    return physical["artifactLocation"], physical["region"]


def missing(place: Place, label: str = "vault rsv") -> Resource:
    return Resource(
        "Vault/s/g/rsv", label, ResourceState.MISSING, (Change("location", None, "japaneast", place),), place
    )


def test_a_difference_stands_at_the_manifests_line() -> None:
    (one,) = results(missing(Place("backups/a b#.yaml", 7, 3)))
    assert (one["ruleId"], one["level"]) == ("drift-missing", "warning")
    assert one["message"]["text"] == "vault rsv is missing: location: declared japaneast, found —."
    assert at(one) == ({"uri": "backups/a%20b%23.yaml", "uriBaseId": "%SRCROOT%"}, {"startLine": 7, "startColumn": 3})


def test_a_field_that_differs_is_told_at_its_own_line() -> None:
    """That is the line that a pull request touches; code hosts show nothing at lines outside of it."""
    document, first, second = (Place("a.yaml", line, 3) for line in (2, 9, 14))
    changes = (Change("protection", "active", "stopped", first), Change("policy", None, "daily", second))
    differs = Resource("Protection/s/g/rsv/g/x", "VM x in rsv", ResourceState.DIFFERS, changes, document)
    assert at(*results(differs))[1] == {"startLine": 9, "startColumn": 3}
    assert at(*results(replace(differs, state=ResourceState.MISSING)))[1] == {"startLine": 2, "startColumn": 3}
    assert at(*results(replace(differs, changes=())))[1] == {"startLine": 2, "startColumn": 3}


def test_files_are_named_from_the_repository_wherever_the_step_runs() -> None:
    folder = ROOT / "infra" / "backups"
    assert at(*results(missing(Place("../a.yaml", 1, 1)), folder=folder))[0]["uri"] == "infra/a.yaml"
    (outside, _) = at(*results(missing(Place("/elsewhere/a.yaml", 1, 1)), folder=folder))
    assert outside == {"uri": "file:///elsewhere/a.yaml"}


def test_a_finding_has_the_weight_of_its_severity_and_one_of_no_manifest_a_place_all_the_same() -> None:
    place = Place("a.yaml", 2, 1)
    found = results(
        findings=(
            Finding(VM_REGION, Severity.BLOCKED, "Protection/x", "VM x", "it is in eastus", place),
            Finding(UNDECLARED_ITEM, Severity.INFO, "Protection/y", "VM y", "no assignment selects it"),
        )
    )
    assert [(one["ruleId"], one["level"], at(one)[0]["uri"]) for one in found] == [
        ("vm-region", "error", "a.yaml"),
        (UNDECLARED_ITEM.id, "note", "first.yaml"),
    ]


def test_a_result_is_the_same_when_its_line_moves_and_another_when_it_is_of_something_else() -> None:
    def fingerprint(resource: Resource) -> str:
        (one,) = results(resource)
        told: dict[str, str] = one["partialFingerprints"]
        assert told.keys() == {"primaryLocationLineHash", "identity/v1"}, "GitHub reads the first alone"
        assert len(set(told.values())) == 1
        return told["identity/v1"]

    once = fingerprint(missing(Place("a.yaml", 1, 1)))
    assert fingerprint(missing(Place("b.yaml", 9, 9))) == once
    other = Resource("Vault/s/g/other", "vault other", ResourceState.MISSING, (), Place("a.yaml", 1, 1))
    assert fingerprint(other) != once


def test_hostile_names_are_made_visible() -> None:
    (one,) = results(missing(Place("a.yaml", 1, 1), label="vault \u202e\x1b[31m<script>"))
    assert one["message"]["text"].startswith("vault \\u202e\\x1b[31m<script> is missing")
