"""Drift as text: the difference of a plan told the other way round, as what Azure has that is not what is declared."""

from collections.abc import Iterable, Sequence
from datetime import date

from rich.console import Console

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import KeptBackup
from backup_reconciler.plan.protection.words import told_age
from backup_reconciler.report.data.changes import source
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.report.text.coverage import coverage_line, write_uncovered
from backup_reconciler.report.text.health import health_line, standings_line, write_ailing
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.plan import write_findings
from backup_reconciler.report.text.reading import reading_words
from backup_reconciler.report.text.since import since_words, write_gone
from backup_reconciler.report.words import counted, shown


def write_drift(report: Report, console: Console, *, verbose: bool = False) -> None:
    """The report as text, what matters most first: each difference with what is declared, what was found, and the
    manifest's line; what is in the way; what nobody declared; then VMs without a backup, backups that are not made, and
    those that cost without an end. Of long lists the first are told, and `verbose` tells all.
    """
    page, plan = Page(console), report.plan
    for one in report.differences:
        page.heading(one.state.value, one.label, suffix=_suffix(one, report))
        _write_changes(one.changes, page)
        page.line()
    if report.since:
        write_gone(report.since, page, verbose=verbose)
    _write_blocked(plan.findings_of(Severity.BLOCKED), page)
    write_findings(report.remarks, page)
    _write_undeclared(report.undeclared, page, verbose=verbose)
    write_uncovered(report.machines, page, verbose=verbose)
    write_ailing(report, page, verbose=verbose)
    _write_kept(report, page, verbose=verbose)
    if plan.coverage_now:
        page.line(coverage_line(plan.coverage_now, "now"))
    if report.machines:
        page.line(standings_line(report.counts))
        page.line(health_line(report.counts))
    page.line(drift_summary(report), "bold")


def _suffix(one: Resource, report: Report) -> str:
    told = [report.since.label(one.address)] if report.since else []
    told += one.caveats
    return f"({'; '.join(told)})" if told else ""


def _write_changes(changes: Sequence[Change], page: Page) -> None:
    """Side by side where that fits for all of them, else one below the other."""
    rows = [_row(change) for change in changes]
    if page.has_room_for(rows):
        page.rows(rows)
        return
    page.rows(line for path, declared, found, place in rows for line in ((path, declared), ("", found), ("", place)))


def _row(change: Change) -> tuple[str, str, str, str]:
    return (
        change.path,
        f"declared {shown(change.declared)}",
        f"found {shown(change.found)}",
        source(change.place),
    )


def _write_blocked(blocked: Sequence[Finding], page: Page) -> None:
    """In a line each what stands in the way; 'plan' says why and what to do."""
    if blocked:
        page.line("These cannot be carried out; 'plan' says what to do:")
        page.rows(map(_in_a_line, blocked))
        page.line()


def _write_undeclared(findings: Iterable[Finding], page: Page, *, verbose: bool) -> None:
    """In a line each what nobody declared, those first that want somebody to look."""
    rows = [_in_a_line(one) for one in sorted(findings, key=lambda one: one.severity is not Severity.WARNING)]
    if rows:
        page.line("No manifest declares these, and nothing is done about them; 'plan' says what can be done:")
        page.first_rows(rows, verbose=verbose)
        page.line()


def _in_a_line(finding: Finding) -> tuple[str, str]:
    return finding.label, f"{finding.message} [{finding.rule.id}]"


def _write_kept(report: Report, page: Page, *, verbose: bool) -> None:
    rows = kept_rows(report)
    if rows:
        page.line("The recovery points of these backups are kept without an end, at cost:")
        page.first_rows(rows, verbose=verbose)
        page.line()


def kept_rows(report: Report) -> list[tuple[str, str, str]]:
    """Backups that cost until somebody ends them, stops that are declared too: what, why, since when."""
    as_declared = {one.address for one in report.machines if one.as_declared}
    return [_kept(one, report.plan.as_of, as_declared=one.address in as_declared) for one in report.plan.kept]


def _kept(one: KeptBackup, as_of: date, *, as_declared: bool) -> tuple[str, str, str]:
    declared = ", as declared" if as_declared else ""
    return one.label, f"{one.why.value}{declared}", told_age(one.item, as_of)


def drift_summary(report: Report) -> str:
    """One line with the counts; of what is blocked too, for it is neither a difference nor as declared."""
    differences, counts = report.counts.differences, report.counts.resources
    number = counted(differences, "difference") if differences else "none"
    blocked = f" {counts[ResourceState.BLOCKED]:,} blocked." if counts[ResourceState.BLOCKED] else ""
    same = f" {counts[ResourceState.AS_DECLARED]:,} as declared."
    since = since_words(report.since) if report.since else ""
    return f"{report.title}: {number}.{blocked}{same}{since} {reading_words(report.plan, report.differences)}."
