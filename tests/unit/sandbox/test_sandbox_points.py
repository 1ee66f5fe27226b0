"""Recovery points: how long they are there, under which policy, and what a change of retention does to them."""

from __future__ import annotations

from typing import Any

import pytest

from backup_reconciler.sandbox.core.recovery_services.backups import points
from tests.unit.sandbox.test_sandbox_schedules import at, policy, stop

DAY = 86400
NOW = {"properties": {"objectType": "IaasVMBackupRequest"}}


def count(service: Any) -> int:
    """How many points `a` has."""
    service.get(service.item("a"))  # until somebody asks, nothing has come to pass
    return len(points.held(service.state.estate.vaults()[0].items["iaasvmcontainerv2;rg;a"], service.now))


def kept_days(count: int) -> dict[str, Any]:
    changed = at("00:00")
    changed["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] = count
    return changed


@pytest.fixture
def a_month(service):
    """A VM with forty days of daily backups, of which thirty are kept."""
    service.protect("a")
    service.later(40 * DAY)
    assert count(service) == 30
    return service


def test_points_are_kept_as_long_as_the_policy_says(a_month):
    a_month.later(10 * DAY)
    assert count(a_month) == 30


def test_a_shorter_retention_takes_points_that_are_there_within_a_day(a_month):
    policy(a_month, **kept_days(7))
    assert count(a_month) == 30
    a_month.later(DAY)
    assert count(a_month) == 7


def test_a_longer_retention_keeps_those_that_are_there(a_month):
    policy(a_month, **kept_days(60))
    a_month.later(20 * DAY)
    assert count(a_month) == 50


def test_a_move_to_a_shorter_policy_takes_them_too(a_month):
    base = a_month.get(f"{a_month.vault()}/backupPolicies/DefaultPolicy")["properties"]
    a_month.put(f"{a_month.vault()}/backupPolicies/week", {"properties": {**base, **kept_days(7)}})
    a_month.protect("a", policy="week")
    a_month.later(DAY)
    assert count(a_month) == 7


def test_from_daily_to_weekly_the_daily_points_go(a_month):
    time = "2020-01-01T00:00:00Z"
    policy(
        a_month,
        instantRpRetentionRangeInDays=5,
        schedulePolicy={
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Weekly",
            "scheduleRunDays": ["Sunday"],
            "scheduleRunTimes": [time],
        },
        retentionPolicy={
            "retentionPolicyType": "LongTermRetentionPolicy",
            "weeklySchedule": {
                "daysOfTheWeek": ["Sunday"],
                "retentionTimes": [time],
                "retentionDuration": {"count": 12, "durationType": "Weeks"},
            },
        },
    )
    a_month.later(15 * DAY)
    assert count(a_month) == 3  # the Sundays since; 2027-01-03, -10, -17
    policy(a_month, **{**kept_days(7), "instantRpRetentionRangeInDays": 2})
    a_month.later(14 * DAY)
    assert count(a_month) == 3 + 7  # weekly ones keep the days they had


def test_a_stopped_item_keeps_its_points_without_end_until_it_is_resumed(a_month):
    stop(a_month)
    a_month.later(400 * DAY)
    assert count(a_month) == 30
    a_month.protect("a")
    assert count(a_month) == 30
    a_month.later(3 * DAY)
    assert count(a_month) == 3


def test_a_suspended_item_keeps_its_points_until_they_expire_and_the_latest_for_good(a_month):
    immutable = {"properties": {"securitySettings": {"immutabilitySettings": {"state": "Unlocked"}}}}
    assert a_month.ask("PATCH", a_month.vault(), immutable).status in {200, 202}
    stop(a_month, state="BackupsSuspended")
    a_month.later(10 * DAY)
    assert count(a_month) == 20
    a_month.later(400 * DAY)
    assert count(a_month) == 1


def test_a_point_that_was_asked_for_is_kept_as_long_as_was_asked(service):
    service.protect("a")
    body = {"properties": {**NOW["properties"], "recoveryPointExpiryTimeInUTC": "2027-03-01T00:00:00Z"}}
    service.ask("POST", f"{service.item('a')}/backup", body)
    service.later(60 * DAY)
    policy(service, **kept_days(7))
    service.later(DAY)
    assert count(service) == 7 + 1
    service.later(60 * DAY)
    assert count(service) == 7


def test_the_delete_job_counts_what_is_there(a_month):
    a_month.ask("DELETE", a_month.item("a"))
    name = a_month.names(f"{a_month.vault()}/backupJobs")[0]
    bag = a_month.get(f"{a_month.vault()}/backupJobs/{name}")["properties"]["extendedInfo"]["propertyBag"]
    assert bag["Number of Recovery Points"] == "30"


def test_what_has_expired_before_a_stop_does_not_come_back(open_service):
    service = open_service(schedules=False)
    service.protect("a")
    for expiry in ("2026-11-24T00:00:00Z", "2026-12-24T00:00:00Z"):
        body = {"properties": {**NOW["properties"], "recoveryPointExpiryTimeInUTC": expiry}}
        service.ask("POST", f"{service.item('a')}/backup", body)
        service.later(3600)
    assert count(service) == 2
    service.later(2 * DAY)
    stop(service)
    assert count(service) == 1


@pytest.mark.parametrize("change", ["resumed", "another policy", "a longer policy"])
def test_what_has_expired_does_not_come_back_with_another_retention(open_service, change):
    service = open_service(schedules=False)
    service.protect("a")
    for expiry in ("2026-11-24T00:00:00Z", "2026-12-24T00:00:00Z"):
        body = {"properties": {**NOW["properties"], "recoveryPointExpiryTimeInUTC": expiry}}
        service.ask("POST", f"{service.item('a')}/backup", body)
        service.later(3600)
    if change == "resumed":
        immutable = {"properties": {"securitySettings": {"immutabilitySettings": {"state": "Unlocked"}}}}
        assert service.ask("PATCH", service.vault(), immutable).status in {200, 202}
        stop(service, state="BackupsSuspended")
    service.later(2 * DAY)
    if change == "a longer policy":
        policy(service, **kept_days(60))
    else:
        service.protect("a", policy="EnhancedPolicy" if change == "another policy" else "DefaultPolicy")
    assert count(service) == 1
