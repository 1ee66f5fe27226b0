"""What is as declared is one number, wherever it is told."""

from io import StringIO

from rich.console import Console

from backup_reconciler.plan.plan import Plan, Unchanged
from backup_reconciler.report.data.drift import drift_data
from backup_reconciler.report.data.plan import plan_data
from backup_reconciler.report.markdown import markdown
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.text.plan import write_plan
from tests.unit.report.html import fleets


def told_in_text(report: Report) -> str:
    console = Console(file=StringIO(), width=100)
    write_plan(report.plan, console, verbose=True)
    assert isinstance(console.file, StringIO)
    return console.file.getvalue()


def test_a_vm_that_lacks_its_first_backup_alone_is_not_as_declared() -> None:
    """Its protection is unchanged, and something is done about it all the same: it counts once."""
    pending, well = fleets.machine("web-01"), fleets.machine("web-02")
    _, back_up = fleets.beginning(pending)
    unchanged = tuple(Unchanged(one.address, f"VM {one.vm.name} in rsv-000", "backed up") for one in (pending, well))
    plan = Plan(fleets.DAY, (back_up,), unchanged=unchanged)
    report = fleets.report(plan, about=About.PLAN)
    text = told_in_text(report)
    assert "Plan: 1 VM to back up for the first time. 1 as declared." in text
    assert [line.split()[:3] for line in text.splitlines() if line.startswith("unchanged")] == [
        ["unchanged", "VM", "web-02"]
    ]
    assert "### Plan: 1 VM to back up for the first time. 1 as declared." in markdown(report)
    assert "Resources now: 1 as declared, 0 missing, 1 differs" in markdown(report)
    assert plan_data(report).summary["unchanged"] == drift_data(report).summary["unchanged"] == 1
