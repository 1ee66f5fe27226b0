"""Features that meet: what one begins, another ends, or must not get round."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backup_reconciler.sandbox.state import load_state, save_state
from backup_reconciler.sandbox.world_file import parse_world

DAY = 86400
UNDELETE = {"policyId": "", "protectionState": "ProtectionStopped", "isRehydrate": True}


def told(service: Any, vm: str, **properties: Any) -> dict[str, Any]:
    kind = {"protectedItemType": "Microsoft.Compute/virtualMachines", "sourceResourceId": service.vm(vm)}
    return {"properties": {**kind, **properties}}


def delete(service: Any, vm: str = "a") -> None:
    assert service.ask("DELETE", service.item(vm)).status == 202
    service.later(60)


def back_up(service: Any, vm: str = "a") -> None:
    body = {"properties": {"objectType": "IaasVMBackupRequest"}}
    assert service.ask("POST", f"{service.item(vm)}/backup", body).status == 202


def job(service: Any, operation: str) -> dict[str, Any]:
    return next(one for one in service.jobs() if one["operation"] == operation)


def status(service: Any, response: Any) -> dict[str, Any]:
    link = response.headers["Azure-AsyncOperation"].partition("?")[0].removeprefix("http://box")
    found: dict[str, Any] = service.get(link)
    return found


@pytest.mark.parametrize("extended", [["x"], "x", 1])
def test_a_part_of_the_wrong_type_is_refused_before_it_is_kept(open_service, world, tmp_path, extended):
    service = open_service()
    body = service.configure("a")
    body["properties"]["extendedProperties"] = extended
    assert service.refused("PUT", service.item("a"), body)[0] == 400
    described = parse_world(world())
    save_state(tmp_path / "w.world.yaml", described, service.state)
    assert load_state(tmp_path / "w.world.yaml", described).estate == service.state.estate


def test_an_undelete_that_comes_too_late_fails(service):
    service.protect("a")
    delete(service)
    service.later(14 * DAY - 3)
    undeleting = service.put(service.item("a"), told(service, "a", **UNDELETE), 202)
    service.later(120)
    assert status(service, undeleting)["status"] == "Failed"
    assert service.ask("GET", service.item("a")).status == 404


def test_deleting_what_is_purged_meanwhile_succeeds(service):
    service.protect("a")
    delete(service)
    service.later(14 * DAY - 30)
    disabled = {"properties": {"securitySettings": {"softDeleteSettings": {"softDeleteState": "Disabled"}}}}
    assert service.ask("PATCH", service.vault(), disabled).status == 200
    deleting = service.ask("DELETE", service.item("a"))
    service.later(120)
    assert status(service, deleting)["status"] == "Succeeded"


def test_a_shorter_time_of_soft_delete_holds_for_what_is_deleted_already(service):
    days = {"properties": {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 180}}}}
    assert service.ask("PATCH", service.vault(), days).status == 200
    service.protect("a")
    delete(service)
    days["properties"]["securitySettings"]["softDeleteSettings"]["softDeleteRetentionPeriodInDays"] = 14
    assert service.ask("PATCH", service.vault(), days).status == 200
    service.later(20 * DAY)
    assert service.ask("GET", service.item("a")).status == 404


def test_a_backup_ends_with_its_item(service):
    service.protect("a")
    back_up(service)
    delete(service)
    assert job(service, "Backup")["status"] == "Cancelled"
    service.later(7200)
    assert "lastRecoveryPoint" not in service.properties("a")


def test_a_vm_that_goes_while_it_is_protected_is_not_protected(open_service):
    service = open_service(durations={"protect": 300})
    configuring = service.put(service.item("b"), service.configure("b"), 202)
    assert service.ask("DELETE", service.vm("b")).status == 202
    service.later(300)
    assert status(service, configuring)["error"]["code"] == "BCMV2VMNotFound"
    assert service.ask("GET", service.item("b")).status == 404


def test_a_vault_that_goes_takes_no_other_write(service):
    deleting = service.ask("DELETE", service.vault())
    assert deleting.status == 202
    code = "RSVaultUpdateErrorConflictingOperationInProgress"
    assert service.refused("DELETE", service.vault()) == (409, code)
    assert service.refused("PATCH", service.vault(), {"tags": {}}) == (409, code)
    assert service.refused("PUT", service.item("a"), service.configure("a")) == (409, code)
    assert service.get(service.vault())["properties"]["provisioningState"] == "Deleting"
    service.later(60)
    assert service.ask("GET", service.vault()).status == 404


def test_what_was_under_way_in_a_vault_ends_with_it(service):
    service.protect("a")
    delete(service)
    service.put(service.item("a"), told(service, "a", **UNDELETE), 202)
    assert service.ask("DELETE", service.vault()).status == 202
    service.later(11)
    deleted = (
        f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations/japaneast/deletedVaults"
    )
    (gone,) = service.get(deleted)["value"]
    body = {"properties": {"recoveryResourceGroupId": service.group}}
    assert service.ask("POST", f"{deleted}/{gone['name']}/undelete", body).status == 202
    assert service.refused("POST", f"{deleted}/{gone['name']}/undelete", body)[0] == 409
    service.later(60)
    assert "InProgress" not in [one["status"] for one in service.jobs()]
    service.put(service.item("a"), told(service, "a", **UNDELETE), 202)
    service.later(60)
    assert "isScheduledForDeferredDelete" not in service.properties("a")


def test_stopping_frees_of_no_rule(service):
    service.protect("a", policy="EnhancedPolicy")
    stop = {"policyId": "", "protectionState": "ProtectionStopped"}
    service.put(service.item("a"), told(service, "a", **stop), 202)
    service.later(60)
    refused = service.refused("PUT", service.item("a"), service.configure("a"))
    assert refused == (400, "BMSUserErrorInvalidConfigureProtectionRequest")
    service.protect("a", policy="EnhancedPolicy")


def test_naming_a_state_is_no_way_round_the_right_to_write_the_vm(open_service):
    service = open_service(access=[{"actions": ["*/read", "Microsoft.RecoveryServices/*"]}])
    body = service.configure("a")
    body["properties"]["protectionState"] = "Protected"
    assert service.refused("PUT", service.item("a"), body) == (403, "LinkedAuthorizationFailed")


def test_a_point_is_kept_as_the_policy_says_when_it_is_made(service):
    path = f"{service.vault()}/backupPolicies/DefaultPolicy"
    policy = service.get(path)["properties"]
    service.protect("a")
    service.later((service.state.clock.replace(hour=0, minute=1) + timedelta(days=1) - service.now).total_seconds())
    policy["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] = 90
    service.put(path, {"properties": policy}, 202)
    service.later(3600)
    service.get(service.vault())
    (item,) = service.state.estate.vaults()[0].items.values()
    (point,) = item.recovery_points
    assert (point.expires - point.time).days >= 89


def test_the_first_backup_installs_the_extension_and_a_broken_one_fails_it(service):
    service.protect("a")
    back_up(service)
    service.later(3700)
    assert [one["name"] for one in service.get(f"{service.vm('a')}/extensions")["value"]] == ["VMSnapshotLinux"]
    vm = service.state.estate.virtual_machine(service.vm("a"))
    vm.guest.extensions["vmsnapshotlinux"].state = "Failed"
    vm.guest.extensions["vmsnapshotlinux"].message = "It hangs."
    back_up(service)
    service.later(3700)
    assert job(service, "Backup")["errorDetails"][0]["errorTitle"] == "ExtensionStuckInDeletionState"


@pytest.mark.parametrize("told", [{"state": "failed"}, {"state": "failed", "message": "The handler crashed."}])
def test_a_world_may_say_that_the_extension_is_broken(world, open_service, told):
    described = world()
    (group,) = next(iter(described["subscriptions"].values()))["resourceGroups"].values()
    group["virtualMachines"]["a"]["extensions"] = {"VMSnapshotLinux": told}
    service = open_service(subscriptions=described["subscriptions"])
    service.protect("a")
    back_up(service)
    service.later(3700)
    backup = job(service, "Backup")
    assert (backup["status"], backup["errorDetails"][0]["errorTitle"]) == ("Failed", "ExtensionStuckInDeletionState")


def test_a_location_is_a_word(service):
    body = {"location": {"a": [1]}, "sku": {"name": "Standard"}}
    assert service.refused("PUT", service.vault("new"), body) == (400, "LocationRequired")
