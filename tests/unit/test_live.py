"""Reading: what the list does not show is asked for, and a vault that is updated is not taken for an empty one."""

import asyncio
from typing import Any

import pytest

from backup_reconciler.azure.errors import NotAllowed
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.live import read_snapshot
from backup_reconciler.spec.arm_id import resource_group_of, vault_id
from backup_reconciler.state.snapshot import Scope, Snapshot
from tests.unit.fakes import Answer, road

VAULT = vault_id("s", "rg", "rsv")


def body(state: str = "Succeeded") -> dict[str, Any]:
    return {"id": VAULT.text, "location": "japaneast", "properties": {"provisioningState": state}}


def not_found(code: str) -> Answer:
    return Answer(404, {"error": {"code": code, "message": "not found"}})


def snapshot(listed: list[dict[str, Any]], vault: Answer) -> tuple[Snapshot, list[str]]:
    def script(request: ArmRequest) -> Answer:
        if request.path == VAULT.text:
            return vault
        return Answer(200, {"value": listed if request.path.endswith("/vaults") else []})

    arm, clients, _ = road(script)
    found = asyncio.run(read_snapshot(arm, Scope(frozenset({VAULT}), frozenset())))
    return found, [request.path.rpartition("/")[2] for request in clients.sent]


def test_a_vault_that_does_not_exist_is_asked_for_by_name() -> None:
    found, sent = snapshot([], not_found("ResourceNotFound"))
    assert (found.vaults, found.missing_groups, sent) == ({}, frozenset(), ["vaults", "rsv"])


def test_the_answer_tells_a_missing_group() -> None:
    found, _ = snapshot([], not_found("ResourceGroupNotFound"))
    assert found.missing_groups == {resource_group_of(VAULT)}


def test_a_vault_that_the_list_does_not_show_is_there_all_the_same() -> None:
    found, sent = snapshot([], Answer(200, body()))
    assert list(found.vaults) == [VAULT]
    assert sent == ["vaults", "rsv", "backupPolicies", "backupProtectedItems"]


def test_a_vault_that_may_not_be_read_is_an_error() -> None:
    with pytest.raises(NotAllowed):
        snapshot([], Answer(403, {"error": {"code": "AuthorizationFailed"}}))


@pytest.mark.parametrize(("state", "read"), [("Provisioning", False), ("Updating", True), ("Failed", True)])
def test_only_a_vault_that_is_being_created_is_not_read(state: str, read: bool) -> None:
    found, sent = snapshot([body(state)], Answer(200, body(state)))
    assert list(found.vaults) == [VAULT]
    assert ("backupPolicies" in sent) is read
