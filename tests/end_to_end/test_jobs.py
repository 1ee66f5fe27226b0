"""`jobs`: the backup jobs of the selected VMs, with both phases, and why one failed."""

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft7Validator

from tests.conftest import Cli, Estate, assignment, interrupt_at, pass_time, policy, vault, vms, world
from tests.end_to_end.jobs import MIDNIGHT, backed_up, fails


def listed(estate: Estate, cli: Cli, *arguments: object) -> Any:
    told = cli("jobs", *estate.sandboxed, "--format", "json", *arguments)
    assert told.status == 0, told.err
    return told.json


def statuses(found: Any) -> dict[str, str]:
    return {job["vm"].rpartition("/")[2]: job["status"] for job in found["jobs"]}


def phases(job: Any) -> list[tuple[str, str]]:
    return [(phase["name"], phase["status"]) for phase in job["phases"]]


def test_both_phases_are_told_while_a_job_runs(estate: Estate, cli: Cli) -> None:
    backed_up(estate, vms("web-01"), 120)
    (job,) = listed(estate, cli)["jobs"]
    assert phases(job) == [("Snapshot", "InProgress"), ("Transfer data to vault", "NotStarted")]
    assert (job["operation"], job["standing"], job["ended"]) == ("Backup", "running", None)
    pass_time(estate, 1200)
    told = cli("jobs", *estate.sandboxed)
    assert told.status == 0
    assert "running VM web-01 in rsv: Backup 2026-11-24 00:00 UTC, for 21 min" in told.text
    assert "Snapshot: completed, Transfer data to vault: in progress" in told.text
    assert not estate.writes()


def test_the_worst_comes_first_with_the_code_its_meaning_and_the_remedy(estate: Estate, cli: Cli) -> None:
    machines = {
        **vms("web-01"),
        **vms("web-02", **fails("ExtensionSnapshotFailedNoNetwork")),
        **vms("web-03", **fails("VMRestorePointInternalError", "transfer")),
    }
    backed_up(estate, machines, 3700)
    found = listed(estate, cli)
    assert [job["status"] for job in found["jobs"]] == ["Failed", "CompletedWithWarnings", "Completed"]
    failed, warned, completed = found["jobs"]
    assert phases(failed) == [("Snapshot", "Failed"), ("Transfer data to vault", "Failed")]
    assert phases(warned) == [("Snapshot", "Completed"), ("Transfer data to vault", "Failed")]
    assert completed["phases"] is None, "its status tells how they went"
    (error,) = failed["errors"]
    assert (error["code"], error["message"]) == ("ExtensionSnapshotFailedNoNetwork", "So it is.")
    assert error["meaning"] == "the backup extension has no way out of the VM's network"
    assert "docs/manifests/outbound.md" in error["remedy"]

    text = cli("jobs", *estate.sandboxed).text
    assert "the backup extension has no way out of the VM's network (So it is) [ExtensionSnapshotFailedNoNetw" in text
    assert "fix: look up VMRestorePointInternalError in the documentation of Azure Backup" in text
    assert "completed 1 job VM web-01 in rsv Backup 2026-11-24 00:00 UTC, 1 h ago took 1 h" in text
    assert "Jobs since 2026-11-23 01:00 UTC: 1 failed, 1 with warnings and 1 completed." in text


def test_vms_that_fail_alike_are_told_together(estate: Estate, cli: Cli) -> None:
    backed_up(estate, vms("web-01", "web-02", **fails("UserErrorFsFreezeFailed")), 3700)
    told = cli("jobs", *estate.sandboxed).out
    assert told.count("failed    VM web-0") == 2
    assert told.count("fix: ") == 1


def test_a_transfer_that_is_skipped_is_shown_as_the_success_it_is(estate: Estate, cli: Cli) -> None:
    """The first transfer takes longer than a day, so the backup of the next day takes its snapshot alone."""
    backed_up(estate, vms("web-01"), 26 * 3600, durations={"firstBackup": 40 * 3600, "backup": 900})
    running, skipped = listed(estate, cli, "--since", "2")["jobs"]
    assert (running["standing"], phases(running)[1]) == ("running", ("Transfer data to vault", "InProgress"))
    assert (skipped["standing"], phases(skipped)[1]) == ("completed", ("Transfer data to vault", "Skipped"))
    assert (running["transferSkipped"], skipped["transferSkipped"]) == (False, True)
    text = cli("jobs", *estate.sandboxed, "--since", "2").text
    assert "transfer skipped: the backup before it was still being transferred; its snapshot is its recovery" in text
    assert "1 running and 1 completed" in text


def test_vms_without_a_job_are_named_and_so_is_a_vault_that_is_not_there(estate: Estate, cli: Cli) -> None:
    backed_up(estate, vms("web-01"), 0)
    estate.declare(
        "new", vault("new"), assignment("names", vault="new", policy="DefaultPolicy", select={"names": ["web-01"]})
    )
    found = listed(estate, cli)
    assert [vm["vault"].rpartition("/")[2] for vm in found["withoutJobs"]] == ["rsv", "new"]
    assert [missing.rpartition("/")[2] for missing in found["missingVaults"]] == ["new"]
    text = cli("jobs", *estate.sandboxed).text
    assert "warning vault new it does not exist, so there are no jobs of its VMs" in text
    assert "no job 1 VM in rsv none that started since 2026-11-22 23:59 UTC: web-01" in text
    assert "Jobs since 2026-11-22 23:59 UTC: none." in text


def test_jobs_of_others_and_jobs_from_before_are_left_out(estate: Estate, cli: Cli) -> None:
    machines = {**vms("web-01"), "db-01": {"location": "japaneast"}}
    backed_up(estate, machines, 3700)
    found = listed(estate, cli)
    assert statuses(found) == {"web-01": "Completed"}
    assert found["summary"]["ofOthers"] == 1
    assert "1 job of VMs that no manifest selects left out." in cli("jobs", *estate.sandboxed).text
    pass_time(estate, 3 * 24 * 3600)
    assert len(listed(estate, cli)["jobs"]) == 1
    assert len(listed(estate, cli, "--since", "30")["jobs"]) == 4
    assert cli("jobs", *estate.sandboxed, "--since", "31").status == 1


@pytest.mark.parametrize(("number", "singly"), [(3, 3), (20, 20), (25, 20)])
def test_of_many_jobs_the_newest_are_read_singly_and_the_others_say_so(
    estate: Estate, cli: Cli, number: int, singly: int
) -> None:
    backed_up(estate, vms(*[f"web-{index:02}" for index in range(number)]), 300)
    found = listed(estate, cli)
    assert len(estate.requests("GET", "/backupJobs/")) == singly
    assert sum(job["phases"] is None for job in found["jobs"]) == number - singly
    assert found["requests"]["read"] == len(estate.requests()) == 2 + singly, "the VMs, the jobs, and single jobs"
    assert ("phases not read" in cli("jobs", *estate.sandboxed).text) is (number > singly)


def test_no_request_for_a_vm_whose_backup_went_well(estate: Estate, cli: Cli) -> None:
    backed_up(estate, vms(*[f"web-{index:02}" for index in range(40)]), 3700)
    assert listed(estate, cli)["requests"]["read"] == 2


def test_watching_goes_on_until_nothing_runs(estate: Estate, cli: Cli) -> None:
    machines = {**vms("web-01"), **vms("web-02", **fails("UserErrorFsFreezeFailed"))}
    backed_up(estate, machines, 120)
    found = listed(estate, cli, "--watch")
    assert statuses(found) == {"web-01": "Completed", "web-02": "Failed"}
    looks = estate.requests("GET", "/backupJobs")
    singly = [seen.path.rpartition("/")[2] for seen in looks if not seen.path.endswith("/backupJobs")]
    (failed,) = (job["id"] for job in found["jobs"] if job["status"] == "Failed")
    assert found["requests"]["read"] == len(estate.requests())
    (at_last,) = (job for job in found["jobs"] if job["status"] == "Completed")
    assert at_last["durationSeconds"] == 3600
    after_its_end = [seen for seen in looks if seen.path.endswith(failed) and seen.at.minute > 10]
    assert len(after_its_end) <= 1, "what is over is not read again"
    assert singly.count(failed) < singly.count(at_last["id"])


def test_watching_keeps_within_the_quota(estate: Estate, cli: Cli) -> None:
    """Ten vaults with running jobs, and 150 reads of jobs an hour for the whole subscription."""
    names = [f"web-{index}" for index in range(10)]
    vaults = {
        f"rsv-{name}": {
            "location": "japaneast",
            "protectedItems": [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy", "state": "IRPending"}],
        }
        for name in names
    }
    slow = {"firstBackup": 5 * 3600}
    estate.exists(**world(vms(*names), vaults, clock=MIDNIGHT, durations=slow, quotas={"backup": 150}))
    estate.declare(
        "all",
        *(vault(f"rsv-{name}") for name in names),
        *(
            assignment(f"only-{name}", vault=f"rsv-{name}", policy="DefaultPolicy", select={"names": [name]})
            for name in names
        ),
    )
    pass_time(estate, 120)
    assert set(statuses(listed(estate, cli, "--watch")).values()) == {"Completed"}
    assert {seen.status for seen in estate.requests()} == {200}, "nothing was throttled"
    assert len(estate.requests("GET", "/backupJobs")) > 150


def test_ctrl_c_shows_what_was_seen_last(estate: Estate, cli: Cli) -> None:
    backed_up(estate, vms("web-01"), 120)
    interrupt_at(estate, 4, "GET", "/backupJobs")
    told = cli("jobs", *estate.sandboxed, "--watch")
    assert told.status == 130
    assert told.err == "interrupted\n"
    assert "1 running" in told.text


def test_a_list_that_cannot_be_read_is_an_error_and_no_absence(estate: Estate, cli: Cli) -> None:
    fault = {"path": "*/backupJobs", "status": 403, "code": "AuthorizationFailed", "message": "no"}
    backed_up(estate, vms("web-01"), 120, faults=[fault])
    told = cli("jobs", *estate.sandboxed)
    assert (told.status, told.out) == (1, "")
    assert "AuthorizationFailed" in told.err


def test_what_is_not_a_backup_is_told_by_azures_name_for_it(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    estate.forget()
    (job,) = listed(estate, cli)["jobs"]
    assert (job["operation"], job["standing"], job["phases"]) == ("ConfigureBackup", "completed", None)


def test_the_report_is_as_its_schema_says(estate: Estate, cli: Cli) -> None:
    schema = json.loads((Path(__file__).parents[2] / "schemas" / "jobs.schema.json").read_text())
    backed_up(estate, {**vms("web-01"), **vms("web-02", **fails("Odd"))}, 900)
    found = listed(estate, cli)
    Draft7Validator(schema).validate(found)
    assert found["formatVersion"] == 1
    assert len(found["jobs"]) == 2
