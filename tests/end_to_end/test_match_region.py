"""One assignment for many vaults: each VM goes to the one in its region."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, planned, policy, vault, vm_id, vms, world

CHOICE = {"vault": None, "vaults": {"matchRegion": ["rsv-jpe", "rsv-jpw"]}}
EAST, WEST = vault("rsv-jpe"), vault("rsv-jpw", location="japanwest")
DAILY = policy(vaults=["rsv-jpe", "rsv-jpw"])


def choice(handle: str = "all", **spec: Any) -> dict[str, Any]:
    """An assignment to the vault in a VM's region."""
    made = assignment(handle, **CHOICE | spec)
    del made["spec"]["vault"]
    return made


def findings(plan: Any) -> list[tuple[str, str, str]]:
    return [(one["rule"], one["address"].rpartition("/")[2], one["message"]) for one in plan["findings"]]


@pytest.fixture(autouse=True)
def two_regions(estate: Estate) -> None:
    estate.exists(**world({**vms("web-01", "web-02"), **vms("db-01", location="japanwest")}))


def test_each_vm_goes_to_the_vault_in_its_region(estate: Estate, cli: Cli) -> None:
    estate.declare("all", EAST, WEST, DAILY, choice())
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    put = [(seen.path.split("/")[8], seen.path.rpartition(";")[2]) for seen in estate.requests("PUT", "protectedItems")]
    assert sorted(put) == [("rsv-jpe", "web-01"), ("rsv-jpe", "web-02"), ("rsv-jpw", "db-01")]
    after = planned(estate, cli)
    assert after["actions"] == []
    assert after["summary"]["unchanged"] == 2 + 2 + 3


def test_a_vm_whose_region_has_no_vault_is_blocked_and_others_go_on(estate: Estate, cli: Cli) -> None:
    estate.exists(**world({**vms("web-01"), **vms("far-01", location="koreacentral")}))
    estate.declare("all", EAST, WEST, DAILY, choice())
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]].count("protect") == 1
    message = "it is in koreacentral, and none of the vaults is there"
    assert findings(plan) == [("vm-region", "far-01", message)]
    (explained,) = cli("plan", *estate.sandboxed, "--explain", "far-01", "--format", "json").json["vms"]
    (judgement,) = explained["assignments"]
    told = (judgement["selects"], judgement["vaults"], judgement["reason"])
    assert told == (True, [], "tags.env is prod; none of its vaults is in koreacentral")


def test_two_vaults_that_turn_out_to_be_in_one_region_are_an_error_of_their_vms(estate: Estate, cli: Cli) -> None:
    """The validator knows regions as they are declared; Azure knows where the vaults are."""
    both = {name: {"location": "japaneast"} for name in ("rsv-jpe", "rsv-jpw")}
    estate.exists(**world({**vms("web-01"), **vms("db-01", location="japanwest")}, both))
    estate.declare("all", EAST, WEST, DAILY, choice())
    told = [one for one in findings(planned(estate, cli)) if one[0] != "vault-location"]
    assert told == [
        ("vm-region", "db-01", "it is in japanwest, and none of the vaults is there"),
        ("region-choice", "web-01", "it is in japaneast, and so are rsv-jpe and rsv-jpw"),
    ]


def test_a_policy_is_looked_up_in_the_vault_of_each_vm(estate: Estate, cli: Cli) -> None:
    estate.exists(
        **world(
            {**vms("web-01"), **vms("db-01", location="japanwest")},
            {"rsv-jpe": {"location": "japaneast"}, "rsv-jpw": {"location": "japanwest", "defaultPolicies": False}},
        )
    )
    estate.declare("all", EAST, WEST, choice(policy="DefaultPolicy"))
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["protect"]
    assert findings(plan) == [("policy-not-in-vault", "db-01", "the vault has no policy DefaultPolicy")]


def test_what_goes_with_a_vault_of_the_choice_is_left_to_its_teardown(estate: Estate, cli: Cli) -> None:
    held = {
        "rsv-jpe": {"location": "japaneast", "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]},
        "rsv-jpw": {"location": "japanwest", "protectedItems": [{"vm": "rg-web/db-01", "state": "ProtectionStopped"}]},
    }
    estate.exists(**world({**vms("web-01"), **vms("db-01", location="japanwest")}, held))
    approval = {"by": "Ada", "reason": "moved", "expires": "2099-12-31", "vms": [vm_id("db-01")]}
    torn_down = vault("rsv-jpw", location="japanwest", state="absent", approval=approval)
    stop = choice(protection="stopped")
    del stop["spec"]["policy"]
    estate.declare("all", EAST, torn_down, stop)
    done = [(action["verb"], action["address"].rpartition("/")[2]) for action in planned(estate, cli)["actions"]]
    assert done == [("stop", "web-01"), ("deleteData", "db-01"), ("deleteVault", "rsv-jpw")]
    assert "the vault rsv-jpw is torn down, and its VMs' backups with it" in cli("plan", *estate.sandboxed, "-v").text


def test_first_backups_and_jobs_follow_each_vm_to_its_vault(estate: Estate, cli: Cli) -> None:
    estate.declare("all", EAST, WEST, DAILY, choice(initialBackup={"keepDays": 30}))
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--wait").status == 0
    started = {seen.path.split("/")[8] for seen in estate.requests("POST", "/backup") if seen.path.endswith("/backup")}
    assert started == {"rsv-jpe", "rsv-jpw"}
    jobs = cli("jobs", *estate.sandboxed, "--format", "json").json
    assert {vm["vault"].rpartition("/")[2] for vm in jobs["jobs"]} == {"rsv-jpe", "rsv-jpw"}
