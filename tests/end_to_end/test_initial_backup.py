"""`initialBackup`: the first backup of a newly protected VM is started once, and never again."""

from typing import Any

import pytest

from tests.conftest import (
    Cli,
    Estate,
    assignment,
    daily_policy,
    interrupt_at,
    pass_time,
    planned,
    policy,
    vault,
    vms,
    world,
)

KEPT = {"keepDays": 30}
"""From the first day of a world, 23 November, to 23 December."""


def declare(estate: Estate, **spec: Any) -> None:
    estate.declare("all", vault(), policy(), assignment(**{"initialBackup": KEPT, **spec}))


def exists(estate: Estate, *items: dict[str, Any], machines: dict[str, Any] | None = None, **more: Any) -> None:
    """A vault with these items, and by default one VM."""
    found = {"rsv": {"location": "japaneast", "policies": {"daily": daily_policy(30)}, "protectedItems": list(items)}}
    estate.exists(**world(machines or vms("web-01"), found, **more))


def pending(name: str = "web-01", **more: Any) -> dict[str, Any]:
    return {"vm": f"rg-web/{name}", "policy": "daily", "state": "IRPending", **more}


def apply(estate: Estate, cli: Cli) -> str:
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out + told.err
    return told.text


def verbs(estate: Estate, cli: Cli) -> list[str]:
    return [action["verb"] for action in planned(estate, cli)["actions"]]


def started(estate: Estate) -> list[Any]:
    """The bodies of the requests that start a backup."""
    return [seen.request for seen in estate.requests("POST", "/backup") if seen.path.endswith("/backup")]


@pytest.mark.parametrize(
    ("wished", "last_day"), [({"keepDays": 30}, "2026-12-23"), ({"keepUntil": "2027-01-31"}, "2027-01-31")]
)
def test_it_is_started_in_the_run_that_protects_and_never_again(
    estate: Estate, cli: Cli, wished: dict[str, Any], last_day: str
) -> None:
    estate.exists(**world(vms("web-01")))
    declare(estate, initialBackup=wished)
    *_, protect, first = planned(estate, cli)["actions"]
    assert (protect["verb"], first["verb"]) == ("protect", "backUpNow")
    assert protect["dataEffect"] == "none yet"
    assert first["dataEffect"] == f"the first is made at once, and kept until {last_day}"
    assert protect["id"] in first["dependsOn"]
    text = apply(estate, cli)
    assert "1 VM to back up for the first time" in text
    assert "Apply: 4 done" in text
    body = {"objectType": "IaasVMBackupRequest", "recoveryPointExpiryTimeInUTC": f"{last_day}T23:59:59.000Z"}
    assert started(estate) == [{"properties": body}]
    for seconds in (0, 1200, 3600, 40 * 24 * 3600):
        pass_time(estate, seconds)
        assert not verbs(estate, cli)


def test_a_vm_that_was_protected_already_gets_none_once_it_was_backed_up(estate: Estate, cli: Cli) -> None:
    exists(estate, pending(state="Protected"))
    declare(estate)
    assert not verbs(estate, cli)
    assert not estate.requests("GET", "/backupJobs"), "the item tells that it was backed up"


def test_a_run_that_broke_off_before_it_is_taken_up_by_the_next(estate: Estate, cli: Cli) -> None:
    exists(estate)
    declare(estate)
    interrupt_at(estate, 1, "PUT", "/protectedItems/")
    stopped = cli("apply", *estate.sandboxed, "--auto-approve")
    assert stopped.status == 130
    assert "it needs the step before it, which is running" in stopped.text
    estate.on_exchange = lambda _: None
    pass_time(estate, 120)
    assert verbs(estate, cli) == ["backUpNow"]
    assert cli("plan", *estate.sandboxed, "--detailed-exitcode").status == 2
    assert "initialBackup declared keepDays: 30 found —" in cli("drift", *estate.sandboxed).text
    apply(estate, cli)
    assert len(started(estate)) == 1
    assert not verbs(estate, cli)


def test_one_that_failed_is_not_started_again(estate: Estate, cli: Cli) -> None:
    fails = {"backupFails": {"code": "UserErrorFsFreezeFailed", "message": "No."}}
    exists(estate, machines=vms("web-01", **fails))
    declare(estate)
    apply(estate, cli)
    pass_time(estate, 3600)
    assert not verbs(estate, cli)
    assert len(started(estate)) == 1


def test_until_the_first_snapshot_the_jobs_tell_what_the_item_does_not(estate: Estate, cli: Cli) -> None:
    exists(estate)
    declare(estate)
    apply(estate, cli)
    seen: list[Any] = []
    estate.on_exchange = lambda exchange: seen.append(exchange.answer)
    assert not verbs(estate, cli)
    (item,) = (one for answer in seen if "value" in answer for one in answer["value"] if "protectedItems/" in one["id"])
    assert item["properties"]["protectionState"] == "IRPending"
    assert item["properties"]["lastBackupTime"] == "2001-01-01T00:00:00Z"


def test_a_vm_that_comes_from_another_policy_gets_it_after_that(estate: Estate, cli: Cli) -> None:
    exists(estate, pending(policy="DefaultPolicy"))
    declare(estate)
    assert verbs(estate, cli) == ["changePolicy", "backUpNow"]
    apply(estate, cli)
    assert not verbs(estate, cli)


def test_a_vm_that_was_stopped_before_its_first_backup_gets_it_when_it_is_resumed(estate: Estate, cli: Cli) -> None:
    exists(estate, pending())
    stopped = assignment(protection="stopped")
    del stopped["spec"]["policy"]
    estate.declare("all", vault(), policy(), stopped)
    apply(estate, cli)
    declare(estate)
    assert verbs(estate, cli) == ["resume", "backUpNow"]
    apply(estate, cli)
    assert len(started(estate)) == 1
    assert not verbs(estate, cli)


def test_a_vm_that_has_points_is_resumed_without_one(estate: Estate, cli: Cli) -> None:
    exists(estate, {"vm": "rg-web/web-01", "state": "ProtectionStopped"})
    declare(estate)
    assert verbs(estate, cli) == ["resume"]


def test_the_list_of_jobs_is_read_once_a_vault_and_only_where_a_vm_is_pending(estate: Estate, cli: Cli) -> None:
    names = [f"web-{index:02}" for index in range(30)]
    exists(estate, *map(pending, names), machines=vms(*names))
    estate.declare("all", vault(), policy(), assignment())
    assert planned(estate, cli)["requests"]["read"] == 6
    declare(estate)
    found = planned(estate, cli)
    assert found["requests"]["read"] == 7
    assert found["summary"]["backUpNow"] == 30
    declare(estate, select={"names": ["other"]})
    assert planned(estate, cli)["requests"]["read"] == 6, "no VM that it selects is pending"


def test_many_cost_one_look_and_are_each_started_once(estate: Estate, cli: Cli) -> None:
    names = [f"web-{index:02}" for index in range(30)]
    exists(estate, *map(pending, names), machines=vms(*names))
    declare(estate)
    apply(estate, cli)
    assert len(started(estate)) == 30
    assert len(estate.requests("GET", "/backupJobs")) == 1 + 1 + 1, "to plan, before the first, and to see them all"


@pytest.mark.parametrize(("cut", "taken"), [("after", 1), ("before", 0)])
def test_a_lost_answer_is_looked_up_and_the_request_not_repeated(
    estate: Estate, cli: Cli, cut: str, taken: int
) -> None:
    exists(estate, pending(), faults=[{"method": "POST", "path": "*/backup", "cut": cut, "times": 1}])
    declare(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert len(started(estate)) == 1
    if taken:
        assert told.status == 0, told.text
        assert not verbs(estate, cli)
        return
    assert told.status == 3
    assert "unknown VM web-01 in rsv" in told.text
    assert "it was sent, and whether Azure took it is not known" in told.text
    assert verbs(estate, cli) == ["backUpNow"]
    apply(estate, cli)
    assert not verbs(estate, cli)


def test_ctrl_c_while_a_lost_answer_is_looked_up_does_not_tell_it_as_not_started(estate: Estate, cli: Cli) -> None:
    exists(estate, pending(), faults=[{"method": "POST", "path": "*/backup", "cut": "before", "times": 1}])
    declare(estate)
    interrupt_at(estate, 3, "GET", "/backupJobs")
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 130
    assert "Apply: 1 unknown" in told.text


def test_one_that_was_accepted_and_cannot_be_seen_is_told_as_running(estate: Estate, cli: Cli) -> None:
    unreadable = {"method": "GET", "path": "*/backupJobs", "status": 403, "code": "AuthorizationFailed", "skip": 2}
    exists(estate, pending(), faults=[unreadable])
    declare(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "Azure accepted it; whether it came true could not be seen" in told.text
    assert "Apply: 1 running" in told.text


def test_what_is_refused_is_told_with_azures_code(estate: Estate, cli: Cli) -> None:
    refusal = {"method": "POST", "path": "*/backup", "status": 400, "code": "CloudDosAbsoluteLimitReached"}
    exists(estate, pending(), pending("web-02"), machines=vms("web-01", "web-02"), faults=[{**refusal, "times": 1}])
    declare(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "[CloudDosAbsoluteLimitReached]" in told.text
    assert "Apply: 1 done and 1 failed" in told.text


def test_a_vm_whose_protection_fails_gets_none(estate: Estate, cli: Cli) -> None:
    refusal = {"method": "PUT", "path": "*/protectedItems/*", "status": 400, "code": "Odd", "message": "no"}
    exists(estate, faults=[refusal])
    declare(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert "skipped VM web-01 in rsv" in told.text
    assert not started(estate)


def test_a_vm_that_is_blocked_gets_none_and_is_told_once(estate: Estate, cli: Cli) -> None:
    exists(estate, machines=vms("web-01", location="japanwest"))
    declare(estate)
    found = planned(estate, cli)
    assert (found["actions"], found["summary"]["blocked"]) == ([], 1)


def test_a_day_that_is_past_starts_none_and_is_said(estate: Estate, cli: Cli) -> None:
    exists(estate, pending())
    declare(estate, initialBackup={"keepUntil": "2026-11-23"})
    found = planned(estate, cli)
    assert not found["actions"]
    assert [(one["rule"], one["severity"]) for one in found["findings"]] == [("initial-backup", "warning")]
    assert "2026-11-23, until which it would be kept, is not to come" in found["findings"][0]["message"]


def test_one_that_somebody_starts_meanwhile_is_not_started_a_second_time(estate: Estate, cli: Cli) -> None:
    """A schedule of the service does, between the plan and the run."""
    exists(estate, pending(), clock="2026-11-23T22:59:59Z", latency={"seconds": 1})
    declare(estate)
    apply(estate, cli)
    assert not started(estate)
