"""Requests that are accepted, and then ignored or late."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from backup_reconciler.sandbox.core.estate import Failure, Fault
from backup_reconciler.sandbox.core.mishaps.copies import copy_of
from tests.conftest import SUBSCRIPTION
from tests.unit.sandbox_writes import FAILURE, WRITES, asked, ended, operation, state, statuses

# ---- accepted, not applied -----------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", WRITES)
def test_ignored_every_write_is_answered_as_always_and_nothing_changes(founded: Any, number: int) -> None:
    plain, ignoring = founded(), founded(ignored=True)
    before = state(ignoring)
    first, second = asked(plain, number), asked(ignoring, number)
    assert first.body == second.body
    assert first.headers == second.headers
    for seconds in (0, 3, 12, 40, 3600, 30 * 24 * 3600):
        plain.later(seconds)
        ignoring.later(seconds)
        ignoring.get(ignoring.vault())
        plain.get(plain.vault())
        assert state(ignoring) == before
        if "Azure-AsyncOperation" in first.headers:
            assert operation(ignoring, second)["status"] == operation(plain, first)["status"]
    assert state(plain) != before, "the write is one that changes something"


def test_ignored_its_jobs_are_completed(founded: Any) -> None:
    service = founded(ignored=True)
    asked(service, 8)
    service.later(31)
    assert statuses(service) == ["InProgress", "Completed"]
    service.later(1)
    assert statuses(service) == ["Completed", "Completed"]
    service.refused("GET", service.item("b"))


def test_ignored_a_backup_runs_through_its_phases_and_leaves_no_recovery_point(founded: Any) -> None:
    service = founded(ignored=True)
    asked(service, 11)
    service.later(1000)
    (job,) = [job for job in service.jobs() if job["operation"] == "Backup"]
    assert job["status"] == "InProgress"
    assert service.properties("a")["protectionState"] == "IRPending"
    service.later(2600)
    assert statuses(service, "Backup") == ["Completed"]
    assert service.properties("a")["lastBackupStatus"] == ""


def test_ignored_a_new_vault_is_nowhere_and_its_operation_succeeds(founded: Any) -> None:
    service = founded(ignored=True)
    response = asked(service, 0)
    assert service.ask("GET", service.vault("new")).status == 404
    service.later(10)
    assert operation(service, response)["status"] == "Succeeded"
    assert service.ask("GET", service.vault("new")).status == 404


def test_ignored_a_cancellation_succeeds_and_the_backup_goes_on(founded: Any) -> None:
    service = founded()
    asked(service, 11)
    service.later(1)
    job = service.get(f"{service.vault()}/backupJobs")["value"][0]
    service.state.estate.faults.append(Fault("*", "*/cancel", ignored=True))
    response = service.ask("POST", f"{service.vault()}/backupJobs/{job['name']}/cancel")
    assert statuses(service, "Backup") == ["InProgress"]
    service.later(10)
    assert operation(service, response)["status"] == "Succeeded"
    service.later(3600)
    assert statuses(service, "Backup") == ["Completed"]
    assert service.properties("a")["lastBackupStatus"] == "Completed"


@pytest.mark.parametrize("fault", [{"ignored": True}, {"operation": Failure(**FAILURE)}, {"late": 600.0}])
def test_an_undeletion_into_another_group_leaves_nothing_there(founded: Any, fault: dict[str, Any]) -> None:
    """The group that the vault would come back to stands in the body, not in the path."""
    service = founded()
    asked(service, 3)
    service.later(10)
    service.get(service.vault())
    locations = f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations/japaneast"
    (gone,) = service.state.estate.deleted_vaults.values()
    gone.purge_at = service.now + timedelta(days=1)
    service.state.estate.faults.append(Fault("*", "*", **fault))
    before = state(service)
    body = {"properties": {"recoveryResourceGroupId": service.group}}
    response = service.ask("POST", f"{locations}/deletedVaults/{gone.name}/undelete", body)
    assert response.status == 202, response
    service.later(10)
    assert operation(service, response)["status"] == ("Failed" if "operation" in fault else "Succeeded")
    assert state(service) == before
    service.later(600)
    assert (service.ask("GET", service.vault("rsv2")).status == 200) is ("late" in fault)


def test_a_copy_holds_copies_of_all_that_its_place_names(open_service: Any, world: Any) -> None:
    """Of the vault's group and of the VM's; of other groups only what is in them, not what that is."""
    group = world()["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg"]
    groups = {"vaults": {"vaults": group["vaults"]}, "rg": {"virtualMachines": group["virtualMachines"]}, "x": group}
    estate = open_service(subscriptions={SUBSCRIPTION: {"resourceGroups": groups}}).state.estate
    container = "backupFabrics/Azure/protectionContainers/IaasVMContainer;iaasvmcontainerv2;RG;a"
    vaults = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/Vaults/providers/Microsoft.RecoveryServices/vaults"
    copied = copy_of(estate, f"{vaults}/rsv/{container}/protectedItems/vm;iaasvmcontainerv2;RG;a")
    assert copied == estate
    mine, its = (one.subscriptions[SUBSCRIPTION].groups for one in (estate, copied))
    assert its["vaults"].vaults["rsv"] is not mine["vaults"].vaults["rsv"]
    assert its["rg"].virtual_machines["a"] is not mine["rg"].virtual_machines["a"]
    assert its["x"].vaults["rsv"] is mine["x"].vaults["rsv"]
    its["x"].vaults.clear()
    its["x"].network.setdefault("virtualNetworks", {}).clear()
    assert "rsv" in mine["x"].vaults
    assert copied != estate


@pytest.mark.parametrize("fault", [{"slow": 10.0}, {"late": 600.0}])
def test_what_waits_for_a_date_keeps_it(founded: Any, fault: dict[str, Any]) -> None:
    """The purge of an item in a vault that comes back late, or slowly, has its day as before."""
    service = founded()
    service.protect("b", vault="rsv2")
    service.ask("DELETE", service.item("b", "rsv2"))
    service.later(60)
    assert service.ask("DELETE", service.vault("rsv2")).status == 202
    service.later(10)
    service.get(service.vault())
    (gone,) = service.state.estate.deleted_vaults.values()
    (deleted,) = (item.deleted for item in gone.vault.items.values())
    service.state.estate.faults.append(Fault("*", "*", **fault))
    locations = f"/subscriptions/{service.subscription}/providers/Microsoft.RecoveryServices/locations/japaneast"
    body = {"properties": {"recoveryResourceGroupId": service.group}}
    assert service.ask("POST", f"{locations}/deletedVaults/{gone.name}/undelete", body).status == 202
    service.later(1000)
    service.get(service.vault("rsv2"))
    assert [(effect.kind, effect.due, effect.fate) for effect in service.state.estate.effects] == [
        ("purge", deleted + timedelta(days=14), "done")
    ]


def test_what_would_be_refused_is_refused(founded: Any) -> None:
    for fault in ({"ignored": True}, {"late": 60}, {"operation": FAILURE}, {"slow": 3}):
        service = founded(**fault)
        before = state(service)
        assert service.ask("PUT", service.item("nowhere"), service.configure("nowhere")).status == 400
        service.later(3600)
        service.get(service.vault())
        assert state(service) == before


def test_what_is_really_asked_meanwhile_is_done(founded: Any) -> None:
    service = founded(ignored=True, times=1)
    asked(service, 8)
    service.refused("PUT", service.item("b"), service.configure("b"))  # its operation seems to be under way
    service.later(32)
    service.protect("b")
    assert service.properties("b")["protectionState"] == "IRPending"


# ---- late ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", WRITES)
def test_late_it_seems_done_and_is_done_so_many_seconds_later(founded: Any, number: int) -> None:
    plain, late, ignoring = founded(), founded(late=600), founded(ignored=True)
    before = state(late)
    answers = [asked(service, number) for service in (plain, late, ignoring)]
    assert answers[0].body == answers[1].body
    takes = {0: 10, 3: 10, 6: 45, 8: 32, 9: 13, 10: 60, 11: 3600, 12: 2, 13: 40, 15: 3}.get(number, 0)
    for service in (plain, late, ignoring):
        service.later(takes + 599)
        service.get(service.vault())
    assert state(late) == before
    assert len(late.jobs()) == len(plain.jobs()), "it shows the papers that it should"
    for service in (plain, late):
        service.later(1)
        service.get(service.vault())
    assert ended(late) == ended(plain)
    assert len(late.jobs()) == len(plain.jobs()), "being done late, it leaves no papers of its own"
    assert late.state.estate.postponed == {}


def test_late_what_the_service_would_refuse_by_then_never_comes(founded: Any) -> None:
    service = founded(late=600, times=1)
    asked(service, 8)
    service.later(40)
    service.put(service.item("b", "rsv2"), service.configure("b", vault="rsv2"), 202)
    service.later(3600)
    assert service.properties("b", "rsv2")["protectionState"] == "IRPending"
    assert service.ask("GET", service.item("b")).status == 404


def test_late_it_is_kept_between_two_runs_without_its_token(founded: Any, world: Any, tmp_path: Any) -> None:
    from backup_reconciler.sandbox.core import Request, handle
    from backup_reconciler.sandbox.state import load_state, save_state, state_path
    from backup_reconciler.sandbox.world_file import parse_world

    service, described = founded(late=600), parse_world(world())
    headers = {"authorization": "Bearer secret", "x-ms-client-request-id": "mine"}
    request = Request("PATCH", service.vault(), {"api-version": service.api}, headers, {"tags": {"a": "b"}})
    handle(service.state.estate, request, service.now, service.state.rng)
    asked(service, 8)
    world_file = tmp_path / "late.world.yaml"
    save_state(world_file, described, service.state)
    assert "secret" not in state_path(world_file).read_text()
    service.state = load_state(world_file, described)
    service.later(700)
    assert service.get(service.vault())["tags"] == {"a": "b"}
    assert service.properties("b")["protectionState"] == "IRPending"
