"""Deleted vaults: listed, undeleted, purged."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

DAY = 24 * 3600
GRAPH = "/providers/Microsoft.ResourceGraph/resources"


def deleted(service: Any) -> str:
    return (
        f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations/japaneast/deletedVaults"
    )


def undelete(service: Any, name: str) -> Any:
    body = {"properties": {"recoveryResourceGroupId": service.group}}
    return service.ask("POST", f"{deleted(service)}/{name}/undelete", body)


@pytest.fixture
def gone(service: Any) -> Any:
    """A vault that held one soft-deleted item and is deleted."""
    service.protect("a")
    service.ask("DELETE", service.item("a"))
    service.later(60)
    service.ask("DELETE", service.vault())
    service.later(10)
    return service


def test_an_empty_vault_is_purged_when_it_is_deleted(service):
    service.ask("DELETE", service.vault())
    assert service.get(deleted(service)) == {"value": []}
    service.later(10)
    (one,) = service.get(deleted(service))["value"]
    assert one["name"].startswith("rg_")
    assert one["properties"] == {
        "vaultId": service.vault(),
        "vaultDeletionTime": "2026-11-23T08:00:10Z",
        "purgeAt": "2026-11-23T08:00:00Z",
    }
    assert undelete(service, one["name"]).status == 400


def test_a_vault_with_soft_deleted_items_is_purged_with_the_last(gone):
    (one,) = gone.get(deleted(gone))["value"]
    assert one["properties"]["purgeAt"] == "2026-12-07T08:01:32Z"
    assert gone.get(f"{deleted(gone)}/{one['name']}") == one
    assert gone.get(deleted(gone).replace("japaneast", "westeurope")) == {"value": []}


def test_resource_graph_knows_it(gone):
    query = "recoveryservicesresources | where type =~ 'microsoft.recoveryservices/locations/deletedvaults'"
    (row,) = gone.ask("POST", GRAPH, {"query": query}).body["data"]
    assert row["properties"]["vaultId"] == gone.vault()


def test_its_name_and_its_vms_are_free(gone):
    gone.put(gone.vault(), {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}}, 201)
    gone.later(10)
    gone.protect("a")
    assert gone.properties("a")["protectionState"] == "IRPending"


def test_an_undeleted_vault_holds_what_it_held(gone):
    (one,) = gone.get(deleted(gone))["value"]
    begun = undelete(gone, one["name"])
    status = urlsplit(begun.headers["Azure-AsyncOperation"]).path
    assert (begun.status, begun.headers["Retry-After"]) == (202, "30")
    assert gone.get(status)["status"] == "InProgress"
    gone.later(10)
    assert gone.get(status)["status"] == "Succeeded"
    assert gone.get(deleted(gone)) == {"value": []}
    assert gone.get(gone.vault())["properties"]["provisioningState"] == "Succeeded"
    assert gone.properties("a")["isScheduledForDeferredDelete"] is True
    gone.later(14 * DAY)
    assert gone.refused("GET", gone.item("a"))[0] == 404


def test_policies_of_an_undeleted_vault_run_again(gone):
    (one,) = gone.get(deleted(gone))["value"]
    undelete(gone, one["name"])
    gone.later(10)
    body = gone.configure("a")
    body["properties"]["isRehydrate"] = True
    gone.put(gone.item("a"), body, 202)
    gone.later(13)
    gone.protect("a")
    gone.later(DAY)
    assert "Backup" in {job["operation"] for job in gone.jobs()}


def test_a_vault_does_not_come_back_beside_one_of_its_name(gone):
    gone.put(gone.vault(), {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}}, 201)
    (one,) = gone.get(deleted(gone))["value"]
    assert undelete(gone, one["name"]).status == 409


def test_a_vm_that_was_taken_meanwhile_stays_where_it_is(gone):
    gone.protect("a", vault="rsv2")
    (one,) = gone.get(deleted(gone))["value"]
    undelete(gone, one["name"])
    gone.later(15 * DAY)
    assert gone.properties("a", vault="rsv2")["policyName"] == "DefaultPolicy"
    assert gone.refused("GET", gone.item("a"))[0] == 404
    assert not any(name.endswith(";a") for name in gone.names(f"{gone.vault()}/backupProtectableItems"))


def test_what_is_purged_is_forgotten(gone):
    (one,) = gone.get(deleted(gone))["value"]
    gone.later(14 * DAY)
    assert gone.get(deleted(gone)) == {"value": []}
    assert gone.refused("GET", f"{deleted(gone)}/{one['name']}") == (404, "ResourceNotFound")


def test_a_group_that_is_not_there_takes_nothing_back(gone):
    (one,) = gone.get(deleted(gone))["value"]
    path = f"{deleted(gone)}/{one['name']}/undelete"
    body = {"properties": {"recoveryResourceGroupId": f"{gone.group}x"}}
    assert gone.refused("POST", path, body) == (400, "InvalidRestApiParameter")


def test_what_was_under_way_in_a_deleted_vault_does_not_reach_its_namesake(service):
    service.ask("DELETE", service.vault())
    service.later(5)
    service.ask("POST", f"{service.vault()}/backupFabrics/Azure/refreshContainers")
    service.later(6)
    service.put(service.vault(), {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}}, 201)
    service.later(60)
    assert service.get(service.vault())["properties"]["provisioningState"] == "Succeeded"


def test_what_is_listed_no_more_is_not_kept(gone):
    gone.later(15 * DAY)
    gone.ask("DELETE", gone.vault("rsv2"))
    gone.later(10)
    assert len(gone.get(deleted(gone))["value"]) == 1
    (kept,) = gone.state.estate.deleted_vaults.values()
    assert kept.vault.name == "rsv2"
