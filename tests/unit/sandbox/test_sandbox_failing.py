"""Requests that are accepted, and whose operations then fail or are slow."""

from __future__ import annotations

from typing import Any

import pytest

from tests.unit.sandbox_writes import FAILURE, asked, ended, operation, state, statuses

# ---- failing operations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [6, 8, 9, 10, 11])
def test_an_operation_fails_and_its_jobs_with_it(founded: Any, number: int) -> None:
    service = founded(operation=FAILURE)
    before = state(service)
    response = asked(service, number)
    service.later(60)
    found = operation(service, response)
    assert found["status"] == "Failed"
    assert found["error"] == FAILURE
    job = service.jobs()[0]
    assert job["status"] == "Failed"
    assert job["errorDetails"][0]["errorTitle"] == FAILURE["code"]
    service.later(7200)
    assert len([one for one in service.jobs() if one["status"] == "Failed"]) == 1
    assert state(service) == before


def test_a_vault_whose_creation_failed_is_there_and_says_so(founded: Any) -> None:
    service = founded(operation=FAILURE)
    response = asked(service, 0)
    assert service.get(service.vault("new"))["properties"]["provisioningState"] == "Provisioning"
    service.later(10)
    assert operation(service, response)["error"] == FAILURE
    assert service.get(service.vault("new"))["properties"]["provisioningState"] == "Failed"
    link = response.headers["Azure-AsyncOperation"].partition("://box")[2].partition("?")[0]
    path = link.replace("operationStatus", "operationResults")
    assert service.refused("GET", path) == (400, FAILURE["code"])


def test_a_vault_whose_deletion_failed_stays(founded: Any) -> None:
    service = founded(operation=FAILURE)
    response = asked(service, 3)
    service.later(10)
    assert operation(service, response)["status"] == "Failed"
    assert service.get(service.vault("rsv2"))["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize("number", [12, 13, 15])
def test_an_operation_of_compute_or_of_the_network_fails(founded: Any, number: int) -> None:
    service = founded(operation=FAILURE)
    before = state(service)
    response = asked(service, number)
    service.later(60)
    found = operation(service, response)
    assert found["status"] == "Failed"
    assert found["error"].items() >= FAILURE.items()
    assert state(service) == before


@pytest.mark.parametrize("number", [1, 2, 4, 5, 7, 14])
def test_what_begins_no_operation_has_none_to_fail(founded: Any, number: int) -> None:
    service, plain = founded(operation=FAILURE), founded()
    asked(service, number)
    asked(plain, number)
    assert ended(service) == ended(plain)


# ---- slow ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "seconds"), [(0, 10), (6, 45), (8, 32), (9, 13), (10, 60), (13, 40), (15, 3)])
def test_slow_an_operation_takes_so_many_times_as_long(founded: Any, number: int, seconds: int) -> None:
    service = founded(slow=10)
    response = asked(service, number)
    service.later(seconds * 10 - 1)
    assert operation(service, response)["status"] == "InProgress"
    service.later(1)
    assert operation(service, response)["status"] == "Succeeded"


def test_slow_a_backup_drags_on(founded: Any) -> None:
    service = founded(slow=2)
    asked(service, 11)
    service.later(3600)
    assert statuses(service, "Backup") == ["InProgress"]
    service.later(3600)
    assert statuses(service, "Backup") == ["Completed"]
