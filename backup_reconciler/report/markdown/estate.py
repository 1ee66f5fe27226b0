"""What plans and drift reports tell alike: findings, and how VMs and their backups stand."""

from collections.abc import Iterable

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.report.findings import by_message
from backup_reconciler.report.markdown.cells import BREAK, line_of
from backup_reconciler.report.markdown.escape import code, prose
from backup_reconciler.report.markdown.page import Section
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.text.coverage import uncovered_rows
from backup_reconciler.report.text.drift import kept_rows
from backup_reconciler.report.text.health import ailing_rows
from backup_reconciler.report.words import some_of

_HEADER = ("what", "is so", "to do", "rule", "line")


def blocked(report: Report) -> Section:
    """What cannot be carried out."""
    found = report.plan.findings_of(Severity.BLOCKED)
    return Section("Blocked", len(found), _HEADER, _rows(found), important=True)


def warnings(report: Report) -> Section:
    """What may go wrong."""
    found = [one for one in report.remarks if one.severity is Severity.WARNING]
    return Section("Warnings", len(found), _HEADER, _rows(found), important=True)


def remarks(report: Report) -> Section:
    """What is worth knowing."""
    found = [one for one in report.remarks if one.severity is Severity.INFO]
    return Section("Remarks", len(found), _HEADER, _rows(found))


def undeclared(report: Report) -> Section:
    """What no manifest declares; nothing is done about it."""
    found = report.undeclared
    return Section("Not declared", len(found), _HEADER, _rows(found))


def uncovered(report: Report) -> Section:
    """The VMs that nothing backs up."""
    rows = [(code(name), prose(why)) for name, why in uncovered_rows(report.machines)]
    return Section("Without a backup", len(rows), ("VM", "why"), rows)


def ailing(report: Report) -> Section:
    """The VMs whose backups are due and not made."""
    rows = [(code(name), health, prose(told)) for name, health, told in ailing_rows(report)]
    return Section("Backups that are due and not made", len(rows), ("VM", "health", "last backup"), rows)


def kept(report: Report) -> Section:
    """What costs until somebody ends it."""
    rows = [(code(name), prose(why), prose(age)) for name, why, age in kept_rows(report)]
    return Section("Kept without an end, at cost", len(rows), ("backup", "why", "age"), rows)


def _rows(findings: Iterable[Finding]) -> list[tuple[str, ...]]:
    """A row for each thing that is said, of however many resources; the JSON has one for each resource."""
    rows: list[tuple[str, ...]] = []
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for one in findings:
        by_rule.setdefault((one.rule.id, one.remedy), []).append(one)
    for (rule, remedy), alike in by_rule.items():
        for same in by_message(alike):
            what = f"{prose(same.title)}{BREAK}{code(some_of(same.names))}" if same.names else code(same.title)
            rows.append((what, prose(same.message), prose(remedy), code(rule), line_of(same.place)))
    return rows
