"""A policy that is declared absent is deleted once nothing is bound to it, and takes no recovery point with it."""

from tests.conftest import Cli, Estate, absent_policy, assignment, daily_policy, planned, policy, vault, vms, world

LIVE = {"location": "japaneast", "policies": {"daily": daily_policy(30), "other": daily_policy(30)}}
BOUND = [{"vm": f"rg-web/{name}", "policy": "daily"} for name in ("web-01", "web-02")]


def test_a_policy_that_nothing_is_bound_to_is_deleted(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(), absent_policy("daily"), policy("other"))
    plan = planned(estate, cli)
    (action,) = plan["actions"]
    assert (action["verb"], action["risk"], action["earliest"]) == ("deletePolicy", "safe", None)
    assert action["dataEffect"] == "not touched, no VM is bound to it any more"
    assert [(change["path"], change["from"], change["to"]) for change in action["changes"]] == [
        ("state", "present", "absent")
    ]
    assert plan["findings"] == [], "it is not undeclared"
    assert "unwanted policy daily in rsv state declared absent found present" in cli("drift", *estate.sandboxed).text
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert [(seen.method, seen.path.rpartition("/")[2]) for seen in estate.writes()] == [("DELETE", "daily")]
    assert planned(estate, cli)["actions"] == []
    assert cli("drift", *estate.sandboxed).status == 0
    assert "policy daily in rsv it is absent" in cli("plan", *estate.sandboxed, "-v").text


def test_it_waits_for_its_vms_to_be_bound_elsewhere_or_stopped_in_this_very_run(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": {**LIVE, "protectedItems": BOUND}}))
    moved = assignment("moved", policy="other", select={"names": ["web-01"]})
    stopped = assignment("stopped", policy="other", select={"names": ["web-02"]}, protection="stopped")
    estate.declare("all", vault(), absent_policy("daily"), policy("other"), moved, stopped)
    *before, last = planned(estate, cli)["actions"]
    assert [action["verb"] for action in before] == ["changePolicy", "stop"]
    assert last["verb"] == "deletePolicy"
    assert last["dependsOn"] == [action["id"] for action in before]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert estate.writes()[-1].method == "DELETE"
    assert planned(estate, cli)["actions"] == []


def test_a_vm_that_stays_bound_blocks_it(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": {**LIVE, "protectedItems": BOUND}}))
    moved = assignment(policy="other", select={"names": ["web-01"]})
    estate.declare("all", vault(), absent_policy("daily"), policy("other"), moved)
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["changePolicy"]
    (finding,) = [one for one in plan["findings"] if one["severity"] == "blocked"]
    assert (finding["rule"], finding["message"]) == (
        "policy-in-use",
        "VMs (1) are bound to it, and stay so: rg-web/web-02",
    )
    drift = cli("drift", *estate.sandboxed, "--format", "json").json
    assert ("unwanted", "policy-in-use") in {(one["state"], one["blockedBy"]) for one in drift["differences"]}
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert {seen.method for seen in estate.writes()} == {"PUT"}


def test_a_move_that_is_blocked_keeps_the_policy(estate: Estate, cli: Cli) -> None:
    live = {**LIVE, "protectedItems": BOUND[:1], "redundancy": "GeoRedundant"}
    estate.exists(**world(vms("web-01"), {"rsv": live}))
    estate.declare(
        "all", vault(redundancy="ZoneRedundant"), absent_policy("daily"), policy("other"), assignment(policy="other")
    )
    plan = planned(estate, cli)
    assert plan["actions"] == []
    assert [one["rule"] for one in plan["findings"] if one["severity"] == "blocked"] == [
        "policy-in-use",
        "redundancy-locked",
    ]


def test_the_services_own_policy_goes_too_from_a_new_vault_as_well(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    estate.declare("all", vault(), absent_policy("DefaultPolicy"), policy("daily"), policy("other"))
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["deletePolicy"]
    estate.exists(**world())
    estate.declare("all", vault(), absent_policy("DefaultPolicy"), absent_policy("never-was"))
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["createVault", "deletePolicy"]
    drift = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    assert [one["state"] for one in drift] == ["missing"], "what is not there yet is nothing too much"
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert planned(estate, cli)["actions"] == []


def test_a_new_vault_without_that_policy_is_as_declared(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(), era=2021)
    estate.declare("all", vault(), absent_policy("EnhancedPolicy"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert [seen.method for seen in estate.writes()] == ["PUT"], "there was nothing to delete"


def test_a_blocked_vault_keeps_its_policies(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "location": "japanwest"}}))
    estate.declare("all", vault(), absent_policy("daily"))
    plan = planned(estate, cli)
    assert plan["actions"] == []
    assert [(held["verb"], held["because"]) for held in plan["heldBack"]] == [
        ("deletePolicy", plan["findings"][0]["address"])
    ]


def test_it_waits_for_vms_that_leave_it_in_a_later_wave(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": {**LIVE, "protectedItems": BOUND}}))
    in_waves = assignment(policy="EnhancedPolicy", moveToEnhanced={"vmsPerRun": 1})
    estate.declare("all", vault(), absent_policy("daily"), policy("other"), in_waves)
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["migrate"]
    assert [(held["verb"], held["why"]) for held in plan["heldBack"]] == [
        ("migrate", "later wave"),
        ("deletePolicy", "later wave"),
    ]
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-one-way").status == 0
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["migrate", "deletePolicy"]
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-one-way").status == 0
    assert planned(estate, cli)["actions"] == []
