"""What a vault may be set to: identities, keys, secure by default, and which api-version sees what."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlsplit

import pytest

NEW: dict[str, Any] = {"location": "japaneast", "sku": {"name": "Standard"}, "properties": {}}
IDENTITIES = "/subscriptions/s/resourceGroups/g/providers/Microsoft.ManagedIdentity/userAssignedIdentities"


def identity(kind: str, **users: Any) -> dict[str, Any]:
    named = {f"{IDENTITIES}/{name}": value for name, value in users.items()}
    return {"identity": {"type": kind, **({"userAssignedIdentities": named} if named else {})}}


def patched(service: Any, body: dict[str, Any]) -> dict[str, Any]:
    """The vault after a change, however long it takes."""
    assert service.ask("PATCH", service.vault(), body).status in {200, 202}
    service.later(10)
    vault: dict[str, Any] = service.get(service.vault())
    return vault


def test_a_user_assigned_identity_is_fetched_by_an_operation(service):
    begun = service.ask("PATCH", service.vault(), identity("userassigned", one={}))
    status, result = (urlsplit(begun.headers[name]).path for name in ("Azure-AsyncOperation", "Location"))
    assert (begun.status, begun.body) == (202, None)
    assert "identity" not in service.get(service.vault())
    running = service.ask("GET", status)
    assert running.body["status"] == "InProgress"
    assert urlsplit(running.headers["Location"]).path == result
    service.later(10)
    assert service.get(status)["status"] == "Succeeded"
    (user,) = service.get(result)["identity"]["userAssignedIdentities"].values()
    assert user.keys() == {"clientId", "principalId"}


def test_identities_are_added_to_each_other_and_taken_away(service):
    patched(service, identity("UserAssigned", one={}, two={}))
    both = patched(service, identity("systemassigned,userassigned"))["identity"]
    assert both["type"] == "SystemAssigned, UserAssigned"
    assert len(both["userAssignedIdentities"]) == 2
    fewer = patched(service, identity("UserAssigned", one=None, three={}))["identity"]
    assert {name.rpartition("/")[2] for name in fewer["userAssignedIdentities"]} == {"two", "three"}
    assert "principalId" not in fewer
    assert patched(service, identity("None"))["identity"] == {"type": "None"}


def test_a_put_without_an_identity_leaves_it(service):
    held = patched(service, identity("SystemAssigned"))["identity"]
    assert service.put(service.vault(), NEW).body["identity"] == held


def test_a_customers_key_is_for_good(service):
    patched(service, identity("SystemAssigned"))
    key = {"keyVaultProperties": {"keyUri": "https://kv/keys/k/1"}, "kekIdentity": {"useSystemAssignedIdentity": True}}
    patched(service, {"properties": {"encryption": key}})
    assert service.put(service.vault(), NEW).body["properties"]["encryption"] == key
    second = {"encryption": {**key, "infrastructureEncryption": "Enabled"}}
    assert service.refused("PATCH", service.vault(), {"properties": second})[1] == "InvalidRestApiParameter"


def test_secure_by_default_says_nothing_of_vaults_that_are_there(open_service):
    service = open_service(secureByDefault=True)
    service.put(service.vault("new"), NEW, 201)
    states = {
        name: service.get(service.vault(name))["properties"]["securitySettings"]["softDeleteSettings"]
        for name in ("rsv", "new")
    }
    assert states["rsv"]["softDeleteState"] == "Enabled"
    assert states["new"]["softDeleteState"] == states["new"]["enhancedSecurityState"] == "AlwaysON"
    config = service.get(f"{service.vault('new')}/backupconfig/vaultconfig")["properties"]
    assert config["isSoftDeleteFeatureStateEditable"] is False


def test_the_security_configuration_may_say_what_is_so(open_service):
    service = open_service()
    patched(service, {"properties": {"securitySettings": {"softDeleteSettings": {"softDeleteState": "AlwaysOn"}}}})
    config = f"{service.vault()}/backupconfig/vaultconfig"
    assert service.put(config, {"properties": {"softDeleteFeatureState": "AlwaysOn"}}).status == 200


@pytest.mark.parametrize(
    ("version", "seen"),
    [
        ("2021-03-01", set()),
        ("2022-06-01", {"redundancySettings", "backupStorageVersion"}),
        ("2022-10-01", {"redundancySettings", "backupStorageVersion", "publicNetworkAccess", "securitySettings"}),
    ],
)
def test_an_api_version_sees_what_it_knows(service, version, seen):
    service.api = version
    shown = service.get(service.vault())["properties"].keys()
    usual = {"provisioningState", "privateEndpointStateForBackup", "privateEndpointStateForSiteRecovery"}
    assert shown == usual | seen


def test_what_an_api_version_does_not_know_it_passes_over(service):
    service.api = "2021-03-01"
    off = {"softDeleteSettings": {"softDeleteState": "Disabled"}}
    assert service.ask("PATCH", service.vault(), {"properties": {"securitySettings": off}}).status == 200
    service.api = "2026-10-01"
    settings = service.get(service.vault())["properties"]["securitySettings"]["softDeleteSettings"]
    assert settings["softDeleteState"] == "Enabled"


def test_policies_and_items_are_seen_by_api_version_too(service):
    service.protect("a")
    assert service.properties("a")["policyType"] == "V1"
    service.api = "2021-07-01"
    assert "policyType" not in service.properties("a")
    policy = service.get(f"{service.vault()}/backupPolicies/DefaultPolicy")
    assert "policyType" not in policy["properties"]


def test_usages_count_items_and_jobs(service):
    service.protect("a")
    usages = {one["name"]["value"]: one for one in service.get(f"{service.vault()}/usages")["value"]}
    assert usages["ProtectedItemCount"]["currentValue"] == 1
    assert usages["InProgressJobsCount"]["currentValue"] == 0
    assert (usages["FailedJobsCount"]["limit"], usages["FailedJobsCount"]["quotaPeriod"]) == (-1, "P1D")
    assert service.get(f"{service.vault()}/replicationUsages") == {"value": []}
    assert service.refused("GET", f"{service.vault('none')}/replicationUsages")[0] == 404


def test_a_name_is_taken_or_free(service):
    path = f"{service.group}/providers/Microsoft.RecoveryServices/locations/japaneast/checkNameAvailability"
    kind = "Microsoft.RecoveryServices/Vaults"
    assert service.ask("POST", path, {"name": "RSV", "type": kind}).body["reason"] == "AlreadyExists"
    assert service.ask("POST", path, {"name": "other", "type": kind}).body == {"nameAvailable": True}
