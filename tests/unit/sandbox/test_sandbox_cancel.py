"""Cancelling a job: the shape of the recorded answer (a cancelled restore), and what follows for a backup."""

from __future__ import annotations

import re
from typing import Any

import pytest

NOW = {"properties": {"objectType": "IaasVMBackupRequest"}}


def local(url: str) -> str:
    return url.removeprefix("http://box").partition("?")[0]


def api(url: str) -> str:
    found = re.search(r"api-version=([^&]+)", url)
    assert found
    return found[1]


@pytest.fixture
def running(service):
    """A service that backs up `a`, and the job."""
    service.protect("a")
    assert service.ask("POST", f"{service.item('a')}/backup", NOW).status == 202
    return service, f"{service.vault()}/backupJobs/{service.names(f'{service.vault()}/backupJobs')[0]}"


def cancel(service: Any, job: str) -> tuple[str, str]:
    response = service.ask("POST", f"{job}/cancel")
    assert (response.status, response.body) == (202, None), response
    return response.headers["Azure-AsyncOperation"], response.headers["Location"]


def test_the_links_hang_under_the_job_and_the_status_has_an_api_version_of_its_own(running):
    service, job = running
    status, result = cancel(service, job)
    assert local(status).startswith(f"{job}/operationsStatus/")
    assert local(result).startswith(f"{job}/operationResults/")
    assert (api(status), api(result)) == ("2019-05-13-preview", service.api)


def test_a_backup_is_cancelled_during_its_snapshot(running):
    service, job = running
    status, result = cancel(service, job)
    assert service.get(job)["properties"]["status"] == "Cancelling"
    assert service.get(local(status))["status"] == "InProgress"
    assert service.ask("GET", local(result)).status == 202
    service.later(10)
    assert service.get(local(status))["status"] == "Succeeded"
    assert service.ask("GET", local(result)).status == 204
    told = service.get(job)["properties"]
    assert (told["status"], told["errorDetails"][0]["errorCode"]) == ("Cancelled", 400158)
    service.later(3600)
    assert service.get(job)["properties"]["status"] == "Cancelled"
    item = service.properties("a")
    assert (item["lastBackupStatus"], "lastRecoveryPoint" in item) == ("", False)


def test_the_end_of_the_snapshot_does_not_overtake_a_cancellation(running):
    service, job = running
    service.later(445)
    cancel(service, job)
    service.later(3600)
    assert service.get(job)["properties"]["status"] == "Cancelled"


def test_after_a_cancellation_the_next_backup_is_not_in_its_way(running):
    service, job = running
    cancel(service, job)
    service.later(10)
    service.ask("POST", f"{service.item('a')}/backup", NOW)
    service.later(3600)
    assert service.jobs()[0]["status"] == "Completed"


def test_during_the_transfer_the_cancellation_is_accepted_and_fails(running):
    service, job = running
    service.later(1000)
    status, result = cancel(service, job)
    assert service.get(job)["properties"]["status"] == "InProgress"
    service.later(10)
    assert service.get(local(status))["error"]["code"] == "BMSUserErrorInvalidInput"
    assert service.refused("GET", local(result))[0] == 400
    service.later(3600)
    assert service.get(job)["properties"]["status"] == "Completed"


def test_a_job_that_is_over_or_of_another_kind_is_not_cancelled(running):
    service, job = running
    configured = service.names(f"{service.vault()}/backupJobs", filter="operation eq 'ConfigureBackup'")[0]
    other = f"{service.vault()}/backupJobs/{configured}/cancel"
    assert service.refused("POST", other) == (400, "BMSUserErrorInvalidInput")
    service.later(3600)
    assert service.refused("POST", f"{job}/cancel") == (400, "BMSUserErrorInvalidInput")
    assert service.refused("POST", f"{service.vault()}/backupJobs/nothing/cancel")[0] == 404


@pytest.mark.parametrize("status", ["Cancelling", "Cancelled"])
def test_jobs_are_found_by_the_statuses_of_a_cancellation(running, status):
    service, job = running
    cancel(service, job)
    if status == "Cancelled":
        service.later(10)
    (found,) = service.get(f"{service.vault()}/backupJobs", filter=f"status eq '{status}'")["value"]
    assert found["id"] == job
    by_id = f"jobId eq '{found['name'].upper()}'"
    assert service.names(f"{service.vault()}/backupJobs", filter=by_id) == [found["name"]]
