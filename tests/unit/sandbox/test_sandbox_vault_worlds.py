"""What a world says of a vault and of the past of its items; what policies and items do with it."""

from __future__ import annotations

from typing import Any

import pytest

from backup_reconciler.sandbox import WorldError

TIME = "2026-01-01T23:00:00Z"
DAY = 24 * 3600


def daily(count: int) -> dict[str, Any]:
    return {
        "backupManagementType": "AzureIaasVM",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": [TIME],
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {"retentionTimes": [TIME], "retentionDuration": {"count": count, "durationType": "Days"}},
        },
        "instantRpRetentionRangeInDays": 1,
        "timeZone": "UTC",
    }


@pytest.fixture
def with_vault(open_service: Any, world: Any) -> Any:
    def opened(item: dict[str, Any] | None = None, top: dict[str, Any] | None = None, **vault: Any) -> Any:
        subscriptions = world()["subscriptions"]
        (subscription,) = subscriptions.values()
        if item:
            vault["protectedItems"] = [{"vm": "rg/a", **item}]
        subscription["resourceGroups"]["rg"]["vaults"]["rsv"] = {"location": "japaneast", **vault}
        return open_service(subscriptions=subscriptions, **(top or {}))

    return opened


def test_an_item_was_deleted_a_while_ago(with_vault):
    service = with_vault({"state": "SoftDeleted", "deletedAt": "2026-11-13T08:00:00Z"})
    item = service.properties("a")
    assert (item["deferredDeleteTimeInUTC"], item["deferredDeleteTimeRemaining"]) == (
        "2026-11-13T08:00:00Z",
        "4.00:00:00",
    )
    service.later(4 * DAY)
    assert service.refused("GET", service.item("a"))[0] == 404


def test_longer_soft_delete_keeps_what_is_deleted_already(with_vault):
    service = with_vault({"state": "SoftDeleted"})
    longer = {"securitySettings": {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 20}}}
    service.ask("PATCH", service.vault(), {"properties": longer})
    service.later(15 * DAY)
    assert service.properties("a")["deferredDeleteTimeRemaining"] == "5.00:00:00"
    service.later(5 * DAY)
    assert service.refused("GET", service.item("a"))[0] == 404


def test_without_soft_delete_a_deletion_is_final(with_vault):
    service = with_vault({"policy": "DefaultPolicy"}, softDelete={"state": "Disabled"})
    assert service.ask("DELETE", service.item("a")).status == 202
    service.later(60)
    assert service.refused("GET", service.item("a"))[0] == 404


def test_soft_delete_turned_off_lets_what_is_deleted_go_at_once(with_vault):
    service = with_vault({"state": "SoftDeleted"})
    assert service.ask("DELETE", service.item("a")).status == 204
    off = {"securitySettings": {"softDeleteSettings": {"softDeleteState": "Disabled"}}}
    service.ask("PATCH", service.vault(), {"properties": off})
    assert service.properties("a")["isScheduledForDeferredDelete"] is True
    assert service.ask("DELETE", service.item("a")).status == 202
    service.later(60)
    assert service.refused("GET", service.item("a"))[0] == 404


def test_an_item_has_a_past(with_vault):
    service = with_vault(
        {
            "policy": "DefaultPolicy",
            "lastBackup": "2026-11-20T02:00:00Z",
            "recoveryPoints": {"count": 3, "until": "2026-12-20T02:00:00Z"},
            "diskExclusion": {"luns": [1, 2]},
        }
    )
    item = service.properties("a")
    assert item["lastBackupTime"] == item["lastRecoveryPoint"] == "2026-11-20T02:00:00Z"
    assert item["extendedProperties"] == {"diskExclusionProperties": {"diskLunList": [1, 2], "isInclusionList": False}}
    held = service.state.estate.vault(service.vault()).items.values()
    assert [(point.time.day, point.expires.day) for one in held for point in one.recovery_points] == [
        (18, 18),
        (19, 19),
        (20, 20),
    ]


@pytest.mark.parametrize(
    "item",
    [
        {"state": "BackupsSuspended"},
        {"state": "ProtectionPaused"},
        {"state": "ProtectionError", "policy": "DefaultPolicy"},
    ],
)
def test_an_item_in_any_state(with_vault, item):
    assert with_vault(item).properties("a")["protectionState"] == item["state"]


def test_an_immutable_vault_suspends_and_stops(with_vault):
    service = with_vault({"policy": "DefaultPolicy"}, immutability="Locked")
    for state in ("BackupsSuspended", "ProtectionStopped"):
        body = service.configure("a")
        body["properties"] |= {"policyId": "", "protectionState": state}
        service.put(service.item("a"), body, 202)
        service.later(32)
        assert service.properties("a")["protectionState"] == state


def test_an_immutable_vault_takes_what_keeps_more(with_vault):
    service = with_vault({"policy": "DefaultPolicy"}, immutability="Unlocked")
    policy = f"{service.vault()}/backupPolicies/DefaultPolicy"
    service.put(policy, {"properties": daily(60)}, 202)
    service.later(60)
    assert service.ask("PUT", policy, {"properties": daily(59)}).status == 400


def test_an_old_policy_is_there_though_none_like_it_is_taken(with_vault):
    service = with_vault({"policy": "five-days"}, legacyPolicies={"five-days": daily(5)})
    policy = f"{service.vault()}/backupPolicies/five-days"
    shown = service.get(policy)["properties"]
    assert shown["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] == 5
    assert shown["protectedItemsCount"] == 1
    assert service.refused("PUT", policy, {"properties": daily(5)}) == (400, "BMSUserErrorInvalidPolicyInput")


def test_policy_writes_are_counted_over_24_hours(with_vault):
    service = with_vault(top={"limits": {"policyWritesPerDay": 2}})
    policy = f"{service.vault()}/backupPolicies/mine"
    for count in (10, 11):
        service.put(policy, {"properties": daily(count)})
        service.later(3600)
    assert service.refused("PUT", policy, {"properties": daily(12)}) == (400, "CloudDosAbsoluteLimitReached")
    service.later(DAY - 2 * 3600)
    service.put(policy, {"properties": daily(12)})
    assert service.refused("PUT", policy, {"properties": daily(13)})[0] == 400


def test_private_endpoints_are_shown(with_vault):
    vault = with_vault(privateEndpoints=["/subscriptions/s/pe/one"])
    properties = vault.get(vault.vault())["properties"]
    assert properties["privateEndpointStateForBackup"] == "Enabled"
    (connection,) = properties["privateEndpointConnections"]
    assert connection["properties"]["privateEndpoint"] == {"id": "/subscriptions/s/pe/one"}


def test_a_vm_is_validated_before_it_is_protected(with_vault):
    service = with_vault({"policy": "DefaultPolicy"}, top={"limits": {"vmsPerVault": 1}})
    path = f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations/japaneast"

    def verdict(vm: str, vault: str) -> str:
        body = {"resourceType": "VM", "resourceId": service.vm(vm), "vaultId": service.vault(vault)}
        code: str = service.ask("POST", f"{path}/backupPreValidateProtection", body).body["errorCode"]
        return code

    assert verdict("b", "rsv2") == "Success"
    assert verdict("b", "rsv") == "QuotaExceeded"
    assert verdict("a", "rsv2") == "UserErrorVMAlreadyProtected"
    assert verdict("far", "rsv2") == "BMSUserErrorInvalidConfigureProtectionRequest"
    body = {"resourceType": "VM", "resourceId": service.vm("b"), "vaultId": service.vault("none")}
    assert service.refused("POST", f"{path}/backupPreValidateProtection", body) == (400, "BMSUserErrorInvalidInput")


def test_containers_of_deleted_items(with_vault):
    service = with_vault({"state": "SoftDeleted"})
    path = f"{service.vault()}/backupDeletedProtectionContainers"
    assert service.names(path) == ["IaasVMContainer;iaasvmcontainerv2;rg;a"]
    assert service.names(path, filter="backupManagementType eq 'AzureWorkload'") == []


@pytest.mark.parametrize(
    ("item", "vault", "words"),
    [
        ({"state": "IRPending", "policy": "DefaultPolicy", "recoveryPoints": {"count": 1}}, {}, "has no backup yet"),
        ({"policy": "DefaultPolicy", "deletedAt": "2026-11-01T00:00:00Z"}, {}, "only an item in state SoftDeleted"),
        ({"policy": "DefaultPolicy", "lastBackup": "2027-01-01T00:00:00Z"}, {}, "is after the world's 'clock'"),
        (None, {"crossRegionRestore": True, "redundancy": "ZoneRedundant"}, "needs redundancy GeoRedundant"),
        (None, {"resourceGuard": {"id": "guard"}}, "the ARM id of a Microsoft.DataProtection/resourceGuards"),
        (None, {"policies": {"x": daily(7)}, "legacyPolicies": {"X": daily(5)}}, "stands in 'policies' too"),
        (None, {"legacyPolicies": {"x": daily(0)}}, "the service would refuse this policy"),
    ],
)
def test_mistakes_of_a_world(with_vault, item, vault, words):
    with pytest.raises(WorldError, match=words):
        with_vault(item, **vault)


def test_secure_by_default_is_of_2026(open_service):
    with pytest.raises(WorldError, match="did not exist in 2021"):
        open_service(secureByDefault=True, era=2021)
