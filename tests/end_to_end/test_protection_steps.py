"""Steps that lead a VM to what is wished for it, beside what else a run does: their order, and what they cost."""

from typing import Any

from tests.conftest import (
    Cli,
    Estate,
    absent_policy,
    assignment,
    daily_policy,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)

CONSENT = ("--auto-approve", "--allow-destructive", "--allow-one-way")
WEEK = {"daily": {"days": 7}}


def approval(*names: str) -> dict[str, Any]:
    return {"by": "Ada", "reason": "ticket 4711", "expires": "2026-11-23", "vms": [vm_id(name) for name in names]}


def exists(estate: Estate, items: dict[str, dict[str, Any]], **live: Any) -> None:
    held = [{"vm": f"rg-web/{name}", **item} for name, item in items.items()]
    usual = {"location": "japaneast", "policies": {"daily": daily_policy(30)}, "protectedItems": held}
    estate.exists(**world(vms(*items), {"rsv": {**usual, **live}}))


def wish(name: str, **spec: Any) -> dict[str, Any]:
    return assignment(name, select={"names": [name]}, **spec)


def converges(estate: Estate, cli: Cli) -> list[tuple[str, str]]:
    """Apply, find nothing left, and tell what was written."""
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 0, told.out + told.err
    assert planned(estate, cli)["actions"] == []
    return [(seen.method, seen.path.rpartition("/")[2].rpartition(";")[2]) for seen in estate.writes()]


def test_a_vm_is_brought_back_to_a_policy_that_the_run_creates(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"state": "SoftDeleted"}})
    estate.declare("all", vault(), policy("new"), assignment(policy="new"))
    create, undelete, resume = planned(estate, cli)["actions"]
    assert [one["verb"] for one in (create, undelete, resume)] == ["createPolicy", "undelete", "resume"]
    assert resume["dependsOn"] == [create["id"], undelete["id"]]
    assert converges(estate, cli) == [("PUT", "new"), ("PUT", "web-01"), ("PUT", "web-01")]


def test_a_vm_that_is_brought_back_to_a_policy_does_not_leave_it(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"state": "SoftDeleted"}, "web-02": {"policy": "daily"}})
    estate.declare("all", vault(), policy(retention=WEEK), assignment())
    update, *steps = planned(estate, cli)["actions"]
    assert update["dataEffect"].endswith("for the VMs it backs up (1): daily points are kept 7 instead of 30 days")
    assert [(one["verb"], update["id"] in one["dependsOn"]) for one in steps] == [("undelete", True), ("resume", True)]
    converges(estate, cli)


def test_vms_that_end_leave_a_policy_before_it_keeps_less(estate: Estate, cli: Cli) -> None:
    items = {name: {"policy": "daily"} for name in ("web-01", "web-02", "web-03")}
    exists(estate, items, policies={"daily": daily_policy(30), "other": daily_policy(30)})
    deleted = wish("web-01", protection="deleted", approval=approval("web-01"))
    kept = policy("other"), wish("web-02", policy="other"), wish("web-03", disks="osOnly")
    estate.declare("all", vault(), policy(retention=WEEK), deleted, *kept)
    actions = {one["verb"]: one for one in planned(estate, cli)["actions"]}
    leaving = [actions[verb]["id"] for verb in ("stop", "changePolicy")]
    assert actions["updatePolicy"]["dependsOn"] == leaving
    assert actions["updatePolicy"]["dataEffect"].endswith("VMs that leave it (2) do so first")
    assert actions["deleteData"]["dependsOn"] == [actions["stop"]["id"]]
    assert actions["changeDisks"]["dependsOn"] == [actions["updatePolicy"]["id"]]
    converges(estate, cli)


def test_vms_leave_a_policy_of_an_immutable_vault_before_it_keeps_more_than_where_they_go(
    estate: Estate, cli: Cli
) -> None:
    """Afterwards the service would not let them go to a policy that keeps less than theirs has come to keep."""
    policies = {"daily": daily_policy(7), "other": daily_policy(30)}
    exists(estate, {"web-01": {"policy": "daily"}}, policies=policies, immutability="Unlocked")
    longer = policy(retention={"daily": {"days": 90}})
    estate.declare("all", vault(), longer, policy("other"), wish("web-01", policy="other"))
    move, update = planned(estate, cli)["actions"]
    assert (move["verb"], update["dependsOn"]) == ("changePolicy", [move["id"]])
    assert update["dataEffect"].endswith("VMs that leave it (1) do so first")
    assert converges(estate, cli) == [("PUT", "web-01"), ("PUT", "daily")]


def test_vms_go_from_policy_to_policy_of_an_immutable_vault_while_both_come_to_keep_more(
    estate: Estate, cli: Cli
) -> None:
    policies = {"daily": daily_policy(7), "other": daily_policy(7)}
    items = {"web-01": {"policy": "daily"}, "web-02": {"policy": "other"}}
    exists(estate, items, policies=policies, immutability="Unlocked")
    longer = (policy(retention={"daily": {"days": 90}}), policy("other", retention={"daily": {"days": 30}}))
    estate.declare("all", vault(), *longer, wish("web-01", policy="other"), wish("web-02", policy="other"))
    assert converges(estate, cli) == [("PUT", "other"), ("PUT", "web-01"), ("PUT", "daily")]


def test_a_policy_goes_once_the_last_vm_is_suspended_from_it(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"policy": "daily"}}, immutability="Unlocked")
    estate.declare("all", vault(), absent_policy("daily"), assignment(protection="suspended", policy="DefaultPolicy"))
    assert [one["verb"] for one in planned(estate, cli)["actions"]] == ["suspend", "deletePolicy"]
    assert converges(estate, cli) == [("PUT", "web-01"), ("DELETE", "daily")]


def test_a_vault_becomes_immutable_before_a_vm_is_suspended_in_it(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"policy": "daily"}})
    estate.declare("all", vault(immutability="Unlocked"), policy(), assignment(protection="suspended"))
    assert converges(estate, cli) == [("PATCH", "rsv"), ("PUT", "web-01")]


def test_a_deletion_is_judged_by_the_soft_delete_that_the_run_sets(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"policy": "daily"}}, softDelete={"state": "Disabled"})
    kept = {"state": "Enabled", "retentionDays": 30}
    gone = assignment(protection="deleted", approval=approval("web-01"))
    estate.declare("all", vault(softDelete=kept), policy(), gone)
    *_, delete = planned(estate, cli)["actions"]
    assert (delete["risks"], delete["dataEffect"]) == (
        ["destructive"],
        "deleted; they can be brought back until 2026-12-23",
    )
    assert converges(estate, cli) == [("PATCH", "rsv"), ("PUT", "web-01"), ("DELETE", "web-01")]


def test_a_suspended_vm_goes_with_its_vault_once_that_is_immutable_no_more(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"state": "BackupsSuspended"}}, immutability="Unlocked")
    torn_down = vault(state="absent", approval=approval("web-01"))
    estate.declare("all", torn_down)
    assert [one["rule"] for one in planned(estate, cli)["findings"]] == ["teardown-immutable"]
    exists(estate, {"web-01": {"state": "BackupsSuspended"}})
    assert [one["verb"] for one in planned(estate, cli)["actions"]] == ["deleteData", "deletePolicy", "deleteVault"]
    assert converges(estate, cli) == [("DELETE", "web-01"), ("DELETE", "daily"), ("DELETE", "rsv")]


def test_an_approval_holds_for_its_days_and_for_its_vms_in_any_casing(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"state": "ProtectionStopped"}})
    upper = {**approval(), "vms": [vm_id("web-01").upper().replace("/SUBSCRIPTIONS/", "/subscriptions/")]}
    estate.declare("all", vault(), policy(), assignment(protection="deleted", approval=upper))
    past = cli("apply", *estate.sandboxed, *CONSENT, "--as-of", "2026-11-22")
    assert (past.status, "backups are deleted by approvals that hold today" in past.err) == (1, True)
    late = planned(estate, cli, "--as-of", "2026-11-24")
    assert (late["actions"], [one["rule"] for one in late["findings"]]) == ([], ["approval-expired"])
    unasked = cli("apply", *estate.sandboxed, "--auto-approve")
    assert (unasked.status, "add --allow-destructive" in unasked.err) == (1, True)
    assert estate.writes() == []
    assert converges(estate, cli) == [("DELETE", "web-01")]


def test_a_soft_deleted_backup_keeps_its_vm_from_another_vault(estate: Estate, cli: Cli) -> None:
    exists(estate, {"web-01": {"state": "SoftDeleted"}})
    estate.declare("all", vault("other"), assignment(vault="other", policy="DefaultPolicy"))
    (finding,) = planned(estate, cli)["findings"]
    assert (finding["rule"], finding["severity"]) == ("vm-in-other-vault", "blocked")


def test_two_steps_of_many_vms_are_watched_together(estate: Estate, cli: Cli) -> None:
    """Each look is a list of items and one of jobs, whoever waits."""
    back = {f"web-{number}": {"state": "SoftDeleted"} for number in range(5)}
    gone = {f"app-{number}": {"policy": "daily"} for number in range(5)}
    exists(estate, {**back, **gone})
    estate.declare(
        "all",
        vault(),
        policy(),
        assignment("back", select={"names": ["web-*"]}),
        assignment("gone", select={"names": ["app-*"]}, protection="deleted", approval=approval(*gone)),
    )
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 0, told.out
    assert len(estate.writes()) == 20
    assert "20 done; 20 writes and" in told.text
    assert "20 done; 20 writes and 9 reads were sent" in told.text, "one of the vault, and four looks"
    assert planned(estate, cli)["actions"] == []
