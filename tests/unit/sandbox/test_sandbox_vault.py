"""Vaults and their two configuration resources."""

from __future__ import annotations

import base64
from typing import Any
from urllib.parse import urlsplit

import pytest

NEW = {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {"publicNetworkAccess": "Enabled"}}


def path_of(link: str) -> str:
    return urlsplit(link).path


def with_settings(**settings: Any) -> dict[str, Any]:
    return {"properties": settings}


def redundancy(kind: str, cross: str = "Disabled") -> dict[str, Any]:
    settings = {"standardTierStorageRedundancy": kind, "crossRegionRestore": cross}
    return with_settings(redundancySettings=settings)


def soft_delete(**settings: Any) -> dict[str, Any]:
    return with_settings(securitySettings={"softDeleteSettings": settings})


def immutability(state: str) -> dict[str, Any]:
    return with_settings(securitySettings={"immutabilitySettings": {"state": state}})


def test_a_new_vault_is_provisioned_by_an_operation(service):
    created = service.put(service.vault("new"), NEW, 201)
    link = created.headers["Azure-AsyncOperation"]
    assert created.body["properties"]["provisioningState"] == "Provisioning"
    assert base64.b64decode(path_of(link).rpartition("/")[2]).startswith(b"2047;")
    assert "Location" not in created.headers
    assert service.get(path_of(link))["status"] == "InProgress"
    service.later(10)
    assert service.get(path_of(link)) == {
        "id": path_of(link),
        "name": path_of(link).rpartition("/")[2],
        "status": "Succeeded",
    }
    assert service.get(service.vault("new"))["properties"]["provisioningState"] == "Succeeded"


def test_in_2021_a_vault_is_there_at_once(open_service):
    service = open_service(era=2021)
    assert "Azure-AsyncOperation" not in service.put(service.vault("new"), NEW, 201).headers
    assert service.names(f"{service.vault('new')}/backupPolicies") == ["HourlyLogBackup", "DefaultPolicy"]
    assert service.ask("DELETE", service.vault("new")).status == 204
    service.put(service.vault("new"), NEW, 201)
    service.api = "2016-06-01"
    assert service.get(service.vault("new"))["properties"].keys() == {
        "provisioningState",
        "privateEndpointStateForBackup",
        "privateEndpointStateForSiteRecovery",
    }
    assert service.ask("DELETE", service.vault("new")).status == 200


def test_a_new_vault_of_2026_holds_three_policies_and_geo_redundancy(service):
    service.put(service.vault("new"), NEW, 201)
    names = service.names(f"{service.vault('new')}/backupPolicies")
    assert names[0] == "HourlyLogBackup"
    assert set(names[1:]) == {"DefaultPolicy", "EnhancedPolicy"}
    settings = service.get(service.vault("new"))["properties"]
    assert settings["redundancySettings"]["standardTierStorageRedundancy"] == "GeoRedundant"
    assert settings["securitySettings"]["softDeleteSettings"]["softDeleteRetentionPeriodInDays"] == 14


def test_lists_leave_settings_out(service):
    for path in (f"{service.group}/providers/Microsoft.RecoveryServices/vaults",):
        for vault in service.get(path)["value"]:
            assert "redundancySettings" not in vault["properties"]
            assert "securitySettings" not in vault["properties"]
    by_subscription = f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/vaults"
    assert service.names(by_subscription) == ["rsv2", "rsv"]


def test_names_are_matched_without_case_and_echoed_as_asked(service):
    asked = service.vault().replace("/resourceGroups/rg/", "/resourcegroups/RG/").replace("vaults/rsv", "VAULTS/RSV")
    vault = service.get(asked)
    assert vault["id"] == asked
    assert vault["name"] == "rsv"


def test_patch_replaces_tags_and_merges_settings(service):
    service.ask("PATCH", service.vault(), {"tags": {"a": "1", "b": "2"}})
    service.ask("PATCH", service.vault(), {**redundancy("LocallyRedundant"), "tags": {"c": "3"}})
    vault = service.ask("PATCH", service.vault(), with_settings(publicNetworkAccess="Disabled")).body
    assert vault["tags"] == {"c": "3"}
    assert vault["properties"]["publicNetworkAccess"] == "Disabled"
    assert vault["properties"]["redundancySettings"]["standardTierStorageRedundancy"] == "LocallyRedundant"


def test_put_again_keeps_settings_it_does_not_state(service):
    service.ask("PATCH", service.vault(), {**redundancy("LocallyRedundant"), "tags": {"a": "1"}})
    vault = service.put(service.vault(), NEW).body
    assert "tags" not in vault
    assert vault["properties"]["redundancySettings"]["standardTierStorageRedundancy"] == "LocallyRedundant"


def test_read_only_settings_are_not_written(service):
    changed = with_settings(secureScore="Maximum", securitySettings={"multiUserAuthorization": "Enabled"})
    vault = service.ask("PATCH", service.vault(), changed).body
    assert vault["properties"]["secureScore"] == "Adequate"
    assert vault["properties"]["securitySettings"]["multiUserAuthorization"] == "Disabled"


def test_an_identity_gets_its_ids(service):
    vault = service.ask("PATCH", service.vault(), {"identity": {"type": "SystemAssigned"}}).body
    assert vault["identity"].keys() == {"type", "principalId", "tenantId"}


def test_always_on_is_read_back_in_other_letters(service):
    service.ask("PATCH", service.vault(), soft_delete(softDeleteState="AlwaysOn", enhancedSecurityState="AlwaysOn"))
    settings = service.get(service.vault())["properties"]["securitySettings"]["softDeleteSettings"]
    assert settings["softDeleteState"] == settings["enhancedSecurityState"] == "AlwaysON"


@pytest.mark.parametrize(
    ("before", "change", "code"),
    [
        (None, redundancy("Threefold"), "InvalidRestApiParameter"),
        (None, redundancy("LocallyRedundant", "Enabled"), "InvalidRestApiParameter"),
        (redundancy("GeoRedundant", "Enabled"), redundancy("GeoRedundant"), "InvalidRestApiParameter"),
        (None, soft_delete(softDeleteRetentionPeriodInDays=13), "InvalidRestApiParameter"),
        (None, soft_delete(softDeleteRetentionPeriodInDays=181), "InvalidRestApiParameter"),
        (None, soft_delete(softDeleteState="Sometimes"), "InvalidRestApiParameter"),
        (
            soft_delete(softDeleteState="AlwaysON"),
            soft_delete(softDeleteState="Disabled"),
            "BMSUserErrorDisablingSoftDeleteStateNotAllowed",
        ),
        (None, immutability("Locked"), "UserErrorUnsupportedVaultImmutabilityStateChange"),
        (None, with_settings(securitySettings="none"), "InvalidRequestContent"),
    ],
)
def test_a_change_that_a_rule_forbids(service, before, change, code):
    if before:
        assert service.ask("PATCH", service.vault(), before).status == 200
    was = service.get(service.vault())
    assert service.refused("PATCH", service.vault(), change) == (400, code)
    assert service.get(service.vault()) == was


def test_immutability_goes_one_step_at_a_time_and_locks(service):
    for state in ("Unlocked", "Disabled", "Unlocked", "Locked"):
        assert service.ask("PATCH", service.vault(), immutability(state)).status == 200
    code = "UserErrorUnsupportedVaultImmutabilityStateChange"
    assert service.refused("PATCH", service.vault(), immutability("Unlocked")) == (400, code)


@pytest.mark.parametrize(
    ("body", "error"),
    [
        ({"sku": {"name": "Standard"}}, (400, "LocationRequired")),
        ({**NEW, "location": "westeurope"}, (409, "InvalidResourceLocation")),
        ({**NEW, "sku": {"name": "Premium"}}, (400, "InvalidRestApiParameter")),
        (None, (400, "InvalidRequestContent")),
    ],
)
def test_a_put_that_states_too_little_or_something_else(service, body, error):
    assert service.refused("PUT", service.vault(), body) == error


def test_the_location_may_be_written_as_people_read_it(service):
    assert service.put(service.vault(), {**NEW, "location": "Japan East"}).status == 200


def test_a_vault_name_of_one_letter_is_refused(service):
    assert service.refused("PUT", service.vault("x"), NEW) == (400, "InvalidResourceName")


def test_an_empty_vault_is_deleted_by_an_operation(service):
    deleted = service.ask("DELETE", service.vault())
    assert deleted.status == 202
    status, result = path_of(deleted.headers["Azure-AsyncOperation"]), path_of(deleted.headers["Location"])
    assert service.get(service.vault())["properties"]["provisioningState"] == "Deleting"
    assert service.ask("GET", result).status == 202
    service.later(10)
    assert service.get(status)["status"] == "Succeeded"
    assert service.ask("GET", result).status == 200
    assert service.refused("GET", service.vault()) == (404, "ResourceNotFound")
    assert service.ask("DELETE", service.vault()).status == 204


def test_what_was_to_happen_in_a_vault_that_is_gone_does_not(service):
    service.ask("DELETE", service.vault())
    service.later(5)
    service.ask("POST", f"{service.vault()}/backupFabrics/Azure/refreshContainers")
    service.later(3600)
    assert service.refused("GET", service.vault()) == (404, "ResourceNotFound")


def test_a_vault_that_holds_items_is_not_deleted(service):
    service.put(service.item("a"), service.configure("a"), 202)
    for seconds in (31, 1):
        error = service.ask("DELETE", service.vault()).body["error"]
        assert error["code"] == "ServiceResourceNotEmptyWithBackendMessage"
        assert error["message"].startswith("Vault cannot be deleted as there are existing resources within the vault.")
        assert "The registered items are : a\n" in error["message"]
        service.later(seconds)
    service.ask("DELETE", service.item("a"))
    service.later(60)
    service.api = "2025-02-01"  # before there were deleted vaults
    message = service.ask("DELETE", service.vault()).body["error"]["message"]
    assert "items in soft deleted state" in message


def test_redundancy_is_locked_by_the_first_machine(service):
    storage = f"{service.vault()}/backupstorageconfig/vaultstorageconfig"
    service.put(storage, with_settings(storageModelType="LocallyRedundant"))
    assert service.get(storage)["properties"]["storageTypeState"] == "Unlocked"
    service.protect("a")
    assert service.get(storage)["properties"]["storageTypeState"] == "Locked"
    back = with_settings(storageModelType="GeoRedundant")
    assert service.refused("PUT", storage, back) == (400, "StorageModelModifyError")
    assert service.refused("PATCH", service.vault(), redundancy("GeoRedundant")) == (400, "StorageModelModifyError")
    assert service.ask("PATCH", service.vault(), redundancy("LocallyRedundant")).status == 200


def test_the_vault_api_takes_redundancy_over(service):
    storage = f"{service.vault()}/backupstorageconfig/vaultstorageconfig"
    service.ask("PATCH", service.vault(), redundancy("LocallyRedundant"))
    assert service.get(storage)["properties"]["storageModelType"] == "LocallyRedundant"
    code = "BMSUserErrorRedundancySettingsUseVaultApi"
    assert service.refused("PUT", storage, with_settings(storageModelType="GeoRedundant")) == (400, code)


def test_cross_region_restore_by_the_old_endpoint(service):
    storage = f"{service.vault()}/backupstorageconfig/vaultstorageconfig"
    assert service.ask("PATCH", storage, with_settings(crossRegionRestoreFlag=True)).status == 204
    assert service.get(storage)["properties"]["crossRegionRestoreFlag"] is True
    assert service.get(service.vault())["properties"]["redundancySettings"]["crossRegionRestore"] == "Enabled"


def test_the_security_configuration_is_a_view_of_the_vault(service):
    config = f"{service.vault()}/backupconfig/vaultconfig"
    changed = with_settings(softDeleteFeatureState="AlwaysON", softDeleteRetentionPeriodInDays=30)
    assert service.put(config, changed).body["properties"] == {
        "enhancedSecurityState": "Enabled",
        "softDeleteFeatureState": "AlwaysON",
        "isSoftDeleteFeatureStateEditable": False,
        "softDeleteRetentionPeriodInDays": 30,
    }
    settings = service.get(service.vault())["properties"]["securitySettings"]["softDeleteSettings"]
    assert settings["softDeleteRetentionPeriodInDays"] == 30


def test_an_unknown_vault_operation(service):
    assert service.refused("GET", f"{service.vault()}/operationStatus/x") == (404, "OperationNotFound")


def test_a_vault_made_anew_knows_no_operations_of_the_old_one(open_service):
    service = open_service(era=2021)
    made = service.get(service.vault("rsv2"))
    assert service.ask("POST", f"{service.vault('rsv2')}/backupFabrics/Azure/refreshContainers").status == 202
    assert service.ask("DELETE", service.vault("rsv2")).status in {200, 204}
    service.put(service.vault("rsv2"), {"location": made["location"], "sku": {"name": "Standard"}}, 201)
    service.later(60)
    assert service.get(service.vault("rsv2"))["properties"]["provisioningState"] == "Succeeded"
