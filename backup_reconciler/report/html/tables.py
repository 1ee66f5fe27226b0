"""The tables of a page: what is told in each, and under which headings."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.standing.machine import Machine, Standing
from backup_reconciler.report.html.pool import Pool
from backup_reconciler.report.html.rows import (
    ActionRow,
    FindingRow,
    GoneRow,
    HeldRow,
    KeptRow,
    MachineRow,
    ResourceRow,
    Rows,
)
from backup_reconciler.report.model.report import About, Report


class Column(NamedTuple):
    """A column: the name by which the scripts know it, and its heading."""

    name: str
    heading: str


@dataclass(frozen=True, slots=True)
class Table:
    """One table, which also is a section of the page."""

    id: str
    title: str
    about: str
    """What is in it, in a sentence."""
    columns: tuple[Column, ...]
    fields: tuple[str, ...]
    """Of each row, by their order."""
    rows: tuple[tuple[int | None, ...], ...]


def tables_of(report: Report, pool: Pool) -> tuple[Table, ...]:
    """The tables that there is something to tell in."""
    return tuple(table for table in _tables(report, Rows(report, pool)) if table.rows)


def _tables(report: Report, rows: Rows) -> Iterator[Table]:
    plan = report.plan
    undeclared = {id(one) for one in report.undeclared}
    beside = [one for one in plan.findings if id(one) not in undeclared]
    resources = _table(
        "resources",
        "Differences",
        "Declared and found, with the manifest’s line. What is as declared or blocked is listed once it is chosen.",
        _RESOURCES + _SINCE if report.since else _RESOURCES,
        ResourceRow,
        map(rows.resource, report.resources),
    )
    if report.about is About.PLAN:
        yield _table(
            "actions",
            "Actions",
            "What apply would do, in this order, and what that does to recovery points.",
            _ACTIONS,
            ActionRow,
            (rows.action(order, one) for order, one in enumerate(plan.actions, 1)),
        )
        about = "What apply leaves out: it is blocked, or a later run does it."
        yield _table("held", "Left out", about, _HELD, HeldRow, map(rows.held, plan.held_back))
    else:
        yield resources
    about = "What there is to say beside the differences."
    yield _table("findings", "Findings", about, _FINDINGS, FindingRow, map(rows.finding, _by_weight(beside)))
    about = "What managed vaults hold and no manifest declares, and what earlier runs left."
    undeclared_rows = map(rows.finding, _by_weight(report.undeclared))
    yield _table("undeclared", "Undeclared", about, _FINDINGS, FindingRow, undeclared_rows)
    if report.since:
        about = f"Differences of {report.since.as_of} that there are no more."
        yield _table("gone", "Gone", about, _GONE, GoneRow, map(rows.gone, report.since.gone))
    if report.about is About.PLAN:
        yield resources
    about = "How each VM stands now, and how old its last backup is. Those that need a look come first. Times are UTC."
    machines = sorted(report.machines, key=_is_well)
    yield _table("machines", "VMs", about, _MACHINES, MachineRow, map(rows.machine, machines))
    about = "Recovery points that never expire, and cost until somebody deletes them."
    yield _table("kept", "Kept without an end", about, _KEPT, KeptRow, map(rows.kept, plan.kept))


def _table(
    id_: str,
    title: str,
    about: str,
    columns: tuple[Column, ...],
    kind: type[Any],
    rows: Iterable[tuple[int | None, ...]],
) -> Table:
    return Table(id_, title, about, columns, kind._fields, tuple(rows))


def _by_weight(findings: Iterable[Finding]) -> list[Finding]:
    """The heaviest first, those of one rule and remedy together."""
    weight: Callable[[Severity], int] = list(Severity).index
    return sorted(findings, key=lambda one: (weight(one.severity), one.rule.id, one.remedy))


def _is_well(machine: Machine) -> bool:
    """Whether nothing needs doing: it is backed up in time, or declared to have no backup."""
    if machine.standing is Standing.STOPPED:
        return machine.as_declared
    return machine.standing in {Standing.PROTECTED, Standing.EXEMPT} and not machine.ails


_ACTIONS = (
    Column("order", "No."),
    Column("verb", "Action"),
    Column("label", "Resource"),
    Column("effect", "Recovery points"),
    Column("risk", "Risk"),
    Column("source", "Line"),
)
_HELD = (Column("verb", "Action"), Column("label", "Resource"), Column("why", "Why"), Column("source", "Line"))
_RESOURCES = (Column("state", "State"), Column("label", "Resource"), Column("changes", "Difference"))
_SINCE = (Column("origin", "Since then"),)
_GONE = (
    Column("state", "State then"),
    Column("label", "Resource"),
    Column("now", "Now"),
    Column("origin", "What moved"),
)
_FINDINGS = (
    Column("severity", "Severity"),
    Column("label", "Finding"),
    Column("remedy", "What to do"),
    Column("rule", "Rule"),
)
_MACHINES = (
    Column("name", "VM"),
    Column("group", "Resource group"),
    Column("vault", "Vault"),
    Column("standing", "Standing"),
    Column("policy", "Policy"),
    Column("backup", "Last backup"),
    Column("age", "Age"),
    Column("health", "Health"),
)
_KEPT = (
    Column("label", "Backup"),
    Column("vault", "Vault"),
    Column("why", "Why"),
    Column("backup", "Last backup"),
    Column("age", "Age"),
)
