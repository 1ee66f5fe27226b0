"""Jobs in a report, as people read them."""

import io
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from rich.console import Console

from backup_reconciler.report.job_list import job_list
from backup_reconciler.report.text.jobs import span, write_jobs
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.state.job import Job, JobError, Phase
from backup_reconciler.state.job_look import JobLook, VMInVault

AT = datetime(2026, 11, 24, 1, tzinfo=UTC)
HERE = VMInVault(vault_id("s", "rg", "rsv"), ArmId("/subscriptions/s/resourceGroups/rg/providers/x/y/web-01"))


def told(*jobs: Job) -> str:
    look = JobLook(AT, AT - timedelta(days=1), {HERE: jobs})
    console = Console(file=io.StringIO(), width=100)
    write_jobs(job_list(look, {HERE: "VM web-01 in rsv"}, 2), console)
    return console.file.getvalue()  # type: ignore[attr-defined, no-any-return]


def job(status: str, **more: Any) -> Job:
    usual = {"started": AT - timedelta(hours=1), "operation": "Backup"}
    return Job(**{"id": "j", "container": "c", "listed_status": status, **usual, **more})


def test_a_state_that_is_not_known_is_told_in_azures_word() -> None:
    assert "other     VM web-01 in rsv: Backup Paused" in told(job("Paused"))
    assert "Jobs since 2026-11-23 01:00 UTC: 1 in another state." in told(job("Paused"))


def test_the_worst_comes_first_and_of_those_alike_the_newest() -> None:
    early, late = AT - timedelta(hours=3), AT - timedelta(hours=2)
    text = told(
        job("Completed"), job("InProgress"), job("Failed", started=early), job("Failed", started=late), job("Cancelled")
    )
    order = ["23:00 UTC", "22:00 UTC", "running ", "cancelled ", "completed "]
    places = [text.index(what) for what in order]
    assert places == sorted(places)


def test_tasks_of_other_jobs_are_told_as_azure_names_them() -> None:
    assert "Transfer data from vault: in progress" in told(
        job("InProgress", operation="Restore", phases=(Phase("Transfer data from vault", "InProgress"),))
    )


def test_an_error_that_has_no_name_is_told_by_what_azure_says_of_it() -> None:
    text = told(job("Failed", errors=(JobError("", "It broke."),)))
    assert "          It broke\n          fix: look at the job in the Azure portal\n" in text
    assert "[]" not in text


def test_a_job_that_tells_no_start_is_told_all_the_same() -> None:
    assert "completed 1 job\n          VM web-01 in rsv  Backup" in told(job("Completed", started=None))


@pytest.mark.parametrize(
    ("length", "words"),
    [
        (timedelta(0), "0 s"),
        (timedelta(seconds=59), "59 s"),
        (timedelta(minutes=41), "41 min"),
        (timedelta(hours=2, minutes=5, seconds=9), "2 h 5 min"),
        (timedelta(days=3, seconds=9), "3 d"),
        (timedelta(seconds=-5), "0 s"),
    ],
)
def test_a_length_of_time_is_told_in_its_two_largest_units(length: timedelta, words: str) -> None:
    assert span(length) == words
