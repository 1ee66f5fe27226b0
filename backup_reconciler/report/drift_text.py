"""Drift as text: the difference of a plan told the other way round, as what Azure has that is not what is declared."""

from rich.console import Console

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.protection.words import told_age
from backup_reconciler.report.coverage_text import coverage_line, write_uncovered
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.report.page import Page
from backup_reconciler.report.plan_json import source
from backup_reconciler.report.plan_text import write_findings
from backup_reconciler.report.words import counted, shown


def write_drift(report: Report, console: Console, *, verbose: bool = False) -> None:
    """The report as text: each difference with what is declared, what was found, and the manifest's line.

    Then what coverage lacks; `verbose` names all of that.
    """
    page, plan = Page(console), report.plan
    for one in report.differences:
        page.heading(one.state.value, one.label, suffix=_suffix(one))
        page.rows(_row(change) for change in one.changes)
        page.line()
    write_findings([finding for finding in plan.findings if finding.severity is not Severity.BLOCKED], page)
    _write_blocked(plan, page)
    _write_kept(plan, page)
    if plan.coverage_now:
        write_uncovered(plan.coverage_now, page, verbose=verbose)
        page.line(coverage_line(plan.coverage_now, "now"))
    page.line(_summary(report), "bold")


def _suffix(one: Resource) -> str:
    if one.blocked_by:
        return "(apply cannot put it right)"
    return "(needs approval)" if one.guard else ""


def _write_blocked(plan: Plan, page: Page) -> None:
    """In a line each what stands in the way; 'plan' says why and what to do."""
    rows = [(finding.label, f"{finding.message} [{finding.rule.id}]") for finding in plan.findings_of(Severity.BLOCKED)]
    if rows:
        page.line("These cannot be carried out; 'plan' says what to do:")
        page.rows(rows)
        page.line()


def _write_kept(plan: Plan, page: Page) -> None:
    """Stopped backups, declared ones too: they cost until somebody ends them."""
    if plan.kept:
        page.line("These backups are stopped, and their recovery points are kept without an end, at cost:")
        page.rows((kept.label, told_age(kept.item, plan.as_of)) for kept in plan.kept)
        page.line()


def _row(change: Change) -> tuple[str, str, str, str]:
    return (
        change.path,
        f"declared {shown(change.declared)}",
        f"found {shown(change.found)}",
        source(change.place),
    )


def _summary(report: Report) -> str:
    differences, counts = report.counts.differences, report.counts.resources
    number = counted(differences, "difference") if differences else "none"
    read = counted(report.plan.reads, "request")
    return f"Drift: {number}. {counts[ResourceState.AS_DECLARED]} as declared. Azure was read in {read}."
