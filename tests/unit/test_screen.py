"""Jobs on a terminal while they are watched."""

import io
from datetime import UTC, datetime, timedelta

import pytest
from rich.console import Console

from backup_reconciler.cli import screen
from backup_reconciler.report.job_list import JobList, job_list
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.state.job import Job
from backup_reconciler.state.job_look import JobLook, VMInVault

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
HERE = VMInVault(vault_id("s", "rg", "rsv"), ArmId("/subscriptions/s/resourceGroups/rg/providers/x/y/web-01"))


def seen(status: str) -> JobList:
    job = Job("j", "c", "Backup", status, started=AT - timedelta(minutes=5))
    return job_list(JobLook(AT, AT, {HERE: (job,)}), {HERE: "VM web-01 in rsv"}, 1)


def shown(monkeypatch: pytest.MonkeyPatch, *, terminal: bool) -> str:
    written = io.StringIO()
    monkeypatch.setattr(screen, "progress_console", lambda: Console(file=written, force_terminal=terminal, width=80))
    with screen.drawing("Reading …") as draw:
        draw(seen("InProgress"))
        draw(seen("Completed"))
    return written.getvalue()


def test_each_look_is_drawn_over_the_one_before_and_nothing_stays(monkeypatch: pytest.MonkeyPatch) -> None:
    text = shown(monkeypatch, terminal=True)
    first, up, second = text.index("1 running"), text.index("\x1b[1A"), text.index("1 completed")
    assert text.index("Reading …") < first < up < second
    assert text.rstrip().endswith("\x1b[2K"), "the last thing is that a line is erased"


def test_elsewhere_nothing_is_drawn(monkeypatch: pytest.MonkeyPatch) -> None:
    assert not shown(monkeypatch, terminal=False).strip()
