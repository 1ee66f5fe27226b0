"""What a Resource Guard watches over is marked in the plan and left for whoever may approve it; the rest goes on."""

from typing import Any

import pytest

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

GUARD = "/subscriptions/s/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"
BESIDE = policy("beside")
"""Something that no guard watches over."""
APPROVAL = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("web-01")]}
SHORTER = policy("long", retention={"daily": {"days": 30}})
BOUND = assignment(policy="long")
CONSENT = ("--auto-approve", "--allow-destructive")

CASES: dict[str, tuple[str, str, list[dict[str, Any]]]] = {
    "stopping": (
        "stopProtectionWithRetainDataRequests",
        "stop",
        [vault(), BESIDE, assignment(protection="stopped", policy="DefaultPolicy")],
    ),
    "a policy that keeps less": ("updateProtectionPolicyRequests", "updatePolicy", [vault(), BESIDE, SHORTER, BOUND]),
    "a move to one that keeps less": (
        "updateProtectedItemRequests",
        "changePolicy",
        [vault(), BESIDE, assignment(policy="DefaultPolicy")],
    ),
    "deleting": (
        "deleteProtectedItemRequests",
        "deleteData",
        [vault("other"), policy("beside", vaults=["other"]), vault(state="absent", approval=APPROVAL)],
    ),
}


def exists(estate: Estate, *protects: str, state: str = "Protected", **world_: Any) -> None:
    bound = {"policy": "long"} if state == "Protected" else {}
    live: dict[str, Any] = {
        "location": "japaneast",
        "policies": {"long": daily_policy(60)},
        "protectedItems": [{"vm": "rg-web/web-01", "state": state, **bound}],
    }
    if protects:
        live["resourceGuard"] = {"id": GUARD, "protects": list(protects)}
    estate.exists(**world(vms("web-01"), {"rsv": live, "other": {"location": "japaneast"}}, **world_))


@pytest.mark.parametrize("case", CASES)
def test_what_the_guard_watches_over_is_marked_and_left(estate: Estate, cli: Cli, case: str) -> None:
    kind, verb, documents = CASES[case]
    exists(estate, kind, state="ProtectionStopped" if case == "deleting" else "Protected")
    estate.declare("all", *documents)
    needs = {action["verb"]: action["needsApproval"] for action in planned(estate, cli)["actions"]}
    assert needs == dict.fromkeys(needs) | {verb: "guard"}
    text = cli("plan", *estate.sandboxed).text
    assert "needs approval)" in text
    assert "the Resource Guard guard has to approve it; apply leaves it out" in text

    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3
    assert (
        "the Resource Guard guard has to approve it fix: let somebody whom the guard trusts carry it out" in told.text
    )
    assert [(seen.method, seen.path.rpartition("/")[2]) for seen in estate.writes()] == [("PUT", "beside")]
    drift = cli("drift", *estate.sandboxed)
    assert (drift.status, "(needs approval)" in drift.text) == (2, True)
    assert verb in {action["verb"] for action in planned(estate, cli)["actions"]}


@pytest.mark.parametrize("case", CASES)
def test_what_it_does_not_watch_over_goes_through(estate: Estate, cli: Cli, case: str) -> None:
    kind, verb, documents = CASES[case]
    others = {kind for kind, _, _ in CASES.values()} - {kind}
    exists(estate, *others, state="ProtectionStopped" if case == "deleting" else "Protected")
    estate.declare("all", *documents)
    needs = {action["verb"]: action["needsApproval"] for action in planned(estate, cli)["actions"]}
    assert needs[verb] is None
    assert set(needs.values()) == {None}
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 0, told.out
    assert planned(estate, cli)["actions"] == []


def test_a_vm_is_stopped_while_the_deletion_of_its_backups_waits(estate: Estate, cli: Cli) -> None:
    exists(estate, "deleteProtectedItemRequests")
    estate.declare("all", vault(state="absent", approval=APPROVAL))
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3
    assert "1 done and 3 skipped" in told.text
    assert [seen.method for seen in estate.writes()] == ["PUT"]
    assert "skipped vault rsv" in told.text
    again = cli("apply", *estate.sandboxed, *CONSENT)
    assert again.status == 3, "nothing but what waits for approval"
    assert len(estate.writes()) == 1


def test_backups_whose_stop_waits_are_not_deleted_either(estate: Estate, cli: Cli) -> None:
    exists(estate, "stopProtectionWithRetainDataRequests")
    estate.declare("all", vault(state="absent", approval=APPROVAL))
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3
    assert "Apply: 4 skipped;" in told.text
    assert "the next plan goes on from there" in told.text, "it deletes, once somebody has stopped them"
    assert "Run apply again" not in told.text, "it would be skipped again"
    assert estate.writes() == []


def test_a_vm_leaves_a_policy_whose_change_waits(estate: Estate, cli: Cli) -> None:
    exists(estate, "updateProtectionPolicyRequests")
    longer = policy("longer", retention={"daily": {"days": 90}})
    estate.declare("all", vault(), SHORTER, longer, assignment(policy="longer"))
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert (told.status, "2 done and 1 skipped" in told.text) == (3, True), told.out
    assert [seen.path.rpartition("/")[2].partition(";")[0] for seen in estate.writes()] == ["longer", "VM"]


def test_a_vm_comes_to_a_policy_as_it_is_while_its_change_waits(estate: Estate, cli: Cli) -> None:
    """It would otherwise go without backups, and what becomes of its points is told by what it will be bound to."""
    guard = {"id": GUARD, "protects": ["updateProtectionPolicyRequests"]}
    policies = {"long": daily_policy(60), "longer": daily_policy(90)}
    items = [{"vm": "rg-web/web-01", "policy": "longer"}]
    live = {"location": "japaneast", "policies": policies, "protectedItems": items, "resourceGuard": guard}
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": live}))
    fewer_snapshots = {"instantRestoreDays": 1, "retention": {"daily": {"days": 365}}}
    estate.declare("all", vault(), policy("long", **fewer_snapshots), BOUND)
    actions = {action["verb"]: action for action in planned(estate, cli)["actions"]}
    assert (actions["updatePolicy"]["needsApproval"], actions["changePolicy"]["risks"]) == ("guard", ["destructive"])
    assert actions["changePolicy"]["dataEffect"] == "deleted earlier: daily points are kept 60 instead of 90 days"
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert (told.status, "2 done and 1 skipped" in told.text) == (3, True), told.out


def test_whether_a_stopped_vm_comes_to_less_is_for_azure_to_tell(estate: Estate, cli: Cli) -> None:
    """By which policy it was backed up nobody can read, so nothing is held up for an approval that it may not need."""
    exists(estate, "updateProtectedItemRequests")
    estate.declare("all", vault(), assignment(protection="stopped", policy="DefaultPolicy"))
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    refused = cli("apply", *estate.sandboxed, *CONSENT)
    assert refused.status == 1
    assert "a Resource Guard watches over that" in refused.text
    assert "fix: let somebody whom the guard trusts carry it out" in refused.text
    estate.declare("all", vault(), policy("long", retention={"daily": {"days": 60}}), BOUND)
    assert cli("apply", *estate.sandboxed, *CONSENT).status == 0
    assert planned(estate, cli)["actions"] == []


def test_moves_that_wait_for_approval_hold_up_no_others(estate: Estate, cli: Cli) -> None:
    guard = {"id": GUARD, "protects": ["updateProtectedItemRequests"]}
    bound = {"web-01": "long", "web-02": "DefaultPolicy", "web-03": "DefaultPolicy"}
    live = {
        "location": "japaneast",
        "policies": {"long": daily_policy(60)},
        "protectedItems": [{"vm": f"rg-web/{name}", "policy": name_of} for name, name_of in bound.items()],
        "resourceGuard": guard,
    }
    estate.exists(**world(vms(*bound), {"rsv": live}))
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy", moveToEnhanced={"vmsPerRun": 1}))
    found = planned(estate, cli)
    moved = {action["address"].rpartition("/")[2]: action["needsApproval"] for action in found["actions"]}
    assert moved == {"web-01": "guard", "web-02": None}
    assert [held["address"].rpartition("/")[2] for held in found["heldBack"]] == ["web-03"]


def test_a_guarded_stop_keeps_the_policy_that_it_would_free(estate: Estate, cli: Cli) -> None:
    exists(estate, "stopProtectionWithRetainDataRequests")
    stopped = assignment(protection="stopped", policy="DefaultPolicy")
    estate.declare("all", vault(), absent_policy("long"), stopped)
    told = cli("apply", *estate.sandboxed, *CONSENT)
    assert told.status == 3
    assert "it needs VM web-01 in rsv, which is skipped Apply: 2 skipped" in told.text
    assert estate.writes() == []


def test_the_guard_costs_one_request_of_a_vault_that_has_one(estate: Estate, cli: Cli) -> None:
    estate.declare("all", vault(), vault("other"))
    exists(estate)
    assert planned(estate, cli)["requests"]["read"] == 1 + 3 + 3
    assert estate.requests("GET", "backupResourceGuardProxies") == []
    exists(estate, "deleteProtectedItemRequests")
    assert planned(estate, cli)["requests"]["read"] == 1 + 3 + 3 + 1
    assert len(estate.requests("GET", "/rsv/backupResourceGuardProxies")) == 1


@pytest.mark.parametrize("verb", ["plan", "drift", "apply"])
def test_a_guard_that_cannot_be_read_ends_the_run(estate: Estate, cli: Cli, verb: str) -> None:
    fault = {"method": "GET", "path": "*/backupResourceGuardProxies", "status": 403, "code": "AuthorizationFailed"}
    exists(estate, "deleteProtectedItemRequests", faults=[fault])
    estate.declare("all", *CASES["stopping"][2])
    told = cli(verb, *estate.sandboxed, *(CONSENT if verb == "apply" else ()))
    assert (told.status, told.out, told.err.count("\n")) == (1, "", 1)
    assert "403 AuthorizationFailed" in told.err
    assert estate.writes() == []
