"""`apply --wait`: the first backups that a run starts are followed to their end."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, Told, assignment, interrupt_at, policy, vault, vms, world
from tests.end_to_end.jobs import fails


def declare(estate: Estate, machines: dict[str, Any], **more: Any) -> None:
    estate.exists(**world(machines, **more))
    estate.declare("all", vault(), policy(), assignment(initialBackup={"keepDays": 30}))


def applied(estate: Estate, cli: Cli, *arguments: object) -> Told:
    return cli("apply", *estate.sandboxed, "--auto-approve", "--wait", *arguments)


def looks(estate: Estate) -> int:
    """How often the list of jobs was read."""
    return sum(seen.path.endswith("/backupJobs") for seen in estate.requests("GET", "/backupJobs"))


def test_it_ends_when_the_backups_have_and_tells_how(estate: Estate, cli: Cli) -> None:
    declare(estate, vms("web-01", "web-02"))
    told = applied(estate, cli)
    assert told.status == 0, told.text
    assert "Apply: 6 done" in told.text
    assert "completed VM web-01 in rsv: Backup 2026-11-23 08:01 UTC, 1 h " in told.text
    assert "Snapshot: completed, Transfer data to vault: completed" in told.text
    assert "First backups: 2 completed." in told.text
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


def test_without_it_apply_returns_when_the_configuration_is_done(estate: Estate, cli: Cli) -> None:
    declare(estate, vms("web-01"))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0
    assert "First backups" not in told.text
    assert (estate.exchanges[-1].at - estate.exchanges[0].at).total_seconds() < 300


@pytest.mark.parametrize("wait", [(), ("--wait",)])
def test_where_no_first_backup_is_started_there_is_nothing_to_wait_for(
    estate: Estate, cli: Cli, wait: tuple[str, ...]
) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    assert cli("apply", *estate.sandboxed, "--auto-approve", *wait).status == 0
    assert looks(estate) == 3, "before the VM is protected, and until it is"


def test_one_that_fails_is_told_with_its_code_and_the_run_was_in_part(estate: Estate, cli: Cli) -> None:
    declare(estate, {**vms("web-01"), **vms("web-02", **fails("UserErrorGuestAgentStatusUnavailable"))})
    told = applied(estate, cli)
    assert told.status == 3
    assert "failed VM web-02 in rsv: Backup" in told.text
    assert "Snapshot: failed, Transfer data to vault: failed" in told.text
    assert (
        "the VM agent does not answer the backup service (So it is) [UserErrorGuestAgentStatusUnavailable]" in told.text
    )
    assert "fix: start the VM, then install or restart its agent" in told.text
    assert "First backups: 1 failed and 1 completed." in told.text


def test_one_whose_transfer_fails_has_its_snapshot_and_is_a_warning(estate: Estate, cli: Cli) -> None:
    declare(estate, vms("web-01", **fails("Odd", "transfer")))
    told = applied(estate, cli)
    assert told.status == 0
    assert "First backups: 1 with warnings." in told.text


def test_ctrl_c_while_waiting_tells_what_is_running(estate: Estate, cli: Cli) -> None:
    declare(estate, vms("web-01", "web-02"))
    interrupt_at(estate, 8, "GET", "/backupJobs")
    told = applied(estate, cli)
    assert told.status == 130
    assert "Apply: 6 done" in told.text, "the configuration is"
    assert "running VM web-01 in rsv: Backup" in told.text
    assert "First backups: 2 running." in told.text
    assert "Not waited to the end: stopped by Ctrl-C. What runs goes on in Azure; 'jobs --watch' shows it." in told.text
    estate.on_exchange = lambda _: None
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


def test_jobs_that_cannot_be_read_while_waiting_leave_what_was_done(estate: Estate, cli: Cli) -> None:
    unreadable = {"method": "GET", "path": "*/backupJobs/*", "status": 403, "code": "AuthorizationFailed", "skip": 1}
    declare(estate, vms("web-01"), faults=[unreadable])
    told = applied(estate, cli)
    assert told.status == 3
    assert "First backups: 1 running." in told.text
    assert "Not waited to the end: GET " in told.text


def test_a_dry_run_waits_for_nothing(estate: Estate, cli: Cli) -> None:
    declare(estate, vms("web-01"))
    told = applied(estate, cli, "--dry-run")
    assert told.status == 0
    assert not looks(estate)


def test_waiting_keeps_within_the_quota(estate: Estate, cli: Cli) -> None:
    names = [f"web-{index:02}" for index in range(25)]
    declare(estate, vms(*names), quotas={"backup": 150}, pageSize=10, durations={"firstBackup": 6 * 3600})
    told = applied(estate, cli)
    assert told.status == 0
    assert "First backups: 25 completed." in told.text
    assert not [seen for seen in estate.requests() if seen.status == 429]
