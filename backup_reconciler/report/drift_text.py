"""Drift as text: the difference of a plan told the other way round, as what Azure has that is not what is declared."""

from rich.console import Console

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.report.drift_json import state_of
from backup_reconciler.report.page import Page
from backup_reconciler.report.plan_json import source
from backup_reconciler.report.plan_text import write_findings
from backup_reconciler.report.words import counted, shown


def write_drift(plan: Plan, console: Console) -> None:
    """The report as text: each difference with what is declared, what was found, and the manifest's line."""
    page = Page(console)
    for action in plan.actions:
        page.heading(state_of(action), action.label)
        page.rows(_row(change) for change in action.changes)
        page.line()
    blocked = plan.findings_of(Severity.BLOCKED)
    write_findings([finding for finding in plan.findings if finding.severity is not Severity.BLOCKED], page)
    page.line(_summary(plan), "bold")
    if blocked or plan.held_back:
        number = counted(len(blocked) + len(plan.held_back), "declaration")
        page.line(f"{number} cannot be carried out; 'plan' says why.")


def _row(change: Change) -> tuple[str, str, str, str]:
    return (
        change.path,
        f"declared {shown(change.declared)}",
        f"found {shown(change.found)}",
        source(change.place),
    )


def _summary(plan: Plan) -> str:
    read = f"Azure was read in {counted(plan.reads, 'request')}."
    if not plan.actions:
        return f"Drift: none. {len(plan.unchanged)} as declared. {read}"
    return f"Drift: {counted(len(plan.actions), 'difference')}. {len(plan.unchanged)} as declared. {read}"
