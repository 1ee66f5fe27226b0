"""What an authoritative vault protects and no assignment selects is stopped, its data kept; in doubt it is not."""

from typing import Any

import pytest

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    absent_policy,
    assignment,
    document,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)
from tests.end_to_end.test_hidden import COMPUTE, READS_BACKUPS
from tests.end_to_end.test_limits import held
from tests.end_to_end.test_resource_guard import GUARD
from tests.end_to_end.test_settings import settle

OTHER = "22222222-2222-2222-2222-222222222222"
GOVERNED = vault(authoritative=True)


def own(name: str = "web-01", **spec: Any) -> dict[str, Any]:
    """An assignment of one VM, by its name."""
    return assignment(f"of-{name}", **{"select": {"names": [name]}, **spec})


def told(plan: Any, rule: str) -> list[tuple[str, str]]:
    """What a plan's findings by one rule weigh and say."""
    return [(one["severity"], one["message"]) for one in plan["findings"] if one["rule"] == rule]


def stopped(plan: Any) -> list[str]:
    """The VMs that a plan stops, which is all that it does."""
    assert {action["verb"] for action in plan["actions"]} <= {"stop"}
    return [action["address"].rpartition("/")[2] for action in plan["actions"]]


def left(plan: Any) -> list[str]:
    """The VMs that a plan lists as undeclared."""
    return [one["address"].rpartition("/")[2] for one in plan["findings"] if one["rule"] == "undeclared-item"]


def rests(estate: Estate, cli: Cli, because: str, rule: str = "authoritative-doubt", severity: str = "warning") -> None:
    """Nothing is stopped, and the plan says why."""
    plan = planned(estate, cli)
    assert stopped(plan) == []
    assert told(plan, rule) == [(severity, f"{because}, so its VMs that no assignment selects (1) stay as they are")]
    assert told(plan, "authoritative") == []
    assert len(left(plan)) == 1


@pytest.fixture(autouse=True)
def two_of_which_one_is_declared(estate: Estate) -> None:
    """A vault that backs up web-01 and web-02; an assignment selects web-01. The settings name all manifests."""
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": held("web-01", "web-02")}))
    estate.declare("all", GOVERNED, policy(), own())
    settle(estate.manifests, roots=["."])


def test_what_no_assignment_selects_is_stopped_and_its_data_kept(estate: Estate, cli: Cli) -> None:
    plan = planned(estate, cli)
    (stop,) = plan["actions"]
    assert (stop["verb"], stop["vms"], stop["risk"]) == ("stop", [vm_id("web-02")], "safe")
    assert stop["dataEffect"] == "all kept, without an end and at cost; no new ones are made"
    (change,) = stop["changes"]
    assert (change["path"], change["from"], change["to"]) == ("protection", "active", "stopped")
    assert stop["source"].endswith("all.yaml:9")
    assert told(plan, "authoritative") == [
        ("info", "it backs up VMs that no assignment selects (1): they are to be stopped, their data kept")
    ]
    assert cli("drift", *estate.sandboxed).status == 2
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    (written,) = estate.writes()
    assert written.request["properties"]["protectionState"] == "ProtectionStopped"
    plan = planned(estate, cli)
    assert (stopped(plan), told(plan, "authoritative"), left(plan)) == ([], [], ["web-02"])
    assert cli("drift", *estate.sandboxed).status == 0


def test_a_vault_that_is_not_authoritative_lists_it(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), policy(), own())
    plan = planned(estate, cli)
    assert (stopped(plan), told(plan, "authoritative")) == ([], [])


def test_of_two_vaults_the_one_that_is_authoritative_has_its_way(estate: Estate, cli: Cli) -> None:
    estate.exists(
        **world(vms("web-01", "web-02", "db-01", "db-02"), {"rsv": held("web-01", "web-02"), "other": held("db-01")})
    )
    estate.declare("all", GOVERNED, vault("other"), policy(vaults="all"), own())
    assert stopped(planned(estate, cli)) == ["web-02"]


def test_an_excluded_vm_is_not_selected(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, policy(), assignment(exclude={"names": ["web-02"]}))
    assert stopped(planned(estate, cli)) == ["web-02"]


def test_an_exempt_vm_is_meant_to_have_no_backup_and_stopped_like_others(estate: Estate, cli: Cli) -> None:
    exemption = document("Exemption", "spare", select={"names": ["web-02"]}, reason="spare", expires="2099-12-31")
    estate.declare("all", GOVERNED, policy(), own(), exemption)
    assert stopped(planned(estate, cli)) == ["web-02"]


# ---- which VMs are left --------------------------------------------------------------------------------------------


@pytest.mark.parametrize("state", ["ProtectionStopped", "SoftDeleted"])
def test_what_is_not_backed_up_any_more_is_left_as_it_is(estate: Estate, cli: Cli, state: str) -> None:
    contents = held("web-01")
    contents["protectedItems"].append({"vm": "rg-web/web-02", "state": state})
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": contents}))
    plan = planned(estate, cli)
    assert (stopped(plan), told(plan, "authoritative")) == ([], [])


def test_the_backups_of_a_vm_that_is_gone_are_left_as_they_are(estate: Estate, cli: Cli) -> None:
    contents = held("web-01", "web-02")
    contents["protectedItems"][1]["vmGone"] = True
    estate.exists(**world(vms("web-01"), {"rsv": contents}))
    plan = planned(estate, cli)
    assert (stopped(plan), told(plan, "authoritative")) == ([], [])


def test_a_vm_that_was_made_anew_is_perhaps_not_tagged_yet(estate: Estate, cli: Cli) -> None:
    contents = held("web-01", "web-02")
    contents["protectedItems"][1]["lastBackup"] = "2026-11-01T23:00:00Z"
    new = vms("web-02", tags={}, createdAt="2026-11-10T08:00:00Z")
    estate.exists(**world(vms("web-01") | new, {"rsv": contents}))
    estate.declare("all", GOVERNED, policy(), assignment())
    plan = planned(estate, cli)
    assert (stopped(plan), left(plan), len(told(plan, "vm-recreated"))) == ([], ["web-02"], 1)


@pytest.mark.parametrize("looking", [{}, {"vault": "other", "select": {"subscriptions": [OTHER], "names": ["db-*"]}}])
def test_a_vm_where_no_assignment_into_the_vault_looks_is_left(
    estate: Estate, cli: Cli, looking: dict[str, Any]
) -> None:
    """Not even where an assignment into another vault looks into its subscription."""
    contents = held("web-01")
    group = {"location": "japaneast", "virtualMachines": vms("web-02", "db-01")}
    elsewhere = f"/subscriptions/{OTHER}/resourceGroups/rg-web/providers/Microsoft.Compute/virtualMachines/web-02"
    contents["protectedItems"].append({"vm": elsewhere, "policy": "daily"})
    exists = world(vms("web-01"), {"rsv": contents, "other": held()})
    exists["subscriptions"][OTHER] = {"resourceGroups": {"rg-web": group}}
    estate.exists(**exists)
    others = [own("db-01", **looking)] if looking else []
    estate.declare("all", GOVERNED, vault("other"), policy(vaults="all"), own(), *others)
    plan = planned(estate, cli)
    assert "stop" not in {action["verb"] for action in plan["actions"]}
    assert (told(plan, "authoritative"), left(plan)) == ([], ["web-02"])
    which = "the subscription of some of its VMs that none selects (1)"
    message = f"no assignment into it looks into {which}, so they stay as they are"
    assert told(plan, "authoritative-doubt") == ([("info", message)] if looking else []), "if it has been seen at all"


def test_a_vm_that_is_selected_for_another_vault_goes_on_in_this_one(estate: Estate, cli: Cli) -> None:
    moving = own("web-02", vault="other", policy="DefaultPolicy")
    estate.declare("all", GOVERNED, vault("other"), policy(vaults="all"), own(), moving)
    plan = planned(estate, cli)
    assert "stop" not in {action["verb"] for action in plan["actions"]}
    assert told(plan, "authoritative") == []
    assert len(told(plan, "vm-in-other-vault")) == 1


def test_a_vm_that_two_assignments_claim_is_declared(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, policy(), own(), own("web-02"), own("web-2", select={"ids": [vm_id("web-02")]}))
    plan = planned(estate, cli)
    assert (stopped(plan), len(told(plan, "vm-claimed-twice"))) == ([], 1)


# ---- when authority rests ------------------------------------------------------------------------------------------


def test_without_roots_nothing_is_stopped(estate: Estate, cli: Cli) -> None:
    (estate.manifests / "backup-reconciler.yaml").unlink()
    rests(estate, cli, "no settings name the roots of all manifests", "authoritative-roots")
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert estate.writes() == []


def test_a_run_over_a_part_of_the_roots_stops_nothing(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    for team, vm in (("a", "web-01"), ("b", "web-02")):
        (estate.manifests / team).mkdir()
        estate.declare(f"{team}/all", own(vm))
    estate.declare("a/vault", GOVERNED, policy())
    (estate.manifests / "all.yaml").unlink()
    settle(estate.manifests, roots=["a", "b"])
    (estate.manifests / ".git").mkdir()
    monkeypatch.chdir(estate.manifests / "a")
    plan = cli("plan", ".", "--sandbox", estate.world, "--format", "json").json
    assert stopped(plan) == []
    rest = "so its VMs that no assignment selects (1) stay as they are"
    assert told(plan, "authoritative-roots") == [("info", f"this run leaves out manifests of the root b, {rest}")]
    assert cli("plan", ".", "../b", "--sandbox", estate.world, "--format", "json").json["actions"] == []


def test_a_run_through_a_link_to_the_root_covers_it(estate: Estate, cli: Cli) -> None:
    (estate.folder / "current").symlink_to(estate.manifests)
    plan = cli("plan", estate.folder / "current", "--sandbox", estate.world, "--format", "json")
    assert stopped(plan.json) == ["web-02"]


def test_an_assignment_that_matches_nothing_may_have_meant_the_vm(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, policy(), own(), own("wbe-02"))
    rests(estate, cli, "VMAssignment/of-wbe-02 matches no VM")


def test_an_assignment_that_names_no_vm_by_its_id_may_have_meant_the_vm(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, policy(), own(), assignment(select={"ids": [vm_id("wbe-02")]}))
    rests(estate, cli, "VMAssignment/production names a VM that nobody sees")


def test_a_mistake_in_another_vaults_assignment_does_not_matter(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, vault("other"), policy(vaults="all"), own(), own("wbe-02", vault="other"))
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]].count("stop") == 1


def test_an_assignment_that_looks_where_nothing_is_shown_may_select_the_vm(estate: Estate, cli: Cli) -> None:
    seeing = [{"actions": READS_BACKUPS}, {"actions": [COMPUTE], "scopes": [f"/subscriptions/{SUBSCRIPTION}"]}]
    exists = world(vms("web-01", "web-02"), {"rsv": held("web-01", "web-02")}, access=seeing)
    group = {"location": "japaneast", "virtualMachines": vms("db-01")}
    exists["subscriptions"][OTHER] = {"resourceGroups": {"rg-web": group}}
    estate.exists(**exists)
    estate.declare("all", GOVERNED, policy(), own(), own("db-01", select={"subscriptions": [OTHER], "names": ["db-*"]}))
    rests(estate, cli, "what VMAssignment/of-db-01 selects is not known")


def test_a_backup_whose_vm_is_gone_may_be_named_by_its_id(estate: Estate, cli: Cli) -> None:
    """As when it is to be ended: it is no misspelt name."""
    contents = held("web-01", "web-02")
    contents["protectedItems"].append({"vm": "rg-web/web-03", "vmGone": True, "policy": "daily"})
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": contents}))
    ending = own("web-03", select={"ids": [vm_id("web-03")]}, protection="stopped")
    estate.declare("all", GOVERNED, policy(), own(), ending)
    assert stopped(planned(estate, cli)) == ["web-02", "web-03"]


def test_an_assignment_into_a_vault_that_goes_is_not_evaluated(estate: Estate, cli: Cli) -> None:
    going = own("web-02", vault="old", protection="stopped", policy="DefaultPolicy")
    estate.declare("all", GOVERNED, vault("old", state="absent"), policy(), own(), going)
    rests(estate, cli, "what VMAssignment/of-web-02 selects is not known")


def test_an_assignment_of_whose_vaults_one_goes_is_not_evaluated_whole(estate: Estate, cli: Cli) -> None:
    choice = {"vaults": {"matchRegion": ["old", "west"]}, "select": {"names": ["web-02"]}, "protection": "stopped"}
    vaults = vault("old", state="absent"), vault("west", location="japanwest", existing=True)
    estate.declare("all", GOVERNED, *vaults, policy(), own(), document("VMAssignment", "choice", **choice))
    rests(estate, cli, "what VMAssignment/choice selects is not known")


def test_a_vault_that_nothing_is_selected_for_is_not_emptied(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": held("web-01")}))
    estate.declare("all", GOVERNED, policy())
    rests(estate, cli, "no assignment selects any VM for it")


def test_a_vault_that_is_blocked_stops_nothing(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(authoritative=True, location="japanwest"), policy(), own(protection="stopped"))
    plan = planned(estate, cli)
    assert stopped(plan) == []
    assert {one["verb"] for one in plan["heldBack"]} == {"stop"}


# ---- what holds for all stops --------------------------------------------------------------------------------------


def test_a_selection_that_drops_sharply_is_stopped_by_the_limit(estate: Estate, cli: Cli) -> None:
    names = [f"web-{number:02}" for number in range(12)]
    estate.exists(**world(vms(*names[:2]) | vms(*names[2:], tags={}), {"rsv": held(*names)}))
    estate.declare("all", GOVERNED, policy(), assignment())
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert "vault rsv: 10 of its 12 VMs would be changed, and one run may change 2 (20 %)" in refused.err
    assert "to agree, add --max-changes 10" in refused.err
    assert estate.writes() == []
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--max-changes", "10").status == 0
    assert planned(estate, cli)["actions"] == []


def test_a_stop_that_a_resource_guard_watches_over_is_left(estate: Estate, cli: Cli) -> None:
    guard = {"id": GUARD, "protects": ["stopProtectionWithRetainDataRequests"]}
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": held("web-01", "web-02", resourceGuard=guard)}))
    (stop,) = planned(estate, cli)["actions"]
    assert stop["needsApproval"] == "guard"
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 3
    assert estate.writes() == []


def test_a_stop_comes_after_the_update_of_the_policy_it_leaves(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, policy(retention={"daily": {"days": 60}}), own())
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["updatePolicy", "stop"]
    assert plan["actions"][1]["dependsOn"] == [plan["actions"][0]["id"]]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert planned(estate, cli)["actions"] == []


def test_a_policy_goes_after_the_last_vm_that_nobody_declares(estate: Estate, cli: Cli) -> None:
    estate.declare("all", GOVERNED, absent_policy("daily"), own(policy="DefaultPolicy"))
    assert [action["verb"] for action in planned(estate, cli)["actions"]] == ["changePolicy", "stop", "deletePolicy"]
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive").status == 0
    assert planned(estate, cli)["actions"] == []


def test_the_vms_of_the_vaults_own_subscription_are_read_once(estate: Estate, cli: Cli) -> None:
    """Though no assignment looks there: two lists, the vault's three reads, and one query of Resource Graph."""
    settle(estate.manifests, roots=["."])
    estate.declare("all", GOVERNED, policy())
    estate.forget()
    planned(estate, cli)
    assert len(estate.requests(containing="/virtualMachines")) == 1
    assert len(estate.requests()) == 6
    assert SUBSCRIPTION in estate.requests(containing="/virtualMachines")[0].path
