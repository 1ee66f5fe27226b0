"""Resource Guards: what they let pass once they are asked."""

from __future__ import annotations

from typing import Any

import pytest

GUARD = "/subscriptions/g/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"
WRITTEN = GUARD.replace("resourceGroups", "resourcegroups")
OFF = {"softDeleteSettings": {"softDeleteState": "Disabled"}}


def request(kind: str) -> str:
    return f"{WRITTEN}/{kind}/default"


@pytest.fixture
def guarded(open_service: Any, world: Any) -> Any:
    """A vault under a guard, with one item."""

    def opened(**guard: Any) -> Any:
        subscriptions = world()["subscriptions"]
        (subscription,) = subscriptions.values()
        subscription["resourceGroups"]["rg"]["vaults"]["rsv"] = {
            "location": "japaneast",
            "resourceGuard": {"id": GUARD, **guard},
            "protectedItems": [{"vm": "rg/a", "policy": "DefaultPolicy"}],
        }
        return open_service(subscriptions=subscriptions)

    return opened


def unlock(service: Any, kind: str, resource: str | None = None) -> Any:
    body = {"resourceGuardOperationRequests": [request(kind)]}
    if resource:
        body["resourceToBeDeleted"] = resource
    return service.ask("POST", f"{service.vault()}/backupResourceGuardProxies/VaultProxy/unlockDelete", body)


def test_the_tie_is_read_as_recorded(guarded):
    service = guarded()
    (proxy,) = service.get(f"{service.vault()}/backupResourceGuardProxies")["value"]
    assert proxy == service.get(f"{service.vault()}/backupResourceGuardProxies/VaultProxy")
    assert proxy["type"] == "Microsoft.RecoveryServices/vaults/backupResourceGuardProxies"
    assert proxy["properties"]["resourceGuardResourceId"] == WRITTEN
    details = proxy["properties"]["resourceGuardOperationDetails"]
    assert len(details) == 14
    assert details[0] == {
        "vaultCriticalOperation": (
            "Microsoft.RecoveryServices/vaults/backupFabrics/protectionContainers/protectedItems/delete"
        ),
        "defaultResourceRequest": request("deleteProtectedItemRequests"),
    }
    vault = service.get(service.vault())
    assert vault["properties"]["securitySettings"]["multiUserAuthorization"] == "Enabled"


def test_a_write_that_names_the_guards_request_is_taken(guarded):
    service = guarded()
    change = {"securitySettings": OFF, "resourceGuardOperationRequests": [request("disableSoftDeleteRequests").upper()]}
    vault = service.ask("PATCH", service.vault(), {"properties": change})
    assert vault.status == 200
    assert "resourceGuardOperationRequests" not in vault.body["properties"]


def test_a_write_that_weakens_nothing_needs_no_guard(guarded):
    service = guarded()
    longer = {"softDeleteSettings": {"softDeleteRetentionPeriodInDays": 30}}
    assert service.ask("PATCH", service.vault(), {"properties": {"securitySettings": longer}}).status == 200
    service.put(service.item("a"), service.configure("a", "EnhancedPolicy"), 202)


def test_a_guard_watches_over_what_it_says_and_what_every_guard_does(guarded):
    service = guarded(protects=[])
    assert service.ask("DELETE", service.item("a")).status == 202
    assert service.ask("PATCH", service.vault(), {"properties": {"securitySettings": OFF}}).status == 403
    proxy = service.get(f"{service.vault()}/backupResourceGuardProxies/VaultProxy")
    assert len(proxy["properties"]["resourceGuardOperationDetails"]) == 2


def test_a_deletion_is_unlocked_for_half_an_hour(guarded):
    service = guarded()
    unlocked = unlock(service, "deleteProtectedItemRequests", service.item("a"))
    assert unlocked.body == {"unlockDeleteExpiryTime": "2026-11-23T08:30:00Z"}
    service.later(30 * 60)
    assert service.ask("DELETE", service.item("a")).status == 403
    unlock(service, "deleteProtectedItemRequests", service.item("a"))
    assert service.ask("DELETE", service.item("a")).status == 202


def test_what_was_unlocked_is_one_item(guarded):
    service = guarded()
    unlock(service, "deleteProtectedItemRequests", service.item("b"))
    assert service.ask("DELETE", service.item("a")).status == 403


def test_unlocking_names_the_right_request(guarded):
    service = guarded()
    wrong = unlock(service, "deleteResourceGuardProxyRequests", service.item("a"))
    assert (wrong.status, wrong.body["error"]["code"]) == (400, "InvalidRestApiParameter")


def test_a_vault_is_freed(guarded):
    service = guarded()
    proxy = f"{service.vault()}/backupResourceGuardProxies/VaultProxy"
    assert unlock(service, "deleteResourceGuardProxyRequests").status == 200
    freed = service.ask("DELETE", proxy)
    assert (freed.status, freed.body) == (200, {})
    assert service.ask("DELETE", proxy).status == 204
    assert service.get(f"{service.vault()}/backupResourceGuardProxies") == {"value": []}
    vault = service.get(service.vault())
    assert vault["properties"]["securitySettings"]["multiUserAuthorization"] == "Disabled"


def test_a_vault_comes_under_a_guard(service):
    proxy = f"{service.vault()}/backupResourceGuardProxies/VaultProxy"
    tied = service.put(proxy, {"properties": {"resourceGuardResourceId": GUARD}})
    assert tied.body["properties"]["lastUpdatedTime"] == "2026-11-23T08:00:00Z"
    assert service.put(proxy, {"properties": {"resourceGuardResourceId": GUARD}}).body == tied.body
    assert service.refused("PUT", proxy, {"properties": {"resourceGuardResourceId": GUARD[:-1] + "X"}})[0] == 403


def test_a_guard_in_another_tenant_wants_a_second_token(guarded):
    service = guarded(otherTenant=True)
    body = {"resourceGuardOperationRequests": [request("deleteResourceGuardProxyRequests")]}
    path = f"{service.vault()}/backupResourceGuardProxies/VaultProxy/unlockDelete"
    assert service.refused("POST", path, body) == (403, "LinkedAuthorizationFailed")
    service.headers = {"x-ms-authorization-auxiliary": "Bearer x"}
    assert service.ask("POST", path, body).status == 200
