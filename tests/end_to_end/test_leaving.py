"""A policy that comes to keep less, and VMs that leave it in the same run: they lose nothing by it."""

from typing import Any

from tests.conftest import Cli, Estate, assignment, daily_policy, policy, vault, vms, world

WEEK = {"daily": {"days": 7}}
NAMES = ("web-01", "web-02", "web-03")


def exists(estate: Estate, *on_long: str) -> None:
    items = [{"vm": f"rg-web/{name}", "policy": "long" if name in on_long else "daily"} for name in NAMES]
    policies = {"daily": daily_policy(30), "long": daily_policy(60)}
    live: dict[str, Any] = {"location": "japaneast", "policies": policies, "protectedItems": items}
    estate.exists(**world(vms(*NAMES), {"rsv": live}))


def assigned(name: str, **spec: Any) -> dict[str, Any]:
    return assignment(name, select={"names": [name]}, **spec)


def test_vms_that_leave_a_policy_leave_before_it_keeps_less(estate: Estate, cli: Cli) -> None:
    exists(estate)
    stopped, moved = assigned("web-01", protection="stopped"), assigned("web-02", policy="long")
    keeping = policy("long", retention={"daily": {"days": 60}})
    estate.declare("all", vault(), policy(retention=WEEK), keeping, stopped, moved, assigned("web-03", policy="daily"))
    actions = cli("plan", *estate.sandboxed, "--format", "json").json["actions"]
    assert [(one["verb"], one["address"].rpartition("/")[2]) for one in actions] == [
        ("stop", "web-01"),
        ("changePolicy", "web-02"),
        ("updatePolicy", "daily"),
    ]
    stop, move, update = actions
    assert update["dependsOn"] == [stop["id"], move["id"]]
    assert [vm.rpartition("/")[2] for vm in update["vms"]] == ["web-03"]
    assert update["dataEffect"] == (
        "deleted earlier, for the VMs it backs up (1): daily points are kept 7 instead of 30 days; "
        "VMs that leave it (2) do so first"
    )
    assert (stop["risks"], move["risks"], update["risks"]) == ([], [], ["destructive"])
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive").status == 0
    assert [seen.path.rpartition("/")[2].rpartition(";")[2] for seen in estate.writes()][-1] == "daily"
    assert cli("plan", *estate.sandboxed, "--format", "json").json["actions"] == []


def test_vms_leave_a_policy_first_that_join_one_which_keeps_less_too(estate: Estate, cli: Cli) -> None:
    exists(estate)
    moved = assigned("web-01", policy="long")
    estate.declare("all", vault(), policy(retention=WEEK), policy("long", retention=WEEK), moved)
    actions = cli("plan", *estate.sandboxed, "--format", "json").json["actions"]
    assert [(one["verb"], one["address"].rpartition("/")[2]) for one in actions] == [
        ("updatePolicy", "long"),
        ("changePolicy", "web-01"),
        ("updatePolicy", "daily"),
    ]
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive").status == 0
    assert cli("plan", *estate.sandboxed, "--format", "json").json["actions"] == []


def test_policies_that_exchange_vms_do_not_wait_for_each_other(estate: Estate, cli: Cli) -> None:
    exists(estate, "web-02")
    swapped = assigned("web-01", policy="long"), assigned("web-02", policy="daily")
    estate.declare("all", vault(), policy(retention=WEEK), policy("long", retention=WEEK), *swapped)
    actions = cli("plan", *estate.sandboxed, "--format", "json").json["actions"]
    assert [one["verb"] for one in actions] == ["updatePolicy", "updatePolicy", "changePolicy", "changePolicy"]
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive").status == 0
    assert cli("plan", *estate.sandboxed, "--format", "json").json["actions"] == []
