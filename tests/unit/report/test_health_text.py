"""Backups that are due and not made, as text: the worst first, each with what is known of the last one."""

from datetime import UTC, date, datetime
from io import StringIO

from rich.console import Console

from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.text.drift import write_drift
from backup_reconciler.report.text.plan import write_plan
from backup_reconciler.spec.arm_id import ArmId
from tests.conftest import vm_id

PLAN = Plan(date(2026, 11, 23))


def backed_up(name: str, health: Health, age: int | None = None, error: str = "") -> Machine:
    last = None if age is None else datetime(2026, 11, 23 - age, 23, tzinfo=UTC)
    return Machine(
        ArmId(vm_id(name)),
        Standing.PROTECTED,
        health,
        policy="daily-30d",
        last_backup=last,
        last_error=error,
        age_days=age,
        allowed_days=1,
    )


MACHINES = (
    backed_up("fine", Health.IN_TIME, 1),
    backed_up("late", Health.OVERDUE, 3),
    backed_up("later", Health.OVERDUE, 9),
    backed_up("new", Health.NEVER),
    backed_up("torn", Health.FAILED, 1, "ExtensionSnapshotFailedNoNetwork"),
    backed_up("worn", Health.FAILED),
)


def console() -> tuple[Console, StringIO]:
    file = StringIO()
    return Console(file=file, width=120), file


def test_the_worst_are_told_first_with_what_is_known_of_the_last_backup() -> None:
    screen, told = console()
    write_drift(Report(About.DRIFT, PLAN, (), MACHINES, Counts.of((), (), MACHINES)), screen)
    lines = [" ".join(line.split()) for line in told.getvalue().splitlines()]
    first = lines.index("Backups of these VMs are due, and are not made; 'jobs' says why one failed:") + 1
    assert lines[first : first + 5] == [
        "torn failed last tried on 2026-11-22, 1 day ago: ExtensionSnapshotFailedNoNetwork",
        "worn failed it was tried",
        "later overdue last backed up on 2026-11-14, 9 days ago; daily-30d leaves 1 day at most",
        "late overdue last backed up on 2026-11-20, 3 days ago; daily-30d leaves 1 day at most",
        "new no backup yet the first one is to come by daily-30d",
    ]


def test_a_plan_says_in_a_line_that_some_are_not_made_and_nothing_where_all_are() -> None:
    for machines, line in ((MACHINES, "Backups now: 2 failed, 2 overdue; 'drift' names them.\n"), (MACHINES[:1], "")):
        screen, told = console()
        write_plan(PLAN, screen, counts=Counts.of((), (), machines))
        assert told.getvalue().startswith(f"{line}Plan: nothing to do.")
