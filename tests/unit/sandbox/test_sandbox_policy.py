"""Backup policies: the rules, one row each, and what a write does."""

from __future__ import annotations

from typing import Any

import pytest

from backup_reconciler.sandbox.core.recovery_services.policies.policy_rules import BrokenRuleError, normalise
from tests.unit import sandbox_policies as policies
from tests.unit.sandbox_policies import TIME, changed, daily, hourly

DAYS = {"count": 30, "durationType": "Days"}


def weekly(**changes: Any) -> dict[str, Any]:
    """Runs on a day more than it keeps."""
    return changed(policies.weekly(schedulePolicy__scheduleRunDays=["Sunday", "Monday"]), changes)


def monthly(**form: Any) -> dict[str, Any]:
    return {"retentionTimes": [TIME], "retentionDuration": {"count": 12, "durationType": "Months"}, **form}


def by_week(*days: str) -> dict[str, Any]:
    return {
        "retentionScheduleFormatType": "Weekly",
        "retentionScheduleWeekly": {"daysOfTheWeek": list(days), "weeksOfTheMonth": ["First"]},
    }


def by_date(*dates: dict[str, Any]) -> dict[str, Any]:
    return {"retentionScheduleFormatType": "Daily", "retentionScheduleDaily": {"daysOfTheMonth": list(dates)}}


def yearly(**more: Any) -> dict[str, Any]:
    return {
        "retentionTimes": [TIME],
        "retentionDuration": {"count": 7, "durationType": "Years"},
        **by_week("Sunday"),
        **more,
    }


def archive(mode: str, months: int = 0) -> dict[str, Any]:
    return {"ArchivedRP": {"tieringMode": mode, "duration": months, "durationType": "Months"}}


TAKEN = {
    "daily": daily(),
    "half past": daily(
        schedulePolicy__scheduleRunTimes=["2026-01-01T08:30:00Z"],
        retentionPolicy__dailySchedule__retentionTimes=["2020-12-31T08:30:00.000Z"],
    ),
    "weekly": weekly(),
    "hourly": hourly(),
    "one day": daily(
        retentionPolicy__dailySchedule__retentionDuration={"count": 1, "durationType": "Days"},
        instantRpRetentionRangeInDays=1,
    ),
    "monthly by week": daily(retentionPolicy__monthlySchedule=monthly(**by_week("Sunday"))),
    "monthly by date": daily(
        retentionPolicy__monthlySchedule=monthly(**by_date({"date": 1, "isLast": False}, {"date": 0, "isLast": True}))
    ),
    "yearly": daily(retentionPolicy__yearlySchedule=yearly(monthsOfYear=["January"])),
    "V2 keeps snapshots for long": hourly(instantRpRetentionRangeInDays=29),
    "no archive": daily(tieringPolicy=archive("DoNotTier")),
    "archive": daily(
        retentionPolicy__monthlySchedule=monthly(**by_week("Sunday")), tieringPolicy=archive("TierAfter", 3)
    ),
}


@pytest.mark.parametrize("name", TAKEN)
def test_a_policy_that_keeps_the_rules(service, name):
    path = f"{service.vault()}/backupPolicies/mine"
    body = service.put(path, {"properties": TAKEN[name]}).body
    assert service.get(path) == body
    assert service.put(path, body).body == body


REFUSED = {
    "another kind of backup": daily(backupManagementType="AzureWorkload"),
    "no schedule": daily(schedulePolicy=None),
    "an unknown schedule": daily(schedulePolicy__schedulePolicyType="LogSchedulePolicy"),
    "V1 says V2": daily(policyType="V2"),
    "V2 says V1": hourly(policyType="V1"),
    "hourly under V1": daily(schedulePolicy__scheduleRunFrequency="Hourly"),
    "every three hours": hourly(schedulePolicy__hourlySchedule__interval=3),
    "a window shorter than its interval": hourly(schedulePolicy__hourlySchedule__scheduleWindowDuration=10),
    "a window longer than a day": hourly(schedulePolicy__hourlySchedule__scheduleWindowDuration=28),
    "two times": daily(schedulePolicy__scheduleRunTimes=[TIME, TIME]),
    "quarter past": daily(schedulePolicy__scheduleRunTimes=["2026-01-01T08:15:00Z"]),
    "no time": daily(schedulePolicy__scheduleRunTimes=["noon"]),
    "weekly without days": weekly(schedulePolicy__scheduleRunDays=[]),
    "a day that is none": weekly(schedulePolicy__scheduleRunDays=["Sunday", "Caturday"]),
    "no long-term retention": daily(retentionPolicy__retentionPolicyType="SimpleRetentionPolicy"),
    "daily without daily retention": daily(retentionPolicy__dailySchedule=None),
    "weekly with daily retention": weekly(retentionPolicy__dailySchedule={"retentionDuration": DAYS}),
    "weekly without weekly retention": weekly(retentionPolicy__weeklySchedule=None),
    "weekly retention of another day": weekly(retentionPolicy__weeklySchedule__daysOfTheWeek=["Friday"]),
    "another time": daily(retentionPolicy__dailySchedule__retentionTimes=["2026-01-01T22:00:00Z"]),
    "two to six days": daily(retentionPolicy__dailySchedule__retentionDuration={"count": 6, "durationType": "Days"}),
    "weeks in a daily level": daily(
        retentionPolicy__dailySchedule__retentionDuration={"count": 8, "durationType": "Weeks"}
    ),
    "too many days": daily(retentionPolicy__dailySchedule__retentionDuration={"count": 10000, "durationType": "Days"}),
    "monthly in no form": daily(retentionPolicy__monthlySchedule=monthly()),
    "monthly on no day": daily(retentionPolicy__monthlySchedule=monthly(**by_week())),
    "monthly on the 32nd": daily(retentionPolicy__monthlySchedule=monthly(**by_date({"date": 32, "isLast": False}))),
    "the last day with a date": daily(retentionPolicy__monthlySchedule=monthly(**by_date({"date": 3, "isLast": True}))),
    "yearly in no month": daily(retentionPolicy__yearlySchedule=yearly()),
    "V1 keeps snapshots for long": daily(instantRpRetentionRangeInDays=6),
    "V2 keeps snapshots too long": hourly(
        retentionPolicy__dailySchedule__retentionDuration={"count": 90, "durationType": "Days"},
        instantRpRetentionRangeInDays=31,
    ),
    "weekly keeps snapshots five days": weekly(instantRpRetentionRangeInDays=4),
    "an IANA time zone": daily(timeZone="Asia/Tokyo"),
    "archive without long-term points": daily(tieringPolicy=archive("TierRecommended")),
    "archive too early": daily(
        retentionPolicy__monthlySchedule=monthly(**by_week("Sunday")), tieringPolicy=archive("TierAfter", 2)
    ),
    "an unknown tiering mode": daily(tieringPolicy=archive("TierTomorrow")),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_policy_that_breaks_a_rule_is_refused_vaguely(service, name):
    path = f"{service.vault()}/backupPolicies/mine"
    response = service.ask("PUT", path, {"properties": REFUSED[name]})
    error = response.body["error"]
    assert (response.status, error["code"]) == (400, "BMSUserErrorInvalidPolicyInput")
    assert error["message"].startswith("Input for create or update policy is not in proper format\r\n")
    assert (error["target"], error["details"], error["innerError"]) == (None, None, None)
    service.get(path, 404)
    with pytest.raises(BrokenRuleError):
        normalise(REFUSED[name])


def test_snapshots_must_go_before_the_points_they_belong_to(service):
    short = {"count": 1, "durationType": "Days"}
    policy = daily(retentionPolicy__dailySchedule__retentionDuration=short)
    code = "BMSUserErrorInstantRPRetentionExceedsVaultedRetention"
    assert service.refused("PUT", f"{service.vault()}/backupPolicies/mine", {"properties": policy}) == (400, code)


def test_what_is_left_out_is_filled_in():
    policy = daily(instantRpRetentionRangeInDays=None, protectedItemsCount=5, unknown={"kept": True})
    del policy["timeZone"]
    kept = normalise(policy)
    assert kept["instantRpRetentionRangeInDays"] == 2
    assert kept["timeZone"] == "UTC"
    assert kept["instantRPDetails"] == {}
    assert kept["schedulePolicy"]["scheduleWeeklyFrequency"] == 0
    assert kept["unknown"] == {"kept": True}
    assert "protectedItemsCount" not in kept
    assert normalise(weekly(instantRpRetentionRangeInDays=None))["instantRpRetentionRangeInDays"] == 5
    assert normalise(hourly(instantRpRetentionRangeInDays=None))["instantRpRetentionRangeInDays"] == 7


def test_times_are_written_as_the_service_writes_them():
    assert normalise(daily())["schedulePolicy"]["scheduleRunTimes"] == ["2026-01-01T23:00:00Z"]
    window = normalise(hourly())["schedulePolicy"]["hourlySchedule"]
    assert window["scheduleWindowStartTime"] == "2026-01-01T23:00:00+00:00"


def test_a_policy_says_its_type_since_2026_only(service, open_service):
    default = "/backupPolicies/DefaultPolicy"
    assert service.get(service.vault() + default)["properties"]["policyType"] == "V1"
    old = open_service(era=2021)
    old.api = "2020-10-01"
    assert "policyType" not in old.get(old.vault() + default)["properties"]


def test_the_type_does_not_change_in_place(service):
    path = f"{service.vault()}/backupPolicies/mine"
    service.put(path, {"properties": daily()})
    code = "BMSUserErrorInvalidPolicyInput"
    assert service.refused("PUT", path, {"properties": hourly()}) == (400, code)
    log = f"{service.vault()}/backupPolicies/HourlyLogBackup"
    assert service.refused("PUT", log, {"properties": daily()}) == (400, code)


def test_tiering_is_kept_when_a_write_leaves_it_out(service):
    path = f"{service.vault()}/backupPolicies/mine"
    service.put(path, {"properties": daily(tieringPolicy=archive("DoNotTier"))})
    assert service.put(path, {"properties": daily()}).body["properties"]["tieringPolicy"] == archive("DoNotTier")


def test_a_write_to_a_policy_in_use_is_a_job_on_every_item(service):
    path = f"{service.vault()}/backupPolicies/mine"
    service.put(path, {"properties": daily()})
    service.protect("a", "mine")
    service.protect("b", "mine")
    longer = daily(retentionPolicy__dailySchedule__retentionDuration={"count": 60, "durationType": "Days"})
    response = service.put(path, {"properties": longer}, 202)
    assert response.body is None
    status = response.headers["Azure-AsyncOperation"].partition("?")[0].removeprefix("http://box")
    result = response.headers["Location"].partition("?")[0].removeprefix("http://box")
    assert status.startswith(f"{path}/operations/")
    assert result.startswith(f"{path}/operationResults/")
    assert service.get(status)["status"] == "InProgress"
    assert service.ask("GET", result).status == 202
    assert [job["operation"] for job in service.jobs()[:2]] == ["ConfigureBackup", "ConfigureBackup"]
    conflict = (400, "BMSUserErrorConflictingProtectionOperation")
    assert service.refused("PUT", path, {"properties": longer}) == conflict
    assert service.refused("PUT", service.item("a"), service.configure("a")) == conflict
    assert service.get(path)["properties"]["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] == 30
    service.later(45)
    done = service.get(status)
    assert done["status"] == "Succeeded"
    assert done["properties"]["objectType"] == "OperationStatusJobsExtendedInfo"
    assert len(done["properties"]["jobIds"]) == 2
    after = service.get(result)["properties"]
    assert after["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] == 60
    assert after["protectedItemsCount"] == 2


def test_the_count_of_items_is_told_by_the_policy_and_not_by_the_list(service):
    service.protect("a")
    path = f"{service.vault()}/backupPolicies"
    assert service.get(f"{path}/DefaultPolicy")["properties"]["protectedItemsCount"] == 1
    assert {policy["properties"]["protectedItemsCount"] for policy in service.get(path)["value"]} == {0}


def test_a_list_of_vm_policies_leaves_the_log_policy_out(service):
    names = service.names(f"{service.vault()}/backupPolicies", filter="backupManagementType eq 'AzureIaasVM'")
    assert set(names) == {"DefaultPolicy", "EnhancedPolicy"}


def test_a_policy_in_use_is_not_deleted(service):
    path = f"{service.vault()}/backupPolicies/mine"
    service.put(path, {"properties": daily()})
    service.put(service.item("a"), service.configure("a", "mine"), 202)
    assert service.refused("DELETE", path) == (400, "BMSUserErrorPolicyObjectInUse")
    service.later(32)
    assert service.refused("DELETE", path) == (400, "BMSUserErrorPolicyObjectInUse")
    service.protect("a")
    assert service.ask("DELETE", path).status == 200
    assert service.ask("DELETE", path).status == 204
    assert service.refused("GET", path) == (404, "BMSUserErrorDataSourceObjectNotFound")


def test_a_name_of_two_letters_is_refused(service):
    path = f"{service.vault()}/backupPolicies/ab"
    assert service.refused("PUT", path, {"properties": daily()}) == (400, "BMSUserErrorInvalidPolicyInput")
