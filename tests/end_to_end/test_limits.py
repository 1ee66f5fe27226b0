"""How much one run may change: beyond it apply refuses, and says how to agree."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, daily_policy, document, planned, policy, vault, vm_id, vms, world
from tests.end_to_end.test_resource_guard import GUARD
from tests.end_to_end.test_settings import settle

Fleet = tuple[str, ...]


def fleet(number: int, prefix: str = "web") -> Fleet:
    return tuple(f"{prefix}-{index:02}" for index in range(number))


def held(*names: str, days: int = 30, **entry: Any) -> dict[str, Any]:
    """A vault that backs these VMs up by the policy daily."""
    items = [{"vm": f"rg-web/{name}", "policy": "daily"} for name in names]
    return {"location": "japaneast", "policies": {"daily": daily_policy(days)}, "protectedItems": items, **entry}


def stopped(*names: str, **spec: Any) -> dict[str, Any]:
    return assignment("retired", select={"ids": [vm_id(name) for name in names]}, protection="stopped", **spec)


def exceeded(estate: Estate, cli: Cli, *arguments: object) -> list[tuple[str, str]]:
    """The limits that the plan exceeds: what each speaks of, and what it says."""
    findings = planned(estate, cli, *arguments)["findings"]
    limits = [finding for finding in findings if finding["rule"] == "change-limit"]
    assert {finding["severity"] for finding in limits} <= {"warning"}
    return [(finding["address"].partition("/")[0], finding["message"]) for finding in limits]


@pytest.fixture
def twenty(estate: Estate) -> Fleet:
    """A vault with 20 VMs, none of which any manifest selects yet."""
    names = fleet(20)
    estate.exists(**world(vms(*names), {"rsv": held(*names)}))
    return names


def test_a_run_within_the_limits_needs_no_consent(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty[:4]))
    assert exceeded(estate, cli) == []
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert len(estate.writes()) == 4
    assert planned(estate, cli)["actions"] == []


def test_more_than_a_fifth_of_a_vault_is_refused_until_it_is_agreed_to(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty[:5]))
    message = "5 of its 20 VMs would be changed, and one run may change 4 (20 %)"
    assert exceeded(estate, cli) == [("Vault", message)]
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert refused.err == f"error: vault rsv: {message}; nothing was changed; to agree, add --max-changes 5\n"
    assert estate.writes() == []
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--max-changes", 5).status == 0
    assert planned(estate, cli)["actions"] == []


@pytest.mark.parametrize(
    ("verb", "wish"),
    [
        ("stop", {"protection": "stopped"}),
        ("suspend", {"protection": "suspended"}),
        ("changePolicy", {"policy": "DefaultPolicy"}),
        ("migrate", {"policy": "EnhancedPolicy", "moveToEnhanced": {"vmsPerRun": 10}}),
    ],
)
def test_what_changes_backups_counts(estate: Estate, cli: Cli, twenty: Fleet, verb: str, wish: dict[str, Any]) -> None:
    estate.exists(**world(vms(*twenty), {"rsv": held(*twenty, immutability="Unlocked")}))
    wished = assignment(select={"names": list(twenty[:5])}, **wish)
    estate.declare("all", vault(), policy(), wished)
    assert {action["verb"] for action in planned(estate, cli)["actions"]} == {verb}
    assert exceeded(estate, cli) == [("Vault", "5 of its 20 VMs would be changed, and one run may change 4 (20 %)")]


def test_a_selection_that_drops_sharply_is_met_before_anything_is_stopped(
    estate: Estate, cli: Cli, twenty: Fleet
) -> None:
    """A tag that most VMs have lost: they come to the assignment that stops whatever is not tagged."""
    lost = vms(*twenty[3:], tags={})
    estate.exists(**world(vms(*twenty[:3]) | lost, {"rsv": held(*twenty)}))
    rest = assignment("rest", select={"tags": {"env": {"exists": False}}}, protection="stopped")
    estate.declare("all", vault(), policy(), assignment(), rest)
    assert exceeded(estate, cli) == [
        ("Vault", "17 of its 20 VMs would be changed, and one run may change 4 (20 %)"),
        ("Run", "the backups of 17 VMs would be stopped or deleted, and one run may do so for 10"),
    ]
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert (refused.status, refused.err.count("--max-changes 17")) == (1, 1)
    assert estate.writes() == []


def test_all_that_a_plan_needs_agreement_to_is_asked_for_at_once(estate: Estate, cli: Cli) -> None:
    names = fleet(10)
    estate.exists(**world(vms(*names), {"rsv": held(*names, days=60)}))
    estate.declare("all", vault(), policy(), assignment())
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert "vault rsv: 10 of its 10 VMs would be changed, and one run may change 2 (20 %); these" in refused.err
    assert refused.err.endswith("to agree, add --max-changes 10 --allow-destructive\n")
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive").status == 1
    consent = ("--allow-destructive", "--max-changes", "100%")
    assert cli("apply", *estate.sandboxed, "--auto-approve", *consent).status == 0
    assert planned(estate, cli)["actions"] == []


def test_a_vault_with_few_vms_has_no_share(estate: Estate, cli: Cli) -> None:
    names = fleet(9)
    estate.exists(**world(vms(*names), {"rsv": held(*names)}))
    estate.declare("all", vault(), policy(), stopped(*names))
    assert exceeded(estate, cli) == []


def test_stops_are_counted_over_all_vaults(estate: Estate, cli: Cli) -> None:
    here, there = fleet(6), fleet(6, "db")
    estate.exists(**world(vms(*here, *there), {"rsv": held(*here), "other": held(*there)}))
    other = document("VMAssignment", "others", **{**stopped(*there)["spec"], "vault": "other"})
    estate.declare("all", vault(), vault("other"), policy(vaults="all"), stopped(*here), other)
    message = "the backups of 12 VMs would be stopped or deleted, and one run may do so for 10"
    assert exceeded(estate, cli) == [("Run", message)]
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.err == f"error: this run: {message}; nothing was changed; to agree, add --max-changes 12\n"


def test_what_is_soft_deleted_is_none_of_a_vaults_vms(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    contents = held(*twenty[:10])
    contents["protectedItems"] += [{"vm": f"rg-web/{name}", "state": "SoftDeleted"} for name in twenty[10:]]
    estate.exists(**world(vms(*twenty), {"rsv": contents}))
    estate.declare("all", vault(), policy(), stopped(*twenty[:3]))
    assert exceeded(estate, cli) == [("Vault", "3 of its 10 VMs would be changed, and one run may change 2 (20 %)")]
    assert exceeded(estate, cli, "--max-changes", "29%") == [
        ("Run", "3 VMs would be changed, and --max-changes agrees to 2 (29%)")
    ]


def test_what_protects_or_brings_back_does_not_count(estate: Estate, cli: Cli) -> None:
    names = fleet(40)
    contents = held(*names[:10])
    ended = [{"vm": f"rg-web/{name}", "state": "ProtectionStopped"} for name in names[10:20]]
    ended += [{"vm": f"rg-web/{name}", "state": "SoftDeleted"} for name in names[20:30]]
    contents["protectedItems"] += ended
    estate.exists(**world(vms(*names), {"rsv": contents}))
    estate.declare("all", vault(), policy(), assignment(disks="osOnly"))
    verbs = {action["verb"] for action in planned(estate, cli)["actions"]}
    assert verbs == {"protect", "resume", "undelete", "changeDisks"}
    assert exceeded(estate, cli) == []


def test_a_vm_that_is_stopped_and_then_deleted_counts_once(estate: Estate, cli: Cli) -> None:
    names = fleet(11)
    estate.exists(**world(vms(*names), {"rsv": held(*names)}))
    approval = {"by": "Ada", "reason": "ticket 4711", "expires": "2099-12-31", "vms": [vm_id(name) for name in names]}
    estate.declare("all", vault(state="absent", approval=approval))
    assert [address for address, _ in exceeded(estate, cli)] == ["Vault", "Run"]
    allowed = ("--auto-approve", "--allow-destructive", "--max-changes", "11")
    assert cli("apply", *estate.sandboxed, *allowed).status == 0
    assert planned(estate, cli)["actions"] == []


def test_a_vm_that_leaves_a_policy_which_is_changed_too_counts_once(estate: Estate, cli: Cli) -> None:
    names = fleet(10)
    estate.exists(**world(vms(*names), {"rsv": held(*names)}))
    leaving = assignment("leaving", policy="DefaultPolicy", select={"ids": [vm_id(names[0])]})
    staying = assignment(exclude={"ids": [vm_id(names[0])]})
    estate.declare("all", vault(), policy(retention={"daily": {"days": 60}}), staying, leaving)
    assert {action["verb"] for action in planned(estate, cli)["actions"]} == {"updatePolicy", "changePolicy"}
    assert exceeded(estate, cli) == [("Vault", "10 of its 10 VMs would be changed, and one run may change 2 (20 %)")]


def test_what_a_resource_guard_has_to_approve_does_not_count(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    contents = held(*twenty, resourceGuard={"id": GUARD, "protects": ["stopProtectionWithRetainDataRequests"]})
    estate.exists(**world(vms(*twenty), {"rsv": contents}))
    estate.declare("all", vault(), policy(), stopped(*twenty))
    assert all(action["needsApproval"] for action in planned(estate, cli)["actions"])
    assert exceeded(estate, cli) == []


@pytest.mark.parametrize(("agreed", "told"), [
    ("6", []),
    ("30%", []),
    ("5", ["6 VMs would be changed, and --max-changes agrees to 5"]),
    ("29%", ["6 VMs would be changed, and --max-changes agrees to 5 (29%)"]),
    ("0", ["6 VMs would be changed, and --max-changes agrees to 0"]),
])  # fmt: skip
def test_what_the_command_line_agrees_to_is_the_limit(
    estate: Estate, cli: Cli, twenty: Fleet, agreed: str, told: list[str]
) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty[:6]))
    settle(estate.manifests, limits={"share": 0, "stops": 0})
    assert exceeded(estate, cli, "--max-changes", agreed) == [("Run", message) for message in told]
    refused = cli("apply", *estate.sandboxed, "--auto-approve", "--max-changes", agreed)
    assert refused.status == (1 if told else 0)
    assert bool(estate.writes()) is not bool(told)


def test_a_number_below_the_limits_holds_as_well(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty[:2]))
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--max-changes", "1").status == 1
    assert estate.writes() == []


@pytest.mark.parametrize("text", ["", "-1", "101%", "1.5%"])
def test_what_is_neither_a_number_nor_a_share_is_refused(estate: Estate, cli: Cli, text: str) -> None:
    told = cli("apply", *estate.sandboxed, f"--max-changes={text}")
    assert told.status == 1
    assert f"'{text}' is neither a number of VMs such as 40 nor a share such as 25%." in told.err


def test_settings_say_other_limits_and_where_they_do(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty[:5]))
    settle(estate.manifests, limits={"share": 25, "stops": 4})
    found = [one for one in planned(estate, cli)["findings"] if one["rule"] == "change-limit"]
    assert [one["message"] for one in found] == [
        "the backups of 5 VMs would be stopped or deleted, and one run may do so for 4"
    ]
    assert found[0]["source"] == f"{estate.manifests / 'backup-reconciler.yaml'}:6"
    settle(estate.manifests, limits={"population": 21})
    assert exceeded(estate, cli) == []


def test_settings_may_say_a_number_for_the_whole_run(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), assignment(select={"names": list(twenty[:4])}, policy="DefaultPolicy"))
    settle(estate.manifests, limits={"changes": 3})
    assert exceeded(estate, cli) == [("Run", "4 VMs would be changed, and one run may change 3")]
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 1
    settle(estate.manifests, limits={"changes": 4})
    assert exceeded(estate, cli) == []


def test_a_pipeline_needs_no_flag_but_the_yes(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    """Whatever else the command line agrees to can stand in the settings; that nobody is asked cannot."""
    estate.declare("all", vault(), policy(retention={"daily": {"days": 7}}), stopped(*twenty[:12]))
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert refused.err.endswith("; to agree, add --max-changes 20 --allow-destructive\n")
    settle(estate.manifests, limits={"share": 100, "stops": 12}, allow={"destructive": True})
    assert "there is no terminal; add --auto-approve" in cli("apply", *estate.sandboxed).err
    assert estate.writes() == []
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    settle(estate.manifests, autoApprove=True)
    assert "[unknown-field]" in cli("apply", *estate.sandboxed).err


def test_a_dry_run_shows_what_would_be_refused(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty[:5]))
    told = cli("apply", *estate.sandboxed, "--dry-run")
    assert told.status == 0
    assert "[change-limit]" in told.text
    assert "if all of it is meant, add --max-changes 5" in told.text
    assert told.out.count("PUT http") == 5
    assert estate.writes() == []


def test_drift_changes_nothing_and_knows_no_limit(estate: Estate, cli: Cli, twenty: Fleet) -> None:
    estate.declare("all", vault(), policy(), stopped(*twenty))
    drift = cli("drift", *estate.sandboxed)
    assert (drift.status, "change-limit" in drift.out) == (2, False)
