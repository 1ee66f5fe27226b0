"""VMs that are gone: never touched by themselves, ended by hand, and told from moved ones and from those made anew."""

from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vm_id, vms, world

GONE = {"vm": "rg-web/gone-01", "vmGone": True}
ACTIVE = {**GONE, "policy": "DefaultPolicy"}
STOPPED = {**GONE, "state": "ProtectionStopped", "lastBackup": "2026-08-01T23:00:00Z"}
KEPT = "its backups are stopped and its data is kept without an end, at cost"
BY_ID = {"ids": [vm_id("gone-01")]}
APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("gone-01")]}


def exists(estate: Estate, *items: dict[str, Any], machines: dict[str, Any] | None = None) -> None:
    held = {"rsv": {"location": "japaneast", "protectedItems": list(items)}}
    estate.exists(**world(vms("web-01") if machines is None else machines, held))


def ending(**wished: Any) -> dict[str, Any]:
    made = assignment("ending", select=BY_ID, **wished)
    if "protection" in wished:
        del made["spec"]["policy"]
    return made


def reads(estate: Estate, cli: Cli) -> int:
    """The requests that comparing takes, without a look at the VMs' readiness."""
    number: int = cli("drift", *estate.sandboxed, "--format", "json").json["requests"]["read"]
    return number


def findings(plan: Any) -> list[tuple[str, str, str]]:
    return [(one["rule"], one["severity"], one["message"]) for one in plan["findings"]]


@pytest.mark.parametrize(
    ("item", "severity", "state"),
    [
        (ACTIVE, "warning", "it is backed up by DefaultPolicy"),
        (
            STOPPED,
            "info",
            f"{KEPT}; last backed up on 2026-08-01, 114 days ago",
        ),
    ],
    ids=["active", "stopped"],
)
def test_an_orphan_is_told_and_left_alone(
    estate: Estate, cli: Cli, item: dict[str, Any], severity: str, state: str
) -> None:
    exists(estate, item)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    message = f"no assignment selects it; {state}; its VM does not exist"
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["protect"]
    assert findings(plan) == [("orphaned-item", severity, message)]
    assert plan["findings"][0]["resources"] == [vm_id("gone-01")]
    assert len(estate.requests("GET", "/virtualMachines/gone-01")) == 1
    assert reads(estate, cli) == 6 + 1
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert estate.requests("PUT", "gone-01") == []


def test_a_soft_deleted_backup_of_a_vm_that_is_gone_is_on_its_way_out_and_asks_nothing(
    estate: Estate, cli: Cli
) -> None:
    exists(estate, {**GONE, "state": "SoftDeleted"})
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    plan = planned(estate, cli)
    message = "no assignment selects it; its backup is soft-deleted, and purged on 2026-12-07"
    assert findings(plan) == [("undeclared-item", "info", message)]
    assert plan["findings"][0]["remedy"] == "nothing needs doing; to bring it back, select its VM in an assignment"
    assert reads(estate, cli) == 6


@pytest.mark.parametrize(
    ("item", "wished", "verbs"),
    [
        (ACTIVE, {"protection": "stopped"}, ["stop"]),
        (STOPPED, {"protection": "stopped"}, []),
        (ACTIVE, {"protection": "deleted", "approval": APPROVAL}, ["stop", "deleteData"]),
        (STOPPED, {"protection": "deleted", "approval": APPROVAL}, ["deleteData"]),
        ({**GONE, "state": "SoftDeleted"}, {"protection": "deleted", "approval": APPROVAL}, []),
        ({**GONE, "state": "SoftDeleted"}, {"protection": "stopped"}, ["undelete"]),
    ],
    ids=["stop", "is stopped", "stop and delete", "delete", "is deleted", "undelete"],
)
def test_the_backup_of_a_vm_that_is_gone_is_ended_by_its_id(
    estate: Estate, cli: Cli, item: dict[str, Any], wished: dict[str, Any], verbs: list[str]
) -> None:
    exists(estate, item)
    estate.declare("all", vault(), ending(**wished))
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == verbs
    assert plan["findings"] == []
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive").status == 0
    after = planned(estate, cli)
    assert (after["actions"], after["findings"]) == ([], [])


def test_once_it_is_purged_nothing_is_left_to_delete(estate: Estate, cli: Cli) -> None:
    exists(estate)
    estate.declare("all", vault(), ending(protection="deleted", approval=APPROVAL))
    plan = planned(estate, cli)
    assert (plan["actions"], plan["findings"], plan["summary"]["unchanged"]) == ([], [], 2)


def test_a_vm_that_is_gone_cannot_be_backed_up_and_what_to_do_is_said(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE)
    estate.declare("all", vault(), policy(), ending())
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["createPolicy"]
    (finding,) = plan["findings"]
    assert (finding["rule"], finding["message"]) == ("vm-missing", f"{vm_id('gone-01')} does not exist")
    assert "'protection: stopped', which keeps every recovery point" in finding["remedy"]
    drift = cli("drift", *estate.sandboxed, "--format", "json").json
    assert ("differs", "vm-missing") in [(one["state"], one["blockedBy"]) for one in drift["differences"]]


def test_an_id_with_tags_beside_it_ends_nothing_because_nobody_knows_the_tags(estate: Estate, cli: Cli) -> None:
    exists(estate, ACTIVE)
    both = ending(protection="stopped")
    both["spec"]["select"] = {**BY_ID, "tags": {"env": ["prod"]}}
    estate.declare("all", vault(), both)
    plan = planned(estate, cli)
    assert plan["actions"] == []
    assert [rule for rule, _, _ in findings(plan)] == ["vm-missing", "orphaned-item"]
    assert "nobody can tell whether the whole selection means it" in plan["findings"][0]["message"]


def moved(estate: Estate, *groups: str, tags: dict[str, str]) -> None:
    """A VM was backed up in rg-web, and one of its name is in each of these groups now."""
    exists(estate, ACTIVE, machines={})
    found = world({}, {"rsv": {"location": "japaneast", "protectedItems": [ACTIVE]}})
    for group in groups:
        found["subscriptions"][SUBSCRIPTION]["resourceGroups"][group] = {"virtualMachines": vms("gone-01", tags=tags)}
    estate.exists(**found)


def test_a_moved_vm_is_told_with_its_new_place(estate: Estate, cli: Cli) -> None:
    moved(estate, "rg-new", tags={})
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", select={"names": ["web-*"]}))
    told = [one for one in findings(planned(estate, cli)) if one[0] != "selects-nothing"]
    new = vm_id("gone-01", "RG-NEW")
    text = "its VM does not exist; perhaps it was moved: gone-01 in RG-NEW has no backup"
    assert told == [("vm-moved", "warning", f"no assignment selects it; it is backed up by DefaultPolicy; {text}")]
    (finding,) = [one for one in planned(estate, cli)["findings"] if one["rule"] == "vm-moved"]
    assert finding["resources"] == [vm_id("gone-01"), new]


def test_an_id_of_a_moved_vm_is_told_with_its_new_place(estate: Estate, cli: Cli) -> None:
    moved(estate, "rg-new", tags={})
    estate.declare("all", vault(), ending(policy="DefaultPolicy"))
    (finding,) = planned(estate, cli)["findings"]
    assert finding["message"].endswith("does not exist; perhaps it was moved: gone-01 in RG-NEW has no backup")
    assert (finding["rule"], finding["resources"]) == ("vm-missing", [vm_id("gone-01", "RG-NEW")])


def test_of_two_vms_of_the_name_nobody_guesses(estate: Estate, cli: Cli) -> None:
    moved(estate, "rg-new", "rg-newer", tags={})
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", select={"names": ["web-*"]}))
    assert "orphaned-item" in [rule for rule, _, _ in findings(planned(estate, cli))]


def test_a_vm_that_was_made_after_its_last_backup_is_pointed_out(estate: Estate, cli: Cli) -> None:
    item = {"vm": "rg-web/web-01", "policy": "DefaultPolicy", "lastBackup": "2026-11-01T23:00:00Z"}
    exists(estate, item, machines=vms("web-01", createdAt="2026-11-10T08:00:00Z"))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    plan = planned(estate, cli)
    assert plan["actions"] == []
    message = "it was made on 2026-11-10, and its last backup is of 2026-11-01"
    assert findings(plan) == [("vm-recreated", "info", message)]


def test_so_many_are_asked_for_and_the_others_are_told_to_be_unread(estate: Estate, cli: Cli) -> None:
    exists(estate, *({**ACTIVE, "vm": f"rg-web/gone-{number:02}"} for number in range(23)))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    plan = planned(estate, cli)
    assert len(estate.requests("GET", "/virtualMachines/")) == 20
    rules = [rule for rule, _, _ in findings(plan)]
    assert (rules.count("orphaned-item"), rules.count("vm-hidden")) == (20, 3)
    assert "and it was not asked for: a run asks for 20 such VMs" in plan["findings"][-1]["message"]
