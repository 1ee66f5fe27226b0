"""A report as SARIF 2.1.0: a result for each difference and for each finding, at the manifest's line.

Source of the format: OASIS, Static Analysis Results Interchange Format 2.1.0. A code host that shows results beside
lines takes none without a location (GitHub, "SARIF support for code scanning"), so what no manifest speaks of stands
where the manifests begin.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from hashlib import sha256
from importlib.metadata import version
from pathlib import Path
from typing import Any
from urllib.parse import quote

from backup_reconciler.plan.finding import Severity
from backup_reconciler.report.data.counts import counts_data
from backup_reconciler.report.files import named_from
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import BY_GRAPH, DIFFERING, Resource, ResourceState
from backup_reconciler.report.words import shown, visible
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.json_text import harmless
from backup_reconciler.spec.rules import CATALOGUE

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_LEVELS = {Severity.BLOCKED: "error", Severity.WARNING: "warning", Severity.INFO: "note"}
_DRIFT = {
    ResourceState.MISSING: ("drift-missing", "Azure does not have what is declared."),
    ResourceState.DIFFERS: ("drift-differs", "Azure has it otherwise than declared."),
    ResourceState.UNDER_WAY: ("drift-under-way", "Azure is still making it, or deleting it."),
    ResourceState.UNWANTED: ("drift-unwanted", "Azure has it, and it is declared absent."),
}
"""The ids under which differences are told, beside those of the rules of the catalogue."""
_FINGERPRINTS = ("primaryLocationLineHash", "identity/v1")
"""GitHub tells alerts apart by the first alone, and would make it of the line's text, which many VMs have in common;
what it computes, when it is handed one, it tells as a warning and drops (github/codeql-action, fingerprints.ts)."""
_REMEDY = "Apply puts it right; or declare what Azure has."
_Json = dict[str, Any]


def sarif(report: Report, folder: Path, root: Path) -> str:
    """The report. Files, which were named from `folder`, are named from `root` where they are below it."""
    found = [*_differences(report), *_findings(report)]
    results = [_result(one, one.place or report.manifests_at, folder, root) for one in found]
    used = {one["ruleId"] for one in results}
    rules = [rule for rule in _rules() if rule["id"] in used]
    numbers = {rule["id"]: number for number, rule in enumerate(rules)}
    driver = {"name": "backup-reconciler", "version": version("backup-reconciler"), "rules": rules}
    run = {
        "tool": {"driver": driver},
        "automationDetails": {"id": _category(report)},
        "columnKind": "unicodeCodePoints",
        "results": [{**one, "ruleIndex": numbers[one["ruleId"]]} for one in results],
        "properties": {
            "asOf": report.plan.as_of.isoformat(),
            "counts": counts_data(report.counts).model_dump(by_alias=True),
            "kept": len(report.plan.kept),
        },
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return harmless(json.dumps(log, indent=2, ensure_ascii=False))


@dataclass(frozen=True, slots=True)
class _Told:
    """One result. `identity` and the rule make its fingerprint: the same tomorrow, wherever its line has moved to."""

    rule: str
    level: str
    identity: str
    text: str
    place: Place | None


def _category(report: Report) -> str:
    """A code host takes what was uploaded before under the same one for replaced; so each shard has its own."""
    shard = report.plan.shard
    return f"backup-reconciler/{report.about.value}/{'' if shard.is_whole else f'{shard.number}-of-{shard.count}/'}"


def _differences(report: Report) -> Iterator[_Told]:
    for one in report.differences:
        rule, _ = _DRIFT[one.state]
        level = "note" if one.state is ResourceState.UNDER_WAY else "warning"
        yield _Told(rule, level, one.address, _in_words(one, report), one.line)


def _findings(report: Report) -> Iterator[_Told]:
    """The message is a part of what keeps findings of one rule about one resource apart."""
    for one in report.plan.findings:
        text = f"{one.label}: {one.message}. To do: {one.remedy}."
        yield _Told(one.rule.id, _LEVELS[one.severity], f"{one.address} {one.message}", text, one.place)


def _in_words(one: Resource, report: Report) -> str:
    told = [report.since.label(one.address)] if report.since else []
    told += [BY_GRAPH] if one.by_graph else []
    aside = f" ({'; '.join(told)})" if told else ""
    fields = "; ".join(
        f"{change.path}: declared {shown(change.declared)}, found {shown(change.found)}" for change in one.changes
    )
    return f"{one.told}{aside}{': ' if fields else ''}{fields}."


def _result(one: _Told, place: Place | None, folder: Path, root: Path) -> _Json:
    fingerprint = sha256(f"{one.rule} {one.identity}".encode()).hexdigest()[:32]
    return {
        "ruleId": one.rule,
        "level": one.level,
        "message": {"text": visible(one.text)},
        **({"locations": [_location(place, folder, root)]} if place else {}),
        "partialFingerprints": dict.fromkeys(_FINGERPRINTS, fingerprint),
    }


def _location(place: Place, folder: Path, root: Path) -> _Json:
    file = named_from(root, folder / place.file)
    uri = {"uri": file.as_uri()} if file.is_absolute() else {"uri": quote(file.as_posix()), "uriBaseId": "%SRCROOT%"}
    region = {"startLine": place.line, "startColumn": place.column}
    return {"physicalLocation": {"artifactLocation": uri, "region": region}}


def _rules() -> Iterator[_Json]:
    for state in ResourceState:
        if state in DIFFERING:
            id_, statement = _DRIFT[state]
            yield _rule(id_, statement, statement, _REMEDY)
    for rule in CATALOGUE.values():
        yield _rule(rule.id, rule.statement, rule.why, rule.remedy)


def _rule(id_: str, statement: str, why: str, remedy: str) -> _Json:
    return {
        "id": id_,
        "shortDescription": {"text": statement},
        "fullDescription": {"text": why},
        "help": {"text": f"{why} To do: {remedy.rstrip('.')}.", "markdown": f"{why}\n\n**To do:** {remedy}"},
    }
