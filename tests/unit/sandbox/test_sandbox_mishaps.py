"""Requests that are accepted and then ignored, late, failed or slow; lists that change while they are paged."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qsl

import pytest

from backup_reconciler.sandbox.core.estate import Failure, Fault
from backup_reconciler.sandbox.core.mishaps.copies import copy_of
from tests.conftest import SUBSCRIPTION, daily_policy

PUT_ITEM = {"method": "PUT", "path": "*/protectedItems/*"}
FAILURE = {"code": "CloudInternalError", "message": "Microsoft Azure Backup encountered an internal error."}
GRAPH = "/providers/Microsoft.ResourceGraph/resources"


def operation(service: Any, response: Any) -> dict[str, Any]:
    """The operation as its status link shows it now."""
    path, _, query = response.headers["Azure-AsyncOperation"].partition("://box")[2].partition("?")
    version = query.partition("api-version=")[2].partition("&")[0]
    found: dict[str, Any] = service.ask("GET", f"{path}?api-version={version}").body
    return found


def state(service: Any) -> str:
    """All that exists, but for papers: operations, jobs and what is to come for them. As text: soon compared."""
    estate = copy.deepcopy(service.state.estate)
    for vault in estate.vaults():
        vault.operations, vault.jobs, vault.runs = {}, {}, {}
    return repr((estate.subscriptions, estate.holders, estate.access))


def statuses(service: Any, *jobs: str) -> list[str]:
    return [job["status"] for job in service.jobs() if job["operation"] in (jobs or (job["operation"],))]


NEW_VAULT = {"location": "japaneast", "sku": {"name": "Standard"}}
BACKUP = {"properties": {"objectType": "IaasVMBackupRequest"}}


def all_writes(service: Any) -> list[tuple[str, str, Any, int]]:
    """A write of every sort, and the status it is answered with; VM `a` and policy `mine` are there, VM `b` is not
    protected yet."""
    vault = service.vault()
    stop = {**service.configure("a")["properties"], "protectionState": "ProtectionStopped", "policyId": ""}
    return [
        ("PUT", service.vault("new"), NEW_VAULT, 201),
        ("PUT", vault, {**NEW_VAULT, "tags": {"a": "b"}}, 200),
        ("PATCH", vault, {"tags": {"a": "b"}}, 200),
        ("DELETE", service.vault("rsv2"), None, 202),
        ("PATCH", f"{vault}/backupconfig/vaultconfig", {"properties": {"softDeleteFeatureState": "Disabled"}}, 200),
        ("PUT", f"{vault}/backupPolicies/other", {"properties": daily_policy(40)}, 200),
        ("PUT", f"{vault}/backupPolicies/mine", {"properties": daily_policy(60)}, 202),
        ("DELETE", f"{vault}/backupPolicies/unused", None, 200),
        ("PUT", service.item("b"), service.configure("b"), 202),
        ("PUT", service.item("a"), {"properties": stop}, 202),
        ("DELETE", service.item("a"), None, 202),
        ("POST", f"{service.item('a')}/backup", BACKUP, 202),
        ("PATCH", service.vm("b"), {"tags": {"a": "b"}}, 200),
        ("POST", f"{service.vm('b')}/deallocate", None, 202),
        (
            "PUT",
            f"{service.group}/providers/Microsoft.Authorization/locks/l",
            {"properties": {"level": "ReadOnly"}},
            201,
        ),
        ("PUT", f"{service.group}/providers/Microsoft.Network/networkSecurityGroups/n", {"location": "japaneast"}, 201),
    ]


WRITES = range(16)


@pytest.fixture
def founded(open_service: Any) -> Any:
    """A service in which VM `a` is protected by `mine`, and whose faults come after that."""

    def opened(**fault: Any) -> Any:
        service = open_service(
            schedules=False, faults=[{"path": "*", "from": "2026-11-23T09:00:00Z", **fault}] if fault else []
        )
        for name in ("mine", "unused"):
            service.put(f"{service.vault()}/backupPolicies/{name}", {"properties": daily_policy(30)})
        service.protect("a", "mine")
        service.now = service.state.clock + timedelta(hours=1)
        service.get(service.vault())
        return service

    return opened


def asked(service: Any, number: int) -> Any:
    method, path, body, status = all_writes(service)[number]
    service.api = "2020-05-01" if "locks" in path else "2026-10-01"
    response = service.ask(method, path, body)
    service.api = "2026-10-01"
    assert response.status == status, response
    return response


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
    service.get(service.vault())
    (deleted,) = [
        item.deleted for vault in service.state.estate.vaults() for item in vault.items.values() if item.deleted
    ]
    assert [effect.kind for effect in service.state.estate.effects] == ["purge"]
    assert service.ask("DELETE", service.vault("rsv2")).status == 202
    service.later(10)
    service.get(service.vault())
    (gone,) = service.state.estate.deleted_vaults.values()
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


def ended(service: Any) -> str:
    """What there is when all is done, without the moments at which it was."""

    def timeless(value: Any) -> Any:
        if isinstance(value, dict):
            return {key: timeless(part) for key, part in value.items() if key not in _MOMENTS}
        return value

    estate = service.state.estate
    items = [
        {key: part for key, part in vars(item).items() if key not in _MOMENTS and key != "data_id"}
        for vault in estate.vaults()
        for item in vault.items.values()
    ]
    vaults = {vault.key: (timeless(vault.properties), vault.tags, sorted(vault.policies)) for vault in estate.vaults()}
    policies = [policy.properties for vault in estate.vaults() for policy in vault.policies.values()]
    vms = [(vm.name, vm.power, vm.tags) for group in estate.groups() for vm in group.virtual_machines.values()]
    networks = [(group.name, {kind: sorted(held) for kind, held in group.network.items()}) for group in estate.groups()]
    return repr((items, vaults, policies, vms, networks, sorted(estate.holders.items()), estate.access))


_MOMENTS = {"deleted", "last_backup_time", "recovery_points", "snapshots", "asked_for"}


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


# ---- failing operations --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", [6, 8, 9, 10, 11])
def test_an_operation_fails_and_its_jobs_with_it(founded: Any, number: int) -> None:
    service = founded(operation=FAILURE)
    before = state(service)
    response = asked(service, number)
    service.later(60)
    found = operation(service, response)
    assert found["status"] == "Failed"
    assert found["error"] == FAILURE
    job = service.jobs()[0]
    assert job["status"] == "Failed"
    assert job["errorDetails"][0]["errorTitle"] == FAILURE["code"]
    service.later(7200)
    assert len([one for one in service.jobs() if one["status"] == "Failed"]) == 1
    assert state(service) == before


def test_a_vault_whose_creation_failed_is_there_and_says_so(founded: Any) -> None:
    service = founded(operation=FAILURE)
    response = asked(service, 0)
    assert service.get(service.vault("new"))["properties"]["provisioningState"] == "Provisioning"
    service.later(10)
    assert operation(service, response)["error"] == FAILURE
    assert service.get(service.vault("new"))["properties"]["provisioningState"] == "Failed"
    link = response.headers["Azure-AsyncOperation"].partition("://box")[2].partition("?")[0]
    path = link.replace("operationStatus", "operationResults")
    assert service.refused("GET", path) == (400, FAILURE["code"])


def test_a_vault_whose_deletion_failed_stays(founded: Any) -> None:
    service = founded(operation=FAILURE)
    response = asked(service, 3)
    service.later(10)
    assert operation(service, response)["status"] == "Failed"
    assert service.get(service.vault("rsv2"))["properties"]["provisioningState"] == "Succeeded"


@pytest.mark.parametrize("number", [12, 13, 15])
def test_an_operation_of_compute_or_of_the_network_fails(founded: Any, number: int) -> None:
    service = founded(operation=FAILURE)
    before = state(service)
    response = asked(service, number)
    service.later(60)
    found = operation(service, response)
    assert found["status"] == "Failed"
    assert found["error"].items() >= FAILURE.items()
    assert state(service) == before


@pytest.mark.parametrize("number", [1, 2, 4, 5, 7, 14])
def test_what_begins_no_operation_has_none_to_fail(founded: Any, number: int) -> None:
    service, plain = founded(operation=FAILURE), founded()
    asked(service, number)
    asked(plain, number)
    assert ended(service) == ended(plain)


# ---- slow ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "seconds"), [(0, 10), (6, 45), (8, 32), (9, 13), (10, 60), (13, 40), (15, 3)])
def test_slow_an_operation_takes_so_many_times_as_long(founded: Any, number: int, seconds: int) -> None:
    service = founded(slow=10)
    response = asked(service, number)
    service.later(seconds * 10 - 1)
    assert operation(service, response)["status"] == "InProgress"
    service.later(1)
    assert operation(service, response)["status"] == "Succeeded"


def test_slow_a_backup_drags_on(founded: Any) -> None:
    service = founded(slow=2)
    asked(service, 11)
    service.later(3600)
    assert statuses(service, "Backup") == ["InProgress"]
    service.later(3600)
    assert statuses(service, "Backup") == ["Completed"]


# ---- pages ---------------------------------------------------------------------------------------------------------


def pages(service: Any, path: str) -> list[list[str]]:
    found: list[list[str]] = []
    more: dict[str, str] = {}
    while len(found) < 9:
        body = service.get(path, **more)
        found.append([one["name"] for one in body["value"]])
        if "nextLink" not in body:
            break
        more = {"skiptoken": dict(parse_qsl(body["nextLink"]))["$skipToken"]}
    return found


@pytest.mark.parametrize(
    ("fault", "found"),
    [
        ({}, [["a", "b"], ["c", "far"], ["broken"]]),
        ({"pages": "repeat"}, [["a", "b"], ["b", "c"], ["c", "far"], ["far", "broken"]]),
        ({"pages": "skip"}, [["a", "b"], ["far", "broken"]]),
        ({"pages": "repeat", "times": 1}, [["a", "b"], ["b", "c"], ["far", "broken"]]),
        ({"pages": "skip", "skip": 1}, [["a", "b"], ["c", "far"], []]),
    ],
)
def test_a_list_that_changes_between_its_pages(open_service: Any, fault: dict[str, Any], found: Any) -> None:
    faults = [{"path": "*/virtualMachines", **fault}] if fault else []
    service = open_service(pageSize=2, faults=faults)
    assert pages(service, f"{service.group}/providers/Microsoft.Compute/virtualMachines") == found


@pytest.mark.parametrize(("kind", "second"), [("repeat", ["b", "broken"]), ("skip", ["c", "far"])])
def test_the_rows_of_a_query_that_change_between_its_pages(open_service: Any, kind: str, second: list[str]) -> None:
    service = open_service(graphPageSize=2, faults=[{"path": GRAPH, "pages": kind}])
    query: dict[str, Any] = {"query": "resources | where type =~ 'microsoft.compute/virtualmachines'"}
    first = service.ask("POST", GRAPH, query).body
    assert [row["name"] for row in first["data"]] == ["a", "b"]
    query["options"] = {"$skipToken": first["$skipToken"]}
    assert [row["name"] for row in service.ask("POST", GRAPH, query).body["data"]] == second


def test_a_token_that_is_none_is_refused_as_always(open_service: Any) -> None:
    service = open_service(faults=[{"path": "*", "pages": "repeat"}])
    assert service.refused("GET", f"{service.vault()}/backupJobs", skiptoken="!")[0] == 400


# ---- when they strike ----------------------------------------------------------------------------------------------


def struck(service: Any, count: int, path: str = "/subscriptions") -> list[bool]:
    return [service.ask("GET", path).status == 503 for _ in range(count)]


def test_with_a_rate_it_strikes_about_so_often_and_by_the_seed(open_service: Any) -> None:
    def run(seed: int) -> list[bool]:
        return struck(open_service(seed=seed, faults=[{"path": "*", "status": 503, "rate": 0.2}]), 1000)

    first = run(1)
    assert 150 < sum(first) < 250
    assert first == run(1) != run(2)


def test_a_rate_counts_only_in_its_turns(open_service: Any) -> None:
    fault = {"path": "*", "status": 503, "rate": 1, "skip": 2, "times": 3}
    assert struck(open_service(faults=[fault]), 7) == [False, False, True, True, True, False, False]


def test_a_fault_without_a_rate_draws_nothing(open_service: Any) -> None:
    plain, faulty = open_service(), open_service(faults=[{"path": "*", "status": 503, "skip": 9}])
    assert plain.ask("GET", "/subscriptions") == faulty.ask("GET", "/subscriptions")


def test_it_strikes_from_a_moment_on_and_until_another(open_service: Any) -> None:
    fault = {"path": "*", "status": 503, "from": "2026-11-23T08:00:10Z", "until": "2026-11-23T08:00:20Z", "skip": 1}
    service = open_service(faults=[fault])
    found = []
    for _ in range(5):
        found += struck(service, 1)
        service.later(5)
    assert found == [False, False, False, True, False], "what comes too early is not counted"


@pytest.mark.parametrize("fault", [{"ignored": True}, {"late": 5}, {"operation": FAILURE}, {"slow": 2}])
def test_reading_neither_meets_nor_counts_what_only_a_write_can_meet(open_service: Any, fault: Any) -> None:
    service = open_service(faults=[{"path": "*", **fault, "times": 1}])
    service.get(service.vault())
    assert service.state.estate.faults[0].met == 0
    service.put(service.item("a"), service.configure("a"), 202)
    assert service.state.estate.faults[0].met == 1


def test_the_first_that_strikes_decides(open_service: Any) -> None:
    service = open_service(faults=[{**PUT_ITEM, "ignored": True, "times": 1}, {**PUT_ITEM, "status": 500, "times": 2}])
    asked = [service.ask("PUT", service.item(vm), service.configure(vm)).status for vm in ("a", "b", "c")]
    assert asked == [202, 500, 202]
