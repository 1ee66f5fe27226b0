"""A report as JUnit XML: a test for each resource and for each VM, so that a pipeline shows what fails and since when.

A suite for each kind of resource, then "Coverage" (every VM) and "Health" (every VM of which backups are due). What
differs fails, what is blocked fails with that type, what cannot be told is skipped. Nothing is an `error`: that word is
for a test that could not run, and then there is no report.
Source of the format: the XSD of the xUnit plugin of Jenkins (junit-10.xsd), which knows neither files nor lines; the
manifest's line is in the text.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from typing import Any
from xml.etree import ElementTree as ET

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import BY_GRAPH, Resource, ResourceState
from backup_reconciler.report.text.coverage import naming
from backup_reconciler.report.text.health import told_health
from backup_reconciler.report.words import listed, shown, titled, visible

_NO_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold, not even escaped (its production Char)."""
_FAILS = frozenset({Standing.UNCOVERED, Standing.WRONG_POLICY, Standing.STOPPED, Standing.ORPHAN})
"""Unless that is just what is declared."""
_IS_SKIPPED = frozenset({Standing.UNKNOWN, Standing.NOT_LOOKED_FOR})


@dataclass(frozen=True, slots=True)
class _Case:
    """One test. `failure` and `skipped` are the type and the message of what it came to; empty where it passed."""

    classname: str
    name: str
    failure: tuple[str, str] = ("", "")
    skipped: str = ""
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Suite:
    """Tests of one kind, with what is counted of them."""

    name: str
    cases: list[_Case]
    counts: Mapping[str, int]


def junit(report: Report) -> str:
    """The report, as XML that is the same for equal input: it holds no times."""
    suites = [_Suite(kind, list(map(_of_resource, alike)), _states(alike)) for kind, alike in _by_kind(report)]
    if report.machines:
        name = naming(one.vm for one in report.machines)
        due = [one for one in report.machines if one.health is not Health.NONE_DUE]
        coverage = [_of_coverage(one, name(one.vm)) for one in report.machines]
        suites.append(_Suite("Coverage", coverage, _told(report.counts.standings)))
        suites.append(_Suite("Health", [_of_health(one, name(one.vm)) for one in due], _told(report.counts.health)))
    cases = list(chain.from_iterable(suite.cases for suite in suites))
    root = ET.Element(
        "testsuites",
        {
            "name": titled(f"backup-reconciler {report.about.value}", report.plan.shard, report.plan.missing),
            **_numbers(cases),
        },
    )
    for suite in suites:
        _write_suite(suite, report, root)
    ET.indent(root)
    return ET.tostring(root, encoding="unicode", xml_declaration=True).replace("utf-8", "UTF-8", 1)


def _by_kind(report: Report) -> list[tuple[str, list[Resource]]]:
    found: dict[str, list[Resource]] = defaultdict(list)
    for one in report.resources:
        found[one.kind].append(one)
    return sorted(found.items())


def _states(resources: Iterable[Resource]) -> dict[str, int]:
    number = Counter(one.state for one in resources)
    return _told({state: number[state] for state in ResourceState})


def _told(counts: Mapping[Any, int]) -> dict[str, int]:
    return {kind.value: number for kind, number in counts.items()}


def _write_suite(one: _Suite, report: Report, root: ET.Element) -> None:
    skipped = str(sum(bool(case.skipped) for case in one.cases))
    suite = ET.SubElement(root, "testsuite", {"name": _xml(one.name), "skipped": skipped, **_numbers(one.cases)})
    properties = ET.SubElement(suite, "properties")
    for name, value in {"as of": report.plan.as_of, **one.counts}.items():
        ET.SubElement(properties, "property", name=name, value=str(value))
    for case in one.cases:
        _write_case(case, suite)


def _write_case(case: _Case, suite: ET.Element) -> None:
    element = ET.SubElement(suite, "testcase", classname=_xml(case.classname), name=_xml(case.name))
    kind, message = case.failure
    if kind:
        ET.SubElement(element, "failure", type=_xml(kind), message=_xml(message)).text = _xml(case.text)
    elif case.skipped:
        ET.SubElement(element, "skipped", message=_xml(case.skipped))


def _numbers(cases: Iterable[_Case]) -> dict[str, str]:
    cases = list(cases)
    return {"tests": str(len(cases)), "failures": str(sum(bool(case.failure[0]) for case in cases)), "errors": "0"}


def _of_resource(one: Resource) -> _Case:
    classname = one.address.rpartition("/")[0].replace("/", ".") or one.address
    if one.state is ResourceState.AS_DECLARED:
        return _Case(classname, one.label)
    place = f"{one.place.file}:{one.place.line}" if one.place else ""
    lines = [
        f"{one.told} ({one.address})",
        *map(_field, one.changes),
        one.reason,
        BY_GRAPH if one.by_graph else "",
        place,
    ]
    message = one.reason or f"{one.state.value}: {listed([change.path for change in one.changes])}"
    return _Case(classname, one.label, (one.state.value, message), text="\n".join(filter(None, lines)))


def _field(change: Change) -> str:
    place = f"{change.place.file}:{change.place.line}"
    return f"{change.path}: declared {shown(change.declared)}, found {shown(change.found)} ({place})"


def _of_coverage(one: Machine, name: str) -> _Case:
    standing, classname = one.standing, _group(one)
    if standing in _FAILS and not one.as_declared:
        return _Case(classname, name, (standing.value, f"{name} is {standing.value}"), text=one.vm.text)
    return _Case(classname, name, skipped=standing.value if standing in _IS_SKIPPED else "")


def _of_health(one: Machine, name: str) -> _Case:
    if one.ails:
        return _Case(_group(one), name, (one.health.value, told_health(one)), text=one.vm.text)
    return _Case(_group(one), name, skipped=one.health.value if one.health is Health.UNKNOWN else "")


def _group(one: Machine) -> str:
    return f"{one.vm.subscription}.{one.vm.resource_group}"


def _xml(text: str) -> str:
    """Text that XML can hold, and in which nothing is turned round or hidden."""
    return "\n".join(_NO_XML.sub("\ufffd", visible(line)) for line in text.split("\n"))
