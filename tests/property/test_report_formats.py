"""Whatever an estate looks like, all formats of one report are well formed and agree in every count.

Each format is read here by itself, as its reader would.
"""

import json
import re
from io import StringIO
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st
from rich.console import Console

from backup_reconciler.plan import make_plan
from backup_reconciler.report.data.drift import drift_data
from backup_reconciler.report.data.plan import plan_data
from backup_reconciler.report.html.page import html_report
from backup_reconciler.report.junit import junit
from backup_reconciler.report.markdown import LIMIT, markdown
from backup_reconciler.report.model.report import About, Report, report_of
from backup_reconciler.report.sarif import sarif
from backup_reconciler.report.text.drift import write_drift
from backup_reconciler.report.text.plan import write_plan
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.snapshot import Snapshot
from tests.property.test_authority import runs, snapshots
from tests.property.test_reports import DAY
from tests.unit.report.formats import JUNIT, SARIF
from tests.unit.report.formats.tables import broken_rows

Counts = dict[str, dict[str, int]]

DIFFERING = ("missing", "differs", "under way", "unwanted")
FACETS = {"state": "resources", "severity": "findings", "standing": "standings", "health": "health"}
LISTS = {"undeclared": "undeclared", "kept": "keptBackups", "actions": "actions", "held": "heldBack"}
"""The tables of a page whose rows the JSON has by a name of its own."""
LEVELS = {"blocked": "error", "warning": "warning", "info": "note"}


def text_of(report: Report) -> str:
    console = Console(file=StringIO(), width=1000)
    if report.about is About.PLAN:
        write_plan(report.plan, console, counts=report.counts)
    else:
        write_drift(report, console)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def line_of_counts(text: str, first: str) -> dict[str, int]:
    """A line such as "VMs: 3 protected, 1 stopped (1 as declared)."."""
    (line,) = re.findall(rf"^{first}(?: now)?: (.*)\.$", text, re.MULTILINE)
    return {kind: int(number) for number, kind in re.findall(r"(\d+) ([a-z ]+?)(?: \\?\(|,|$)", line)}


def of_json(data: Any) -> Counts:
    counts = data["counts"]
    return {name: counts[name] for name in ("resources", "findings", "standings", "health")}


def of_markdown(text: str) -> Counts:
    lines = {"resources": "Resources", "findings": "Findings"}
    if re.search("^VMs(?: now)?: ", text, re.MULTILINE):
        lines |= {"standings": "VMs", "health": "Backups"}
    return {name: line_of_counts(text, first) for name, first in lines.items()}


def of_html(page: str) -> tuple[Counts, dict[tuple[str, str], int], dict[str, int]]:
    """The counts in the page's data, the numbers that it shows beside words, and how many rows its tables have."""
    told = re.findall(r'<script type="application/json" id="report">(.*)</script>', page)
    data = json.loads(told[0]) if told else {"counts": {}, "tables": {}}
    shown = re.findall(r'data-facet="(\w+)" data-value="([\w -]+)">.*<span class="number">([\d,]+)</span>', page)
    numbers = {(facet, word): int(number.replace(",", "")) for facet, word, number in shown if facet in FACETS}
    return of_json(data) if told else {}, numbers, {name: len(table["rows"]) for name, table in data["tables"].items()}


def of_junit(root: ET.Element) -> dict[str, dict[str, int]]:
    """The properties of each suite, less the day."""
    return {
        suite.attrib["name"]: {
            one.attrib["name"]: int(one.attrib["value"])
            for one in suite.iter("property")
            if one.attrib["name"] != "as of"
        }
        for suite in root
    }


@given(runs(), snapshots(), st.sampled_from(About))
def test_every_format_is_well_formed_and_counts_alike(manifests: Manifests, snapshot: Snapshot, about: About) -> None:
    report = report_of(about, make_plan(manifests, snapshot, DAY), snapshot, manifests)
    data = json.loads((plan_data if about is About.PLAN else drift_data)(report).model_dump_json())
    counts = of_json(data)
    differing = sum(counts["resources"][state] for state in DIFFERING)

    told = markdown(report)
    assert of_markdown(told) == {name: counts[name] for name in of_markdown(told)}
    assert broken_rows(told) == []
    assert len(told.encode()) <= LIMIT

    in_page, shown, rows = of_html(html_report(report))
    assert in_page in ({}, counts)
    assert shown == {(facet, word): n for facet, name in FACETS.items() for word, n in counts[name].items() if n}
    assert rows.get("resources", 0) == sum(counts["resources"].values())
    assert rows.get("findings", 0) + rows.get("undeclared", 0) == sum(counts["findings"].values())
    assert rows.get("machines", 0) == sum(counts["standings"].values())
    for table, field in LISTS.items():
        assert rows.get(table, 0) == len(data.get(field, []))

    text = text_of(report)
    same = counts["resources"]["as declared"]
    assert sum(map(int, re.findall(r" (\d+) as declared\. ", text))) == same == data["summary"]["unchanged"]
    assert re.findall(r" (\d+) as declared\. ", told) == re.findall(r" (\d+) as declared\. ", text)
    if about is About.DRIFT:
        (number,) = re.findall(r"^Drift: (none|\d+)", text, re.MULTILINE)
        assert int(number.replace("none", "0")) == differing == len(data["differences"])
        blocked = counts["resources"]["blocked"]
        assert sum(map(int, re.findall(r"^Drift: .* (\d+) blocked\.", text, re.MULTILINE))) == blocked
        assert line_of_counts(text, "VMs") == counts["standings"] if report.machines else True
    else:
        assert sum(map(int, re.findall(r"(\d+) blocked\.", text))) == data["summary"]["blocked"]

    written = junit(report)
    JUNIT.validate(written)
    root = ET.fromstring(written)
    suites = of_junit(root)
    if data["vms"]:
        assert (suites.pop("Coverage"), suites.pop("Health")) == (counts["standings"], counts["health"])
    for state, number in counts["resources"].items():
        assert sum(of_suite[state] for of_suite in suites.values()) == number
    for suite in root:
        assert int(suite.attrib["failures"]) == len(suite.findall("./testcase/failure"))
        assert int(suite.attrib["tests"]) == len(suite.findall("./testcase"))

    log = json.loads(sarif(report, Path("/repository"), Path("/repository")))
    SARIF.validate(log)
    (run,) = log["runs"]
    results, rules = run["results"], run["tool"]["driver"]["rules"]
    assert [rules[one["ruleIndex"]]["id"] for one in results] == [one["ruleId"] for one in results]
    assert (run["properties"]["counts"], run["properties"]["kept"]) == (data["counts"], len(data["keptBackups"]))
    drifting = [one for one in results if one["ruleId"].startswith("drift-")]
    assert len(drifting) == differing
    for severity, level in LEVELS.items():
        found = [one for one in results if one["level"] == level and one not in drifting]
        assert len(found) == counts["findings"][severity]
