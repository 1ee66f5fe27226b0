"""Management locks: what they hold, what inherits them, and the resource itself."""

from __future__ import annotations

import pytest

from backup_reconciler.sandbox.core.authorization.locks import locked
from backup_reconciler.sandbox.world_file import parse_world

API = "2020-05-01"


@pytest.fixture
def locks(service):
    """Where the locks of a scope are."""
    return lambda scope: f"{scope}/providers/Microsoft.Authorization/locks"


def lock(service, scope, level="CanNotDelete", name="keep", status=201):
    path = f"{scope}/providers/Microsoft.Authorization/locks/{name}"
    return service.put(path, {"properties": {"level": level}}, status).body


def test_a_lock_is_made_read_changed_and_removed(service, locks):
    path = f"{locks(service.group)}/keep"
    made = service.put(path, {"properties": {"level": "cannotdelete", "notes": "prod"}}, 201).body
    assert made == {
        "properties": {"level": "CanNotDelete", "notes": "prod"},
        "id": path,
        "type": "Microsoft.Authorization/locks",
        "name": "keep",
    }
    assert service.get(path) == made
    assert service.put(path, {"properties": {"level": "ReadOnly"}}).body["properties"] == {"level": "ReadOnly"}
    assert service.ask("DELETE", path).status == 200
    assert service.ask("DELETE", path).status == 204
    assert service.refused("GET", path) == (404, "LockNotFound")
    assert service.state.estate.access.locks == {}


@pytest.mark.parametrize("level", ["CanNotDelete", "ReadOnly"])
def test_nothing_under_a_lock_is_deleted(service, level):
    lock(service, service.group, level)
    response = service.ask("DELETE", service.vault())
    assert response.status == 409
    assert response.headers["x-ms-failure-cause"] == "gateway"
    assert response.body["error"] == {
        "code": "ScopeLocked",
        "message": f"The scope '{service.vault()}' cannot perform delete operation because following scope(s) are "
        f"locked: '{service.group}'. Please remove the lock and try again.",
    }
    assert service.get(service.vault())["name"] == "rsv"


def test_what_may_not_be_deleted_may_be_changed(service):
    lock(service, service.vault())
    assert service.ask("PATCH", service.vault(), {"tags": {"a": "b"}}).status == 200
    service.protect("a")
    assert service.refused("DELETE", service.item("a")) == (409, "ScopeLocked")


def test_what_is_read_only_is_only_read(service):
    service.protect("a")
    lock(service, service.vault(), "ReadOnly")
    assert service.get(service.vault())["name"] == "rsv"
    assert service.names(f"{service.vault()}/backupPolicies")
    for method, path in (
        ("PATCH", service.vault()),
        ("PUT", f"{service.vault()}/backupPolicies/new"),
        ("PUT", service.item("b")),
        ("DELETE", service.item("a")),
        ("POST", f"{service.item('a')}/backup"),
    ):
        assert service.refused(method, path, {}) == (409, "ScopeLocked"), path
    assert service.ask("PATCH", service.vault("rsv2"), {"tags": {}}).status == 200  # its neighbour is not locked


def test_an_action_is_refused_as_a_write(service):
    service.protect("a")
    lock(service, service.group, "ReadOnly")
    message = service.ask("POST", f"{service.item('a')}/backup", {}).body["error"]["message"]
    assert "cannot perform write operation" in message


def test_a_lock_inside_keeps_what_is_around_it(service):
    service.protect("a")
    lock(service, service.item("a"))
    assert service.refused("DELETE", service.vault()) == (409, "ScopeLocked")
    assert service.ask("PATCH", service.vault(), {"tags": {}}).status == 200


def test_a_lock_without_a_level_holds_nothing(service):
    lock(service, service.group, "NotSpecified")
    assert service.ask("DELETE", service.vault("rsv2")).status == 202
    assert locked(service.state.estate, service.vault()) is None


def test_locks_never_hold_locks(service, locks):
    lock(service, service.group, "ReadOnly")
    lock(service, service.group, "CanNotDelete", "second")
    assert service.ask("DELETE", f"{locks(service.group)}/keep").status == 200


def test_a_list_has_the_locks_at_above_and_below(service, locks):
    subscription = f"/subscriptions/{service.subscription}"
    lock(service, subscription, name="above")
    lock(service, service.group, name="at")
    lock(service, service.vault(), name="below")
    assert service.names(locks(service.group)) == ["above", "at", "below"]
    assert service.names(locks(service.group), filter="atScope()") == ["above", "at"]
    assert service.names(locks(service.vault())) == ["above", "at", "below"]
    assert service.names(locks(subscription)) == ["above", "at", "below"]
    assert service.names(locks(service.vm("a"))) == ["above", "at"]
    assert service.refused("GET", locks(service.group), filter="level eq 'ReadOnly'")[0] == 400


@pytest.mark.parametrize(
    ("scope", "refusal"),
    [
        ("/subscriptions/nope", (404, "SubscriptionNotFound")),
        ("{subscription}/resourceGroups/nope", (404, "ResourceGroupNotFound")),
        ("{group}/providers/Microsoft.Compute/virtualMachines/nope", (404, "ResourceNotFound")),
        ("{group}/providers/Microsoft.RecoveryServices/vaults/nope", (404, "ResourceNotFound")),
        ("{group}/providers/Microsoft.Compute/virtualMachines", (400, "InvalidScope")),
        ("{group}/providers", (400, "InvalidScope")),
        ("/providers/Microsoft.Management/managementGroups/g", (400, "InvalidScope")),
    ],
)
def test_a_lock_needs_something_to_lock(service, locks, scope, refusal):
    scope = scope.format(subscription=f"/subscriptions/{service.subscription}", group=service.group)
    body = {"properties": {"level": "ReadOnly"}}
    assert service.refused("PUT", f"{locks(scope)}/keep", body) == refusal


@pytest.mark.parametrize(
    ("name", "properties", "code"),
    [
        ("keep", {}, "InvalidLock"),
        ("keep", {"level": "Everything"}, "InvalidLock"),
        ("keep", {"level": ["ReadOnly"]}, "InvalidLock"),
        ("keep", {"level": "ReadOnly", "notes": "x" * 513}, "InvalidLock"),
        ("keep", {"level": "ReadOnly", "notes": 7}, "InvalidRequestContent"),
        ("ke<ep", {"level": "ReadOnly"}, "InvalidLockName"),
    ],
)
def test_a_bad_lock_is_refused(service, locks, name, properties, code):
    assert service.refused("PUT", f"{locks(service.group)}/{name}", {"properties": properties}) == (400, code)
    assert service.names(locks(service.group)) == []


def test_the_strictest_lock_counts(service):
    estate = service.state.estate
    assert locked(estate, service.vault()) is None
    lock(service, f"/subscriptions/{service.subscription}")
    assert locked(estate, service.vault().upper()) == "CanNotDelete"
    lock(service, service.vault(), "ReadOnly")
    assert locked(estate, service.item("a")) == "ReadOnly"
    assert locked(estate, service.group) == "CanNotDelete"


def test_a_world_states_locks_at_every_level(world, open_service):
    described = world()
    (subscription,) = described["subscriptions"].values()
    group = subscription["resourceGroups"]["rg"]
    subscription["locks"] = {"all": {"level": "NotSpecified"}}
    group["locks"] = {"group": {"notes": "why"}}
    group["virtualMachines"]["a"] = {"location": "japaneast", "locks": {"vm": {"level": "ReadOnly"}}}
    group["vaults"]["rsv"] = {"location": "japaneast", "locks": {"vault": {"level": "CanNotDelete"}}}
    service = open_service(subscriptions=described["subscriptions"])
    listed = service.get(f"{service.group}/providers/Microsoft.Authorization/locks")["value"]
    assert {one["name"]: one["properties"]["level"] for one in listed} == {
        "all": "NotSpecified",
        "group": "CanNotDelete",
        "vm": "ReadOnly",
        "vault": "CanNotDelete",
    }
    assert service.refused("DELETE", service.vault("rsv2")) == (409, "ScopeLocked")


def test_two_locks_of_one_name_are_a_mistake_of_the_world(world):
    described = world()
    (subscription,) = described["subscriptions"].values()
    subscription["resourceGroups"]["rg"]["locks"] = {"keep": {}, "KEEP": {}}
    with pytest.raises(Exception, match=r"locks\.KEEP: is the same name as 'keep' to Azure"):
        parse_world(described)
