"""Backups that fail: what keeps them, how the job says so, and what it leaves on the item."""

from __future__ import annotations

from typing import Any

import pytest

HOUR, DAY = 3600, 86400
NOW = {"properties": {"objectType": "IaasVMBackupRequest"}}


def backup(service: Any, vm: str = "a") -> dict[str, Any]:
    """Back up now, wait until it is over, and give the job."""
    assert service.ask("POST", f"{service.item(vm)}/backup", NOW).status == 202
    name = service.names(f"{service.vault()}/backupJobs")[0]
    service.later(HOUR)
    told: dict[str, Any] = service.get(f"{service.vault()}/backupJobs/{name}")["properties"]
    return told


def tasks(job: dict[str, Any]) -> list[str]:
    return [task["status"] for task in job["extendedInfo"]["tasksList"]]


@pytest.fixture
def one_vm(open_service, world):
    """A service whose VM `a` is as told, and protected."""

    def opened(**vm: Any) -> Any:
        subscriptions = world()["subscriptions"]
        (subscription,) = subscriptions.values()
        group = subscription["resourceGroups"]["rg"]
        group["virtualMachines"]["a"] = {"location": "japaneast", **vm}
        service = open_service(subscriptions=subscriptions)
        service.protect("a")
        return service

    return opened


def test_a_snapshot_that_fails_fails_the_job(one_vm):
    service = one_vm(backupFails={"code": "UserErrorFsFreezeFailed", "message": "Frozen not.", "number": 7})
    job = backup(service)
    assert (job["status"], tasks(job)) == ("Failed", ["Failed", "Failed"])
    (error,) = job["errorDetails"]
    assert (error["errorCode"], error["errorTitle"], error["errorString"]) == (
        7, "UserErrorFsFreezeFailed", "Frozen not."
    )  # fmt: skip
    assert len(error["recommendations"]) == 1
    item = service.properties("a")
    assert (item["lastBackupStatus"], item["lastBackupTime"]) == ("Failed", job["startTime"])
    assert (item["healthStatus"], item["protectionStatus"]) == ("ActionRequired", "Unhealthy")
    assert item["protectionState"] == "IRPending"
    assert item["healthDetails"][0]["code"] == 7
    assert item["kpisHealths"]["BackupOperationStatusKPI"]["resourceHealthStatus"] == "TransientUnhealthy"
    assert "lastRecoveryPoint" not in item


def test_a_transfer_that_fails_leaves_a_warning_and_a_recovery_point(one_vm):
    service = one_vm(backupFails={"code": "CopyingVHDsFromBackUpVaultTakingLongTime", "phase": "transfer"})
    job = backup(service)
    assert (job["status"], tasks(job)) == ("CompletedWithWarnings", ["Completed", "Failed"])
    assert job["errorDetails"][0]["recommendations"] == []
    item = service.properties("a")
    assert (item["lastBackupStatus"], item["healthStatus"]) == ("Completed", "ActionSuggested")
    assert (item["protectionState"], "lastRecoveryPoint" in item) == ("Protected", True)


def test_only_the_next_backups_fail_when_it_says_how_many(one_vm):
    service = one_vm(backupFails={"code": "X", "times": 2})
    assert [backup(service)["status"] for _ in range(3)] == ["Failed", "Failed", "Completed"]
    item = service.properties("a")
    assert (item["lastBackupStatus"], item["healthStatus"]) == ("Completed", "Passed")


def test_a_running_vm_without_an_agent_is_not_backed_up(one_vm):
    job = backup(one_vm(agent=None))
    assert job["errorDetails"][0]["errorTitle"] == "UserErrorGuestAgentStatusUnavailable"


def test_a_vm_that_is_off_is_backed_up_without_its_agent(one_vm):
    assert backup(one_vm(agent=None, power="deallocated"))["status"] == "Completed"


def test_a_vm_that_is_gone_fails_each_scheduled_backup(one_vm):
    service = one_vm()
    backup(service)
    del service.state.estate.groups()[0].virtual_machines["a"]
    service.later(2 * DAY)
    jobs = [job for job in service.jobs() if job["operation"] == "Backup"]
    assert [job["status"] for job in jobs] == ["Failed", "Failed", "Completed"]
    assert jobs[0]["errorDetails"][0]["errorCode"] == 400094
    service.later(60 * DAY)  # the last point stays, though its time is over
    assert "lastRecoveryPoint" in service.properties("a")


def groups(service: Any) -> list[str]:
    return service.names(f"/subscriptions/{service.subscription}/resourceGroups")


def test_the_first_snapshot_makes_a_resource_group(one_vm):
    service = one_vm()
    assert groups(service) == ["rg"]
    backup(service)
    assert groups(service) == ["rg", "AzureBackupRG_japaneast_1"]


def test_a_policy_names_the_group(one_vm):
    service = one_vm()
    path = f"{service.vault()}/backupPolicies/DefaultPolicy"
    properties = service.get(path)["properties"]
    properties["instantRPDetails"] = {"azureBackupRGNamePrefix": "snap", "azureBackupRGNameSuffix": "rg"}
    service.put(path, {"properties": properties}, 202)
    service.later(60)
    backup(service)
    assert groups(service) == ["rg", "snap1rg"]


def lock(service: Any, level: str = "CanNotDelete") -> str:
    path = (
        f"/subscriptions/{service.subscription}/resourceGroups/AzureBackupRG_japaneast_1"
        "/providers/Microsoft.Authorization/locks/keep"
    )
    service.put(path, {"properties": {"level": level}}, 201)
    return path


def statuses(service: Any) -> list[str]:
    return [job["status"] for job in reversed(service.jobs()) if job["operation"] == "Backup"]


@pytest.mark.parametrize("level", ["CanNotDelete", "ReadOnly"])
def test_a_lock_on_the_group_lets_backups_fail_when_the_collection_is_full(one_vm, level):
    service = one_vm()
    backup(service)
    path = lock(service, level)
    service.later(20 * DAY)
    assert statuses(service) == ["Completed"] * 18 + ["Failed"] * 3
    failed = [job for job in service.jobs() if job["status"] == "Failed"]
    assert failed[0]["errorDetails"][0]["errorTitle"] == "UserErrorRpCollectionLimitReached"
    assert service.ask("DELETE", path).status == 200
    service.later(DAY)
    assert statuses(service)[-1] == "Completed"


def test_without_a_lock_old_restore_points_make_room(one_vm):
    service = one_vm()
    service.later(25 * DAY)
    assert set(statuses(service)) == {"Completed"}
    (item,) = service.state.estate.vaults()[0].items.values()
    assert len(item.snapshots) == 2


def test_an_azure_policy_that_denies_restore_points_fails_the_backup(open_service):
    denied = {"name": "no-snapshots", "types": ["Microsoft.Compute/restorePointCollections"]}
    service = open_service(azurePolicies=[denied])
    service.protect("a")
    assert backup(service)["errorDetails"][0]["errorTitle"] == "UserErrorRequestDisallowedByPolicy"


def test_nine_backups_a_day_may_be_asked_for(one_vm):
    service = one_vm()
    for _ in range(9):
        backup(service)
    refused = (400, "CloudDosAbsoluteLimitReached")
    assert service.refused("POST", f"{service.item('a')}/backup", NOW) == refused
    service.later(16 * HOUR)  # the first of them was asked for a day ago
    assert backup(service)["status"] == "Completed"


@pytest.mark.parametrize("expiry", ["2125-12-01T00:00:00Z", "0001-01-01T00:00:00+23:00", "9999-12-31T23:00:00-23:00"])
def test_a_point_is_not_kept_longer_than_99_years(one_vm, expiry):
    service = one_vm()
    body = {"properties": {**NOW["properties"], "recoveryPointExpiryTimeInUTC": expiry}}
    assert service.refused("POST", f"{service.item('a')}/backup", body) == (400, "BMSUserErrorInvalidInput")


def test_a_vault_made_anew_knows_nothing_of_the_backups_of_the_old_one(one_vm):
    service = one_vm()
    service.put(f"{service.vault()}/backupconfig/vaultconfig", {"properties": {"softDeleteFeatureState": "Disabled"}})
    service.ask("POST", f"{service.item('a')}/backup", NOW)
    service.ask("DELETE", service.item("a"))
    service.later(60)
    assert service.ask("DELETE", service.vault()).status == 202
    service.later(10)
    service.put(service.vault(), {"location": "japaneast", "sku": {"name": "Standard"}}, 201)
    service.later(HOUR)
    assert service.jobs() == []


def test_a_vm_that_needs_its_network_fails_until_a_rule_lets_it_out(one_vm):
    service = one_vm(needsNetwork=True)
    service.api = "2024-05-01"
    rules = service.network("networkSecurityGroups/aNSG/securityRules")
    rule = {"protocol": "*", "access": "Deny", "direction": "Outbound", "priority": 1000, "sourceAddressPrefix": "*",
            "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"}  # fmt: skip
    service.put(f"{rules}/Deny_All", {"properties": rule}, 201)
    (error,) = backup(service)["errorDetails"]
    assert error["errorTitle"] == "ExtensionSnapshotFailedNoNetwork"
    for priority, tag in enumerate(("AzureBackup", "Storage.JapanEast", "AzureActiveDirectory"), start=100):
        allowing = {**rule, "access": "Allow", "priority": priority, "destinationAddressPrefix": tag}
        service.put(f"{rules}/{tag}", {"properties": allowing}, 201)
        service.later(3)
    assert backup(service)["status"] == "Completed"


def test_one_that_does_not_is_backed_up_all_the_same(one_vm):
    service = one_vm()
    rule = {"protocol": "*", "access": "Deny", "direction": "Outbound", "priority": 1000, "sourceAddressPrefix": "*",
            "sourcePortRange": "*", "destinationAddressPrefix": "*", "destinationPortRange": "*"}  # fmt: skip
    service.put(service.network("networkSecurityGroups/aNSG/securityRules/Deny_All"), {"properties": rule}, 201)
    assert backup(service)["status"] == "Completed"
