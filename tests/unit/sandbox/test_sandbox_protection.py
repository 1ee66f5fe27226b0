"""Protected items: configure, change, stop, resume, delete, undelete."""

from __future__ import annotations

from typing import Any

import pytest

INVALID = (400, "BMSUserErrorInvalidConfigureProtectionRequest")
NOT_FOUND = (404, "BMSUserErrorDataSourceObjectNotFound")
STOP = {"policyId": "", "protectionState": "ProtectionStopped"}
KIND = {"protectedItemType": "Microsoft.Compute/virtualMachines"}


def told(service: Any, vm: str, **properties: Any) -> dict[str, Any]:
    return {"properties": {**KIND, "sourceResourceId": service.vm(vm), **properties}}


def local(link: str) -> str:
    return link.partition("?")[0].removeprefix("http://box")


def test_a_vm_is_protected_by_an_operation_and_a_job(service):
    response = service.put(service.item("a"), service.configure("a"), 202)
    status, result = response.headers["Azure-AsyncOperation"], response.headers["Location"]
    assert response.body is None
    assert "Retry-After" not in response.headers
    assert local(status).startswith(f"{service.item('a')}/operationsStatus/")
    assert local(result).startswith(f"{service.item('a')}/operationResults/")
    assert service.refused("GET", service.item("a")) == NOT_FOUND
    pending = service.get(local(status))
    assert (pending["status"], pending["endTime"]) == ("InProgress", "0001-01-01T00:00:00")
    assert "properties" not in pending
    assert service.ask("GET", local(result)).status == 202
    service.later(32)
    done = service.get(local(status))
    assert (done["status"], done["endTime"]) == ("Succeeded", done["startTime"])
    job = service.get(f"{service.vault()}/backupJobs/{done['properties']['jobId']}")["properties"]
    assert (job["operation"], job["status"], job["duration"]) == ("ConfigureBackup", "Completed", "PT32S")
    assert job["extendedInfo"] == {"tasksList": [], "propertyBag": {"VM Name": "a", "Policy Name": "DefaultPolicy"}}
    item = service.get(local(result))
    assert item["name"] == "VM;iaasvmcontainerv2;rg;a"
    assert item["properties"]["protectionState"] == "IRPending"


def test_every_place_that_knows_operations_knows_it(service):
    response = service.put(service.item("a"), service.configure("a"), 202)
    operation = local(response.headers["Location"]).rpartition("/")[2]
    assert service.get(f"{service.vault()}/backupOperations/{operation}")["id"] == operation
    assert service.ask("GET", f"{service.vault()}/backupOperationResults/{operation}").status == 202
    service.later(32)
    assert service.ask("GET", f"{service.vault()}/backupOperationResults/{operation}").status == 204
    assert service.refused("GET", f"{service.vault()}/backupOperations/nothing") == NOT_FOUND


def test_names_may_be_written_in_any_of_their_forms(service):
    path = service.item("a").replace("IaasVMContainer;", "iaasvmcontainer;").replace("rg;a", "RG;A")
    body = service.configure("a")
    body["properties"]["sourceResourceId"] = body["properties"]["sourceResourceId"].upper()
    body["properties"]["policyId"] = body["properties"]["policyId"].replace("DefaultPolicy", "defaultpolicy")
    service.put(path, body, 202)
    service.later(32)
    item = service.get(service.item("a"))
    assert item["name"] == "VM;iaasvmcontainerv2;RG;A"
    assert item["properties"]["policyId"].endswith("/defaultpolicy")
    assert item["properties"]["sourceResourceId"] == service.vm("a").upper()
    policy = service.get(f"{service.vault()}/backupPolicies/DefaultPolicy")
    assert policy["properties"]["protectedItemsCount"] == 1


def test_in_2021_ids_begin_with_a_capital_letter(open_service):
    service = open_service(era=2021)
    service.protect("a")
    assert service.get(service.item("a"))["id"].startswith("/Subscriptions/")
    assert service.get(f"{service.vault()}/backupPolicies/DefaultPolicy")["id"].startswith("/Subscriptions/")
    assert service.get(service.vault())["id"].startswith("/subscriptions/")


@pytest.mark.parametrize(
    ("vm", "changes"),
    [
        ("nowhere", {}),
        ("far", {}),
        ("a", {"sourceResourceId": "/subscriptions/x"}),
        ("a", {"policyId": ""}),
        ("a", {"policyId": "HourlyLogBackup"}),
        ("a", {"policyId": "nothing"}),
        ("a", {"protectedItemType": "AzureVmWorkloadSQLDatabase"}),
    ],
)
def test_what_the_service_refuses_at_once(service, vm, changes):
    if changes.get("policyId"):
        changes = {"policyId": f"{service.vault()}/backupPolicies/{changes['policyId']}"}
    body = service.configure(vm)
    body["properties"] |= changes
    assert service.refused("PUT", service.item(vm), body) == INVALID
    assert service.jobs() == []


def test_a_policy_of_another_vault_is_none(service):
    body = service.configure("a")
    body["properties"]["policyId"] = f"{service.vault('rsv2')}/backupPolicies/DefaultPolicy"
    assert service.refused("PUT", service.item("a"), body) == INVALID


@pytest.mark.parametrize("name", ["sqlcontainer;iaasvmcontainerv2;rg;a", "IaasVMContainer;iaasvmcontainerv2;rg;b"])
def test_container_and_item_must_name_one_vm(service, name):
    path = service.item("a").replace("IaasVMContainer;iaasvmcontainerv2;rg;a", name)
    assert service.refused("PUT", path, service.configure("a")) == INVALID
    assert service.refused("GET", path) == NOT_FOUND


def test_the_path_and_the_body_must_name_one_vm(service):
    assert service.refused("PUT", service.item("b"), service.configure("a")) == INVALID


def test_a_vm_that_cannot_be_protected(service):
    response = service.put(service.item("broken"), service.configure("broken"), 202)
    service.later(32)
    done = service.get(local(response.headers["Azure-AsyncOperation"]))
    assert done["status"] == "Failed"
    assert done["error"] == {
        "code": "UserErrorGuestAgentStatusUnavailable",
        "message": "The agent does not answer.",
    }
    assert service.refused("GET", local(response.headers["Location"]))[1] == "UserErrorGuestAgentStatusUnavailable"
    assert service.jobs()[0]["errorDetails"] == [
        {
            "errorCode": 0,
            "errorTitle": "UserErrorGuestAgentStatusUnavailable",
            "errorString": "The agent does not answer.",
            "recommendations": [
                "Check that the VM agent is installed, current and running in the VM, then back up again."
            ],
        }
    ]
    assert service.refused("GET", service.item("broken")) == NOT_FOUND


def test_a_vm_that_another_vault_holds(service):
    service.protect("a", vault="rsv2")
    service.put(service.item("a"), service.configure("a"), 202)
    service.later(32)
    job = service.jobs()[0]
    assert job["status"] == "Failed"
    assert job["errorDetails"][0]["errorString"].startswith("Virtual machine is already registered\\registering with")
    assert service.refused("GET", service.item("a")) == NOT_FOUND
    assert service.properties("a", "rsv2")["protectionState"] == "IRPending"


def test_two_vaults_that_want_a_vm_at_once(service):
    service.put(service.item("a"), service.configure("a"), 202)
    service.put(service.item("a", "rsv2"), service.configure("a", vault="rsv2"), 202)
    service.later(32)
    assert service.properties("a")["protectionState"] == "IRPending"
    assert service.jobs("rsv2")[0]["status"] == "Failed"


def test_one_operation_at_a_time(service):
    conflict = (400, "BMSUserErrorConflictingProtectionOperation")
    service.put(service.item("a"), service.configure("a"), 202)
    assert service.refused("PUT", service.item("a"), service.configure("a")) == conflict
    assert service.refused("DELETE", service.item("a")) == conflict
    service.later(32)
    service.put(service.item("a"), told(service, "a", **STOP), 202)


def test_stop_keeps_the_data_and_empties_the_policy(service):
    service.protect("a")
    service.put(service.item("a"), told(service, "a", **STOP), 202)
    assert service.properties("a")["protectionState"] == "IRPending"
    service.later(13)
    item = service.properties("a")
    assert (item["protectionState"], item["policyId"], item["policyName"]) == ("ProtectionStopped", "", "")
    assert service.jobs()[0]["operation"] == "DisableBackup"
    policy = service.get(f"{service.vault()}/backupPolicies/DefaultPolicy")
    assert policy["properties"]["protectedItemsCount"] == 0
    service.protect("a", "EnhancedPolicy")
    assert service.properties("a")["policyName"] == "EnhancedPolicy"
    assert service.properties("a")["protectionState"] == "IRPending"


def test_there_is_nothing_to_stop(service):
    assert service.refused("PUT", service.item("a"), told(service, "a", **STOP)) == NOT_FOUND


def test_suspending_needs_an_immutable_vault(service):
    service.protect("a")
    suspend = told(service, "a", policyId="", protectionState="BackupsSuspended")
    denied = (400, "UserErrorOperationDeniedOnImmutableItem")
    assert service.refused("PUT", service.item("a"), suspend) == denied
    unlocked = {"properties": {"securitySettings": {"immutabilitySettings": {"state": "Unlocked"}}}}
    service.ask("PATCH", service.vault(), unlocked)
    service.put(service.item("a"), suspend, 202)
    service.later(13)
    assert service.properties("a")["protectionState"] == "BackupsSuspended"
    assert service.refused("DELETE", service.item("a")) == denied


def test_stopping_again_frees_of_no_rule(service):
    service.protect("a", "EnhancedPolicy")
    for _ in range(2):
        service.put(service.item("a"), told(service, "a", **STOP), 202)
        service.later(13)
    assert service.refused("PUT", service.item("a"), service.configure("a")) == INVALID, "back to a Standard policy"


def test_disks_are_remembered(service):
    disks = {"diskExclusionProperties": {"diskLunList": [0, 1], "isInclusionList": True}}
    body = service.configure("a")
    body["properties"]["extendedProperties"] = disks
    service.put(service.item("a"), body, 202)
    service.later(32)
    service.protect("a", "EnhancedPolicy")
    assert service.properties("a")["extendedProperties"] == disks


def test_a_deleted_item_waits_for_its_end(service):
    service.protect("a")
    response = service.ask("DELETE", service.item("a"))
    assert response.status == 202
    assert local(response.headers["Azure-AsyncOperation"]).startswith(f"{service.vault()}/backupOperations/")
    assert local(response.headers["Location"]).startswith(f"{service.vault()}/backupOperationResults/")
    service.later(60)
    deleted = service.now
    service.later(0.41)
    item = service.properties("a")
    assert item["protectionState"] == "ProtectionStopped"
    assert item["isScheduledForDeferredDelete"] is True
    assert item["deferredDeleteTimeInUTC"] == f"{deleted:%Y-%m-%dT%H:%M:%SZ}"
    assert item["deferredDeleteTimeRemaining"] == "13.23:59:59.5900000"
    assert service.jobs()[0]["operation"] == "DeleteBackupData"
    assert service.ask("DELETE", service.item("a")).status == 204
    assert service.names(f"{service.vault()}/backupProtectedItems") == ["VM;iaasvmcontainerv2;rg;a"]
    service.later(14 * 24 * 3600)
    assert service.refused("GET", service.item("a")) == NOT_FOUND
    service.protect("a", vault="rsv2")
    assert service.properties("a", "rsv2")["protectionState"] == "IRPending"


def test_undelete_comes_before_protecting_again(service):
    service.protect("a")
    service.ask("DELETE", service.item("a"))
    service.later(60)
    assert service.refused("PUT", service.item("a"), service.configure("a")) == INVALID
    assert service.refused("PUT", service.item("a"), told(service, "a", **STOP)) == NOT_FOUND
    service.put(service.item("a"), told(service, "a", isRehydrate=True), 202)
    service.later(13)
    assert service.jobs()[0]["operation"] == "Undelete"
    assert "isScheduledForDeferredDelete" not in service.properties("a")
    assert service.refused("PUT", service.item("a"), told(service, "a", isRehydrate=True)) == NOT_FOUND
    service.later(14 * 24 * 3600)
    service.protect("a")
    assert service.properties("a")["policyName"] == "DefaultPolicy"


def test_deleted_twice_it_is_kept_from_the_second_time(service):
    service.protect("a")
    for _ in range(2):
        service.ask("DELETE", service.item("a"))
        service.later(60)
        service.put(service.item("a"), told(service, "a", isRehydrate=True), 202)
        service.later(7 * 24 * 3600)
    service.ask("DELETE", service.item("a"))
    service.later(60 + 13 * 24 * 3600)
    assert service.properties("a")["isScheduledForDeferredDelete"] is True
    service.later(2 * 24 * 3600)
    assert service.refused("GET", service.item("a")) == NOT_FOUND


def test_a_vault_that_keeps_deleted_items_longer(service):
    service.protect("a")
    service.ask("DELETE", service.item("a"))
    service.later(60)
    longer = {"properties": {"softDeleteRetentionPeriodInDays": 30}}
    service.put(f"{service.vault()}/backupconfig/vaultconfig", longer)
    service.later(29 * 24 * 3600)
    assert service.properties("a")["isScheduledForDeferredDelete"] is True
    service.later(24 * 3600)
    assert service.refused("GET", service.item("a")) == NOT_FOUND


def test_without_soft_delete_it_is_gone(service):
    off = {"properties": {"softDeleteFeatureState": "Disabled"}}
    service.put(f"{service.vault()}/backupconfig/vaultconfig", off)
    service.protect("a")
    response = service.ask("DELETE", service.item("a"))
    service.later(60)
    assert service.ask("GET", local(response.headers["Location"])).status == 204
    assert service.refused("GET", service.item("a")) == NOT_FOUND
    assert service.get(f"{service.vault()}/backupProtectionContainers")["value"] == []


def test_there_is_nothing_to_delete(service):
    assert service.ask("DELETE", service.item("a")).status == 204


def test_what_2026_adds_to_an_item(service):
    service.protect("a")
    item = service.properties("a")
    assert item["vaultId"] == f"https://management.azure.com{service.vault()}"
    assert item["softDeleteRetentionPeriod"] == 0
    assert item["policyType"] == "V1"


def test_a_status_says_whether_a_vm_is_protected(service):
    path = (
        f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations/japaneast/backupStatus"
    )

    def status() -> dict[str, Any]:
        body: dict[str, Any] = service.ask("POST", path, {"resourceType": "VM", "resourceId": service.vm("a")}).body
        return body

    assert status()["protectionStatus"] == "NotProtected"
    service.put(service.item("a"), service.configure("a"), 202)
    assert status()["protectionStatus"] == "Protecting"
    service.later(32)
    assert status() == {
        "protectionStatus": "Protected",
        "vaultId": service.vault(),
        "fabricName": "Azure",
        "containerName": "IaasVMContainer;iaasvmcontainerv2;rg;a",
        "protectedItemName": "VM;iaasvmcontainerv2;rg;a",
        "policyName": "DefaultPolicy",
        "errorCode": "Success",
        "errorMessage": "",
    }
    assert service.refused("POST", path, {"resourceType": "VM"})[0] == 400
    assert service.refused("POST", path, {"resourceType": "SAPHanaDatabase", "resourceId": service.vm("a")})[0] == 400


def test_protectable_are_the_vms_of_the_region_that_no_vault_holds(service):
    path = f"{service.vault()}/backupProtectableItems"
    service.protect("a", vault="rsv2")
    names = service.names(path, filter="backupManagementType eq 'AzureIaasVM'")
    assert set(names) == {f"iaasvmcontainerv2;rg;{vm}" for vm in ("b", "c", "broken")}


def test_discovery_takes_its_time(service):
    fabric = f"{service.vault()}/backupFabrics/Azure"
    response = service.ask("POST", f"{fabric}/refreshContainers")
    assert response.status == 202
    assert "api-version=2019-05-13-preview" in response.headers["Azure-AsyncOperation"]
    result = local(response.headers["Location"])
    assert service.ask("GET", result).status == 202
    service.later(10)
    assert service.ask("GET", result).status == 204
    assert service.get(local(response.headers["Azure-AsyncOperation"]))["status"] == "Succeeded"
