"""Backups that policies run by themselves: when, for whom, and how their phases end."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from backup_reconciler.sandbox.core.recovery_services.backups.phases import outcome

HOUR, DAY = 3600, 86400
NOW = {"properties": {"objectType": "IaasVMBackupRequest"}}


def backups(service: Any, vault: str = "rsv") -> list[dict[str, Any]]:
    """Backup jobs, oldest first."""
    return [job for job in reversed(service.jobs(vault)) if job["operation"] == "Backup"]


def starts(service: Any) -> list[str]:
    return [job["startTime"] for job in backups(service)]


def policy(service: Any, name: str = "DefaultPolicy", **changes: Any) -> None:
    """Write a policy back with changes, and wait until its items have them."""
    path = f"{service.vault()}/backupPolicies/{name}"
    properties = {**service.get(path)["properties"], **changes}
    assert service.ask("PUT", path, {"properties": properties}).status in {200, 202}
    service.later(60)


def at(hour: str) -> dict[str, Any]:
    """What changes in the default policy for another time of day."""
    time = f"2020-01-01T{hour}:00Z"
    return {
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": [time],
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {"retentionTimes": [time], "retentionDuration": {"count": 30, "durationType": "Days"}},
        },
    }


def stop(service: Any, vm: str = "a", state: str = "ProtectionStopped") -> None:
    body = {**service.configure(vm)["properties"], "policyId": "", "protectionState": state}
    service.put(service.item(vm), {"properties": body}, 202)
    service.later(60)


@pytest.fixture
def protected(service):
    service.protect("a")
    return service


def test_every_vm_of_a_policy_is_backed_up_each_day(protected):
    protected.protect("b")
    protected.later(3 * DAY)
    jobs = backups(protected)
    assert [job["status"] for job in jobs] == ["Completed"] * 6
    assert [job["startTime"] for job in jobs if job["entityFriendlyName"] == "a"] == [
        "2026-11-24T00:00:00Z", "2026-11-25T00:00:00Z", "2026-11-26T00:00:00Z"
    ]  # fmt: skip
    assert protected.properties("b")["lastBackupTime"] == "2026-11-26T00:00:00Z"


def test_the_first_backup_takes_longer_than_those_that_follow(protected):
    protected.later(3 * DAY)
    assert [job["duration"] for job in backups(protected)] == ["PT1H", "PT15M", "PT15M"]


def test_a_job_of_a_schedule_looks_like_one_that_was_asked_for_but_names_no_expiry(protected):
    protected.later(16 * HOUR + 100)
    (name,) = protected.names(f"{protected.vault()}/backupJobs", filter="operation eq 'Backup'")
    told = protected.get(f"{protected.vault()}/backupJobs/{name}")["properties"]
    assert told["actionsInfo"] == [1]
    assert told["extendedInfo"]["propertyBag"] == {"VM Name": "a"}
    assert [task["status"] for task in told["extendedInfo"]["tasksList"]] == ["InProgress", "NotStarted"]


def test_one_run_costs_the_same_effects_however_many_vms_it_has(open_service):
    here = {"location": "japaneast"}
    many = {f"vm-{number}": here for number in range(50)}
    group = {
        "virtualMachines": many,
        "vaults": {"rsv": {**here, "protectedItems": [{"vm": f"rg/{vm}", "policy": "DefaultPolicy"} for vm in many]}},
    }
    world = {"11111111-1111-1111-1111-111111111111": {"resourceGroups": {"rg": group}}}
    service = open_service(subscriptions=world)
    assert [effect.kind for effect in service.state.estate.effects] == ["scheduled"]
    service.later(16 * HOUR)
    assert len(service.get(f"{service.vault()}/backupJobs")["value"]) == 50
    assert sorted(effect.kind for effect in service.state.estate.effects) == [
        "scheduled", "snapshot", "transfer", "transferred"
    ]  # fmt: skip


def test_nothing_waits_in_a_world_without_items_or_without_schedules(open_service):
    assert open_service().state.estate.effects == []
    service = open_service(schedules=False)
    service.protect("a")
    service.later(10 * DAY)
    assert backups(service) == []


def test_a_stopped_item_is_not_backed_up_and_a_resumed_one_is(protected):
    protected.later(DAY)
    stop(protected)
    protected.later(2 * DAY)
    assert starts(protected) == ["2026-11-24T00:00:00Z"]
    protected.protect("a")
    protected.later(DAY)
    assert starts(protected) == ["2026-11-24T00:00:00Z", "2026-11-27T00:00:00Z"]


def test_a_deleted_item_is_not_backed_up(protected):
    protected.ask("DELETE", protected.item("a"))
    protected.later(3 * DAY)
    assert backups(protected) == []


def test_a_policy_with_another_time_runs_at_that_time(protected):
    policy(protected, **at("12:30"))
    protected.later(DAY)
    assert starts(protected) == ["2026-11-23T12:30:00Z"]


def test_a_policy_that_is_changed_to_and_fro_runs_once(protected):
    policy(protected, **at("12:30"))
    policy(protected, **at("00:00"))
    protected.later(DAY)
    assert starts(protected) == ["2026-11-24T00:00:00Z"]


def test_an_item_follows_the_policy_it_is_moved_to(protected):
    path = f"{protected.vault()}/backupPolicies/evening"
    base = protected.get(f"{protected.vault()}/backupPolicies/DefaultPolicy")["properties"]
    protected.put(path, {"properties": {**base, **at("20:00")}})
    protected.protect("a", policy="evening")
    protected.later(DAY)
    assert starts(protected) == ["2026-11-23T20:00:00Z"]


def test_the_enhanced_policy_runs_through_its_window(service):
    service.protect("a", policy="EnhancedPolicy")
    service.later(DAY)
    assert starts(service) == [
        "2026-11-23T12:00:00Z", "2026-11-23T16:00:00Z", "2026-11-23T20:00:00Z", "2026-11-24T08:00:00Z"
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("snapshot", "transfer", "job"),
    [
        ("Completed", "Skipped", "Completed"),
        ("Completed", "Completed", "Completed"),
        ("Completed", "Failed", "CompletedWithWarnings"),
        ("Failed", "Failed", "Failed"),
    ],
)
def test_a_job_ends_as_its_phases_did(snapshot, transfer, job):
    assert outcome(snapshot, transfer) == job


def test_a_backup_while_yesterdays_is_transferred_skips_its_own_transfer(open_service):
    service = open_service(durations={"firstBackup": 30 * HOUR})
    service.protect("a")
    service.later(3 * DAY)
    first, second, *_ = backups(service)
    assert (first["status"], first["duration"]) == ("Completed", "P1DT6H")
    assert second["status"] == "Completed"
    named = service.names(f"{service.vault()}/backupJobs", filter="operation eq 'Backup'")[-2]
    tasks = service.get(f"{service.vault()}/backupJobs/{named}")["properties"]["extendedInfo"]["tasksList"]
    assert [task["status"] for task in tasks] == ["Completed", "Skipped"]


def test_the_clock_of_a_policy_is_that_of_its_zone_and_does_not_follow_the_summer(open_service):
    service = open_service(clock="2026-07-01T00:00:00Z")
    service.protect("a")
    policy(service, timeZone="Pacific Standard Time")
    service.later(DAY)
    assert starts(service) == ["2026-07-01T08:00:00Z"]  # eight hours behind, though it is seven in July


def test_a_day_that_nobody_looked_at_is_as_long_as_any(protected):
    protected.later(40 * DAY)
    jobs = backups(protected)
    assert len(jobs) == 30  # older ones the vault has forgotten
    assert datetime.fromisoformat(jobs[-1]["startTime"]) == datetime(2027, 1, 2, tzinfo=UTC)


def test_what_runs_and_waits_is_kept_between_two_visits(protected, world, tmp_path):
    from backup_reconciler.sandbox.state import load_state, save_state
    from backup_reconciler.sandbox.world_file import parse_world

    protected.later(16 * HOUR + 60)
    protected.jobs()
    described = parse_world(world())
    protected.state.clock = protected.now
    save_state(tmp_path / "x.world.yaml", described, protected.state)
    other = type(protected)(load_state(tmp_path / "x.world.yaml", described), protected.now)
    assert other.state.estate == protected.state.estate
    for one in (protected, other):
        one.later(2 * DAY)
    assert other.jobs() == protected.jobs()
    assert len(backups(other)) == 3


def test_no_vm_can_be_under_the_policy_for_logs(open_service, world):
    from backup_reconciler.sandbox import WorldError

    subscriptions = world()["subscriptions"]
    (subscription,) = subscriptions.values()
    items = [{"vm": "rg/a", "policy": "HourlyLogBackup"}]
    subscription["resourceGroups"]["rg"]["vaults"]["rsv"] = {"location": "japaneast", "protectedItems": items}
    with pytest.raises(WorldError, match="not a policy of this vault"):
        open_service(subscriptions=subscriptions)
