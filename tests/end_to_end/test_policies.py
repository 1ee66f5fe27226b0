"""Policies of both tiers, field by field: made, changed, told when they drift, exported, and back to nothing."""

from pathlib import Path

import pytest
import yaml

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    assignment,
    daily_policy,
    document,
    hourly_policy,
    planned,
    policy,
    vault,
    vms,
    world,
)
from tests.end_to_end.policies import DAILY, LIVE, RUNS_HOURLY, RUNS_WEEKLY, WHOLE, apply, declare


@pytest.mark.parametrize("name", WHOLE)
def test_a_policy_is_made_as_stated_and_exported_as_it_was_stated(name: str, estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    declare(estate, WHOLE[name], assignment())
    apply(estate, cli)
    assert [seen.path.rpartition("/")[2].partition(";")[0] for seen in estate.writes()] == ["daily", "vm"]
    assert planned(estate, cli)["actions"] == []
    assert "Drift: none." in cli("drift", *estate.sandboxed).text

    told = cli("export", "--sandbox", estate.world, "--vault", "rsv", "--subscription", SUBSCRIPTION)
    assert told.err == "", "nothing is left out"
    exported = {one["metadata"]["name"]: one["spec"] for one in yaml.safe_load_all(told.out)}
    assert exported["daily"] == WHOLE[name]
    assert exported["rsv-daily"]["policy"] == "daily", "and so is the VM that is bound to it"


CHANGES = yaml.safe_load((Path(__file__).parent / "policy_changes.yaml").read_text())


@pytest.mark.parametrize("name", CHANGES)
def test_a_change_says_what_it_does_and_is_carried_out_by_one_write(name: str, estate: Estate, cli: Cli) -> None:
    case = CHANGES[name]
    before, risks = WHOLE[case["policy"]] | case.get("but", {}), case.get("risks", [])
    estate.exists(**world(vms("web-01"), {"rsv": LIVE}))
    declare(estate, before, assignment())
    apply(estate, cli)
    estate.forget()
    declare(estate, before | case["becomes"], assignment())
    (action,) = planned(estate, cli)["actions"]
    assert (action["verb"], [change["path"] for change in action["changes"]]) == ("updatePolicy", case["differs"])
    assert (action["dataEffect"], action["risks"]) == (case["effect"], risks)
    assert cli("drift", *estate.sandboxed).status == 2
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == (1 if risks else 0)
    if risks:
        assert estate.writes() == [], "without consent"
        apply(estate, cli, *(f"--allow-{risk}" for risk in risks))
    assert len(estate.writes()) == 1
    assert planned(estate, cli)["actions"] == []


def test_points_of_no_vm_move_nowhere(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    declare(estate, DAILY | {"archiveTier": {"mode": "DoNotTier"}})
    apply(estate, cli)
    declare(estate, DAILY)
    (action,) = planned(estate, cli)["actions"]
    assert action["risks"] == []
    apply(estate, cli)


def test_the_time_zone_is_always_sent(estate: Estate, cli: Cli) -> None:
    estate.exists(
        **world(vaults={"rsv": {**LIVE, "policies": {"daily": daily_policy(30) | {"timeZone": "Tokyo Standard Time"}}}})
    )
    declare(estate, {"vaults": ["rsv"], "retention": {"daily": {"days": 60}}})
    apply(estate, cli)
    (put,) = estate.writes()
    assert put.request["properties"]["timeZone"] == "Tokyo Standard Time"
    assert put.request["properties"]["schedulePolicy"]["scheduleRunTimes"] == ["2020-01-01T23:00:00Z"]


def test_what_a_new_enhanced_policy_leaves_out_is_filled_in_and_shown(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": LIVE}))
    weekly = {"schedule": RUNS_WEEKLY["schedule"], "retention": RUNS_WEEKLY["retention"]}
    hourly = {"schedule": RUNS_HOURLY["schedule"], "retention": RUNS_HOURLY["retention"]}
    for spec, days in ((weekly, 5), (hourly, 7)):
        declare(estate, {"vaults": ["rsv"], "tier": "Enhanced", **spec})
        (action,) = planned(estate, cli)["actions"]
        filled = {change["path"]: change["to"] for change in action["changes"]}
        assert (filled["tier"], filled["instantRestoreDays"], filled["timeZone"]) == ("Enhanced", days, "UTC")


@pytest.mark.parametrize("era", [2021, 2026])
def test_the_services_own_policies_are_managed_from_a_vaults_first_day(era: int, estate: Estate, cli: Cli) -> None:
    """A vault of 2021 comes without an Enhanced one."""
    estate.exists(**world(vms("web-01")), era=era)
    enhanced = document("BackupPolicy", "hourly", name="ENHANCEDPOLICY", tier="Enhanced", vaults=["rsv"], **RUNS_HOURLY)
    standard = policy("DefaultPolicy", retention={"daily": {"days": 40}})
    estate.declare("all", vault(), standard, enhanced, assignment(policy="defaultpolicy"))
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == [
        "createVault",
        "createPolicy",
        "createPolicy",
        "protect",
    ]
    apply(estate, cli)
    assert planned(estate, cli)["actions"] == []


def test_of_the_services_own_policies_no_more_is_stated_than_is_managed(estate: Estate, cli: Cli) -> None:
    """Its name alone, for VMs to be bound to it; or something that waits until there is the rest of it."""
    estate.exists(**world(vms("web-01")))
    named = document("BackupPolicy", "DefaultPolicy", vaults=["rsv"])
    kept = document(
        "BackupPolicy", "EnhancedPolicy", tier="Enhanced", vaults=["rsv"], retention={"daily": {"days": 40}}
    )
    estate.declare("all", vault(), named, kept, assignment(policy="DefaultPolicy"))
    found = planned(estate, cli)
    assert [action["verb"] for action in found["actions"]] == ["createVault", "protect"]
    assert [(finding["rule"], finding["remedy"]) for finding in found["findings"]] == [
        ("policy-incomplete", "run again when the vault is there, or state schedule")
    ]
    apply(estate, cli)
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["updatePolicy"]


TIERS = {
    "a Standard policy, and it is declared as an Enhanced one": (
        daily_policy(30),
        {"tier": "Enhanced"},
    ),
    "an Enhanced policy, and it is declared as a Standard one": (hourly_policy(), {"tier": "Standard"}),
    "an Enhanced policy, and it is declared as a Standard one, because it states no tier": (
        hourly_policy(),
        {},
    ),
}


@pytest.mark.parametrize("message", TIERS)
def test_a_policy_keeps_its_tier(message: str, estate: Estate, cli: Cli) -> None:
    live, stated = TIERS[message]
    estate.exists(**world(vaults={"rsv": {**LIVE, "policies": {"daily": live}}}))
    declare(estate, {"vaults": ["rsv"], "retention": {"daily": {"days": 60}}, **stated})
    found = planned(estate, cli)
    assert found["actions"] == []
    assert [(finding["rule"], finding["message"]) for finding in found["findings"]] == [
        ("policy-tier", f"Azure has it as {message}")
    ]
    assert found["findings"][0]["remedy"].startswith(f"declare tier: {message.split()[1]}, or a new policy")
    (difference,) = cli("drift", *estate.sandboxed, "--format", "json").json["differences"]
    assert [change["path"] for change in difference["changes"]] == ["tier"]


def test_a_vm_leaves_a_policy_whose_declaration_is_blocked(estate: Estate, cli: Cli) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "daily"}]
    held = {**LIVE, "policies": {"daily": daily_policy(30)}, "protectedItems": items}
    estate.exists(**world(vms("web-01"), {"rsv": held}))
    declare(estate, {"vaults": ["rsv"], "tier": "Enhanced"}, assignment(policy="DefaultPolicy"))
    found = planned(estate, cli)
    assert [finding["rule"] for finding in found["findings"]] == ["policy-tier"]
    assert ([action["verb"] for action in found["actions"]], found["heldBack"]) == (["changePolicy"], [])


def test_a_vm_goes_from_one_enhanced_policy_to_a_new_one_and_from_a_standard_one_for_good(
    estate: Estate, cli: Cli
) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "EnhancedPolicy"}, {"vm": "rg-web/web-02", "policy": "DefaultPolicy"}]
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": {**LIVE, "protectedItems": items}}))
    declare(estate, {"vaults": ["rsv"], "tier": "Enhanced", **RUNS_HOURLY}, assignment(moveToEnhanced={"vmsPerRun": 9}))
    found = planned(estate, cli)
    assert found["findings"] == []
    assert [(action["verb"], action["risks"]) for action in found["actions"]] == [
        ("createPolicy", []),
        ("changePolicy", []),
        ("migrate", ["one-way"]),
    ]
    apply(estate, cli, "--allow-one-way")
    assert planned(estate, cli)["actions"] == []


def test_no_vm_goes_from_an_enhanced_policy_to_a_new_standard_one(estate: Estate, cli: Cli) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "EnhancedPolicy"}]
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "protectedItems": items}}))
    declare(estate, DAILY, assignment())
    found = planned(estate, cli)
    assert [action["verb"] for action in found["actions"]] == ["createPolicy"]
    assert [(finding["rule"], finding["remedy"]) for finding in found["findings"]] == [
        ("policy-tier", "assign it to an Enhanced policy")
    ]


def test_a_vm_waits_for_a_new_enhanced_policy_that_cannot_be_made_yet(estate: Estate, cli: Cli) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "EnhancedPolicy"}]
    estate.exists(**world(vms("web-01"), {"rsv": {**LIVE, "protectedItems": items}}))
    declare(estate, {"vaults": ["rsv"], "tier": "Enhanced"}, assignment())
    found = planned(estate, cli)
    assert [finding["rule"] for finding in found["findings"]] == ["policy-incomplete"]
    assert [held["verb"] for held in found["heldBack"]] == ["changePolicy"]
