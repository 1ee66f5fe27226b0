"""Every verb on a VM's backup is done when Azure shows it as wished: not when it says so, and not by half."""

from collections import Counter
from typing import Any

import pytest

from tests.conftest import (
    Cli,
    Estate,
    assignment,
    daily_policy,
    interrupt_at,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)

CONSENT = ("--auto-approve", "--allow-destructive", "--allow-one-way")

# By VM, of the name of the verb: how it is found, and what is wished for it.
FOUND: dict[str, dict[str, Any] | None] = {
    "protect": None,
    "resume": {"state": "ProtectionStopped"},
    "changepolicy": {"policy": "other"},
    "changedisks": {"policy": "daily"},
    "stop": {"policy": "daily"},
    "deletedata": {"state": "ProtectionStopped"},
    "undelete": {"state": "SoftDeleted"},
    "suspend": {"policy": "daily"},
}
WISHED: dict[str, dict[str, Any]] = {
    "protect": {},
    "resume": {},
    "changepolicy": {},
    "changedisks": {"disks": {"exclude": [1]}},
    "stop": {"protection": "stopped"},
    "deletedata": {
        "protection": "deleted",
        "approval": {"by": "Ada", "reason": "x", "expires": "2099-12-31", "vms": [vm_id("deletedata")]},
    },
    "undelete": {"protection": "stopped"},
    "suspend": {"vault": "rsv-immutable", "protection": "suspended"},
}
STILL = {
    "protect": "the VM still reads not protected",
    "resume": "protection still reads stopped instead of active; policy still reads nothing instead of daily",
    "changepolicy": "policy still reads other instead of daily",
    "changedisks": 'disks still reads all instead of {"exclude": [1]}',
    "stop": "protection still reads active instead of stopped",
    "deletedata": "protection still reads stopped instead of deleted",
    "undelete": "protection still reads deleted instead of stopped",
    "suspend": "protection still reads active instead of suspended",
}


def declared(estate: Estate, **world_: Any) -> None:
    """A VM for each verb; suspending is for the vault that is immutable."""
    policies = {"daily": daily_policy(30), "other": daily_policy(30)}
    items = {name: {"vm": f"rg-web/{name}", **item} for name, item in FOUND.items() if item is not None}
    suspended = [items.pop("suspend")]
    live = {"location": "japaneast", "policies": policies, "protectedItems": list(items.values())}
    immutable = {**live, "immutability": "Unlocked", "protectedItems": suspended}
    estate.exists(**world(vms(*FOUND), {"rsv": live, "rsv-immutable": immutable}, **world_))
    wishes = [assignment(name, select={"names": [name]}, **spec) for name, spec in WISHED.items()]
    estate.declare("all", vault(), vault("rsv-immutable"), policy(vaults="all"), *wishes)


def test_each_verb_is_tried(estate: Estate, cli: Cli) -> None:
    declared(estate)
    plan = planned(estate, cli)
    assert sorted(one["verb"].casefold() for one in plan["actions"]) == sorted(FOUND)
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
    assert planned(estate, cli)["actions"] == []


def test_what_azure_took_and_did_not_do_is_told_field_by_field(estate: Estate, cli: Cli) -> None:
    declared(estate, faults=[{"path": "*/protectedItems/*", "ignored": True}])
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3
    for name, still in STILL.items():
        assert f"VM {name} in" in told.text
        assert f"accepted, not applied: Azure took the change, and {still}" in told.text
    assert f"Apply: {len(FOUND)} failed" in told.text
    assert len(planned(estate, cli)["actions"]) == len(FOUND), "nothing was done"


@pytest.mark.parametrize(("late", "status"), [(45, 0), (600, 3)])
def test_what_comes_late_is_waited_for_and_taken_up_by_another_run(
    estate: Estate, cli: Cli, late: int, status: int
) -> None:
    declared(estate, faults=[{"path": "*/protectedItems/*", "late": late}])
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert (told.status, "accepted, not applied" in told.text) == (status, bool(status)), told.out


# ---- two steps of one VM -------------------------------------------------------------------------------------------


def two_steps(estate: Estate) -> None:
    """One VM that is brought back and resumed, and one that is stopped and deleted."""
    items = [{"vm": "rg-web/back", "state": "SoftDeleted"}, {"vm": "rg-web/gone", "policy": "daily"}]
    live = {"location": "japaneast", "policies": {"daily": daily_policy(30)}, "protectedItems": items}
    estate.exists(**world(vms("back", "gone"), {"rsv": live}))
    approval = {"by": "Ada", "reason": "x", "expires": "2099-12-31", "vms": [vm_id("gone")]}
    deleted = assignment("gone", select={"names": ["gone"]}, protection="deleted", approval=approval)
    estate.declare("all", vault(), policy(), assignment("back", select={"names": ["back"]}), deleted)


@pytest.mark.parametrize(
    ("number", "method", "containing"),
    [
        (1, "PUT", "back"),
        (2, "PUT", "back"),
        (1, "PUT", "gone"),
        (1, "DELETE", "gone"),
        (3, "GET", "/backupProtectedItems"),  # while the first steps are watched
    ],
)
def test_a_run_that_was_stopped_between_two_steps_is_taken_up(
    estate: Estate, cli: Cli, number: int, method: str, containing: str
) -> None:
    two_steps(estate)
    interrupt_at(estate, number, method, containing)
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 130
    estate.on_exchange = lambda _: None
    again = cli("apply", *estate.sandboxed, *CONSENT)
    assert again.status == 0, again.out + again.err
    assert planned(estate, cli)["actions"] == []
    sent = Counter((seen.method, seen.path.rpartition(";")[2]) for seen in estate.writes())
    assert sent == {("PUT", "back"): 2, ("PUT", "gone"): 1, ("DELETE", "gone"): 1}, "nothing twice"


def test_a_step_waits_for_what_somebody_else_began_after_the_one_before_it(estate: Estate, cli: Cli) -> None:
    """Its conflict is waited for, and what it has done meanwhile is not done again."""
    two_steps(estate)
    busy = {"method": "DELETE", "path": "*gone", "status": 400, "times": 2}
    busy["code"] = "BMSUserErrorConflictingProtectionOperation"
    found = estate.world.read_text(encoding="utf-8")
    estate.world.write_text(f"{found}faults: [{busy}]\n", encoding="utf-8")
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
    assert len(estate.requests("DELETE")) == 3
    assert planned(estate, cli)["actions"] == []


def test_a_step_that_fails_keeps_the_next_from_being_taken(estate: Estate, cli: Cli) -> None:
    two_steps(estate)
    fault = {"method": "PUT", "path": "*/protectedItems/*", "operation": {"code": "CloudInternalError", "message": "x"}}
    found = estate.world.read_text(encoding="utf-8")
    estate.world.write_text(f"{found}faults: [{fault}]\n", encoding="utf-8")
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3
    assert told.text.count("it needs the step before it, which is failed") == 2
    assert [seen.method for seen in estate.writes()] == ["PUT", "PUT"]
