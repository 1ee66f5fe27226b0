"""Backups that are asked for, their jobs, and the list of jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

NOW = {"properties": {"objectType": "IaasVMBackupRequest"}}


def backup(service: Any, vm: str = "a", body: Any = None) -> str:
    response = service.ask("POST", f"{service.item(vm)}/backup", body or NOW)
    assert response.status == 202, response
    status = response.headers["Azure-AsyncOperation"].partition("?")[0].removeprefix("http://box")
    done = service.get(status)
    assert done["status"] == "Succeeded"
    return f"{service.vault()}/backupJobs/{done['properties']['jobId']}"


def tasks(service: Any, job: str) -> list[str]:
    return [task["status"] for task in service.get(job)["properties"]["extendedInfo"]["tasksList"]]


@pytest.fixture
def protected(service):
    service.protect("a")
    return service


def test_the_request_is_done_at_once_and_the_job_goes_on(protected):
    job = backup(protected)
    told = protected.get(job)["properties"]
    assert (told["status"], told["operation"], told["actionsInfo"]) == ("InProgress", "Backup", [1])
    assert told["extendedInfo"]["internalPropertyBag"] == {"IsInstantRpJob": "True"}
    assert "endTime" not in told


def test_two_phases(protected):
    job = backup(protected)
    assert tasks(protected, job) == ["InProgress", "NotStarted"]
    protected.later(450)
    assert tasks(protected, job) == ["Completed", "NotStarted"]
    item = protected.properties("a")
    assert (item["protectionState"], item["lastBackupStatus"]) == ("Protected", "")
    assert item["lastBackupTime"] == "2001-01-01T00:00:00Z"
    assert item["kpisHealths"] == {}
    assert "lastRecoveryPoint" in item
    protected.later(200)
    assert tasks(protected, job) == ["Completed", "InProgress"]
    protected.later(3000)
    assert tasks(protected, job) == ["Completed", "Completed"]
    told = protected.get(job)["properties"]
    assert (told["status"], told["duration"]) == ("Completed", "PT1H")
    assert told["extendedInfo"]["propertyBag"]["Backup Size"] == "11782 MB"
    item = protected.properties("a")
    assert (item["lastBackupStatus"], item["lastBackupTime"]) == ("Completed", told["startTime"])
    assert item["healthDetails"][0]["title"] == "IaasVmHealthGreenDefault"


def test_the_expiry_is_kept(protected):
    body = {"properties": {**NOW["properties"], "recoveryPointExpiryTimeInUTC": "2026-12-25T00:00:00.000Z"}}
    bag = protected.get(backup(protected, body=body))["properties"]["extendedInfo"]["propertyBag"]
    assert bag["Recovery Point Expiry Time in UTC"] == "12/25/2026 12:00:00 AM"


@pytest.mark.parametrize("expiry", ["2020-01-01T00:00:00Z", "tomorrow"])
def test_an_expiry_that_is_over_or_none(protected, expiry):
    body = {"properties": {**NOW["properties"], "recoveryPointExpiryTimeInUTC": expiry}}
    path = f"{protected.item('a')}/backup"
    assert protected.refused("POST", path, body) == (400, "BMSUserErrorInvalidInput")


def test_a_second_backup_during_the_snapshot_fails(protected):
    backup(protected)
    protected.later(60)
    second = protected.get(backup(protected))["properties"]
    assert second["status"] == "Failed"
    assert second["errorDetails"][0]["errorTitle"] == "UserErrorBackupOperationInProgress"


def test_a_second_backup_during_the_transfer_skips_its_own(protected):
    backup(protected)
    protected.later(1000)
    job = backup(protected)
    assert tasks(protected, job) == ["InProgress", "Skipped"]
    protected.later(450)
    assert tasks(protected, job) == ["Completed", "Skipped"]
    assert protected.get(job)["properties"]["status"] == "Completed"


def test_a_stopped_item_is_not_backed_up(protected):
    stop = {**protected.configure("a")["properties"], "policyId": "", "protectionState": "ProtectionStopped"}
    protected.put(protected.item("a"), {"properties": stop}, 202)
    protected.later(13)
    assert protected.refused("POST", f"{protected.item('a')}/backup", NOW) == (400, "BMSUserErrorInvalidInput")
    assert protected.refused("POST", f"{protected.item('b')}/backup", NOW)[0] == 404


def test_resumed_with_a_recovery_point_it_is_protected_at_once(protected):
    backup(protected)
    protected.later(3600)
    stop = {**protected.configure("a")["properties"], "policyId": "", "protectionState": "ProtectionStopped"}
    protected.put(protected.item("a"), {"properties": stop}, 202)
    protected.later(13)
    protected.protect("a")
    assert protected.properties("a")["protectionState"] == "Protected"


@pytest.mark.parametrize("after", [0, 1000])
def test_a_backup_whose_item_goes_ends_too(protected, after):
    off = {"properties": {"softDeleteFeatureState": "Disabled"}}
    protected.put(f"{protected.vault()}/backupconfig/vaultconfig", off)
    job = backup(protected)
    protected.later(after)
    protected.ask("DELETE", protected.item("a"))
    protected.later(3600)
    told = protected.get(job)["properties"]
    assert told["status"] == "Cancelled"
    assert told["errorDetails"][0]["errorCode"] == 400158


def test_the_delete_job_counts_the_recovery_points(protected):
    backup(protected)
    protected.later(3600)
    protected.ask("DELETE", protected.item("a"))
    name = protected.get(f"{protected.vault()}/backupJobs")["value"][0]["name"]
    job = protected.get(f"{protected.vault()}/backupJobs/{name}")
    assert job["properties"]["extendedInfo"]["propertyBag"]["Number of Recovery Points"] == "1"


def test_the_list_is_newest_first_and_without_details(protected):
    backup(protected)
    jobs = protected.jobs()
    assert [job["operation"] for job in jobs] == ["Backup", "ConfigureBackup"]
    assert all("extendedInfo" not in job for job in jobs)


@pytest.mark.parametrize(
    ("condition", "operations"),
    [
        ("operation eq 'Backup'", ["Backup"]),
        ("status eq 'completed'", ["ConfigureBackup"]),
        ("operation eq 'Backup' and status eq 'Completed'", []),
        ("backupManagementType eq 'AzureIaasVM'", ["Backup", "ConfigureBackup"]),
        ("backupManagementType eq 'AzureStorage'", []),
        ("startTime eq '2026-11-23 08:00:10 AM'", ["Backup"]),
        ("startTime eq '2026-11-23 00:00:00 AM' and endTime eq '2026-11-23 08:00:10 AM'", ["ConfigureBackup"]),
        ("startTime eq '2026-11-23 01:00:00 PM'", []),
    ],
)
def test_the_list_is_filtered(protected, condition, operations):
    backup(protected)
    found = protected.get(f"{protected.vault()}/backupJobs", filter=condition)["value"]
    assert [job["properties"]["operation"] for job in found] == operations


@pytest.mark.parametrize("condition", ["operation ne 'Backup'", "colour eq 'red'", "startTime eq 'noon'", "nonsense"])
def test_a_filter_that_is_none(service, condition):
    path = f"{service.vault()}/backupJobs"
    assert service.refused("GET", path, filter=condition) == (400, "BMSUserErrorInvalidInput")


def test_a_job_remembers_the_request_that_began_it(service):
    from backup_reconciler.sandbox.core import Request, handle

    asked = Request(
        "PUT",
        service.item("a"),
        {"api-version": service.api},
        {"x-ms-client-request-id": "my-request"},
        service.configure("a"),
    )
    handle(service.state.estate, asked, service.now, service.state.rng)
    assert service.jobs()[0]["activityId"] == "my-request"


def test_an_unknown_job(service):
    assert service.refused("GET", f"{service.vault()}/backupJobs/nothing")[0] == 404


def test_effects_come_in_their_order_however_long_nobody_asked(open_service):
    service = open_service(schedules=False)
    service.put(service.item("a"), service.configure("a"), 202)
    service.put(service.item("b"), service.configure("b"), 202)
    service.later(timedelta(days=400).total_seconds())
    jobs = service.jobs()
    assert {job["duration"] for job in jobs} == {"PT32S"}
