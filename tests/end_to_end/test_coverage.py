"""Coverage: every VM that is looked at is in one place, and "cannot be told" is never "unprotected"."""

from typing import Any

import pytest

from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    assignment,
    document,
    planned,
    policy,
    vault,
    vm_id,
    vms,
    world,
)
from tests.end_to_end.test_resource_guard import GUARD

KEPT = {"vm": "rg-web/web-02", "state": "ProtectionStopped", "lastBackup": "2026-08-01T23:00:00Z"}


def exemption(handle: str = "spare", expires: str = "2099-12-31", **spec: Any) -> dict[str, Any]:
    return document("Exemption", handle, **{"reason": "rebuilt every night", "expires": expires, **spec})


def names(ids: list[str]) -> list[str]:
    return [id_.rpartition("/")[2] for id_ in ids]


def findings(plan: Any) -> list[tuple[str, str, str]]:
    return [(one["rule"], one["severity"], one["message"]) for one in plan["findings"]]


@pytest.fixture
def fleet(estate: Estate) -> Estate:
    """One VM is to be protected, one is stopped, one backed up elsewhere, one only kept elsewhere, two are nothing."""
    machines = {**vms("web-01"), **vms("web-02", "web-03", "web-04", "spare-1", "spare-2", tags={})}
    elsewhere = [
        {"vm": "rg-web/web-03", "policy": "DefaultPolicy"},
        {"vm": "rg-web/web-04", "state": "ProtectionStopped"},
    ]
    vaults = {
        "rsv": {"location": "japaneast", "protectedItems": [KEPT]},
        "rsv-other": {"location": "japaneast", "protectedItems": elsewhere},
    }
    estate.exists(**world(machines, vaults))
    return estate


def test_every_vm_counts_once(fleet: Estate, cli: Cli) -> None:
    fleet.declare("all", vault(), policy(), assignment(), exemption(select={"names": ["spare-1"]}))
    coverage = planned(fleet, cli)["coverage"]
    assert names(coverage["covered"]) == ["web-01", "web-03"]
    assert names(coverage["exempt"]) == ["spare-1"]
    uncovered = [(one["vm"].rpartition("/")[2], one["state"]) for one in coverage["uncovered"]]
    assert uncovered == [("spare-2", None), ("web-02", "stopped"), ("web-04", "stopped")]
    assert (coverage["unknown"], coverage["hiddenSubscriptions"]) == ([], [])
    line = "2 of 6 VMs backed up; 1 exempt; 3 without a backup: spare-2, web-02 and web-04."
    assert f"Coverage after this plan: {line}" in cli("plan", *fleet.sandboxed).text


def test_drift_tells_the_coverage_that_there_is_and_what_is_kept_at_cost(fleet: Estate, cli: Cli) -> None:
    stop = assignment("stop", select={"names": ["web-02"]}, protection="stopped")
    del stop["spec"]["policy"]
    fleet.declare("all", vault(), policy(), assignment(), stop)
    told = cli("drift", *fleet.sandboxed).text
    assert "Coverage now: 1 of 6 VMs backed up; 5 without a backup: spare-1, spare-2, web-01 and 2 more." in told
    assert "web-01 no vault holds it web-04 its backup is stopped" in told, "web-02 is stopped, as declared"
    assert "VM web-02 in rsv stopped, as declared last backed up on 2026-08-01, 114 days ago" in told
    assert "1 protected, 0 wrong policy, 3 uncovered, 2 stopped (1 as declared), 0 orphan" in told
    drift = cli("drift", *fleet.sandboxed, "--format", "json").json
    assert len(drift["coverage"]["uncovered"]) == 5
    address = f"Protection/{SUBSCRIPTION}/rg-backup/rsv/rg-web/web-02"
    assert drift["keptBackups"] == [
        {
            "address": address,
            "label": "VM web-02 in rsv",
            "vm": vm_id("web-02"),
            "why": "stopped",
            "lastBackup": "2026-08-01T23:00:00Z",
        },
    ]
    unchanged = "its backups are stopped and its data is kept without an end, at cost; last backed up on 2026-08-01"
    assert unchanged in cli("plan", *fleet.sandboxed, "-v").text


def test_of_many_the_first_are_named_and_all_where_it_is_asked(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms(*[f"web-{number:02}" for number in range(30)])))
    estate.declare("all", vault(), policy(), assignment())
    told = cli("drift", *estate.sandboxed).text
    assert "web-19 no vault holds it and 10 more; -v names them all" in told
    assert "web-29 no vault holds it" in cli("drift", *estate.sandboxed, "-v").text


def test_vms_of_one_name_are_told_with_their_groups(estate: Estate, cli: Cli) -> None:
    found = world(vms("web-01", tags={}))
    found["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-two"] = {"virtualMachines": vms("web-01", tags={})}
    estate.exists(**found)
    estate.declare("all", vault(), policy(), assignment())
    assert "2 without a backup: RG-TWO/web-01 and RG-WEB/web-01" in cli("plan", *estate.sandboxed).text


def test_kept_and_undeclared_backups_of_vms_of_one_name_are_told_with_their_groups(estate: Estate, cli: Cli) -> None:
    kept = [KEPT, {**KEPT, "vm": "rg-two/web-02"}]
    found = world(vms("web-01", "web-02", tags={}), {"rsv": {"location": "japaneast", "protectedItems": kept}})
    found["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-two"] = {"virtualMachines": vms("web-02", tags={})}
    estate.exists(**found)
    estate.declare("all", vault(), policy(), assignment(select={"names": ["web-01"]}))
    assert "rg-two/web-02 and rg-web/web-02" in cli("plan", *estate.sandboxed).text
    told = cli("drift", *estate.sandboxed).text
    assert "VM rg-two/web-02 in rsv stopped last backed up" in told
    assert "VM rg-web/web-02 in rsv stopped last backed up" in told


def test_what_nobody_sees_is_unknown(estate: Estate, cli: Cli) -> None:
    item = {"policy": "DefaultPolicy"}
    held = [{"vm": "rg-web/gone-01", "vmGone": True, **item}, {"vm": "rg-dark/web-09", **item}]
    found = world(vms("web-01"), {"rsv": {"location": "japaneast", "protectedItems": held}})
    found["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-dark"] = {"virtualMachines": vms("web-09")}
    dark = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-dark"
    faults = [{"method": "GET", "path": f"{dark}/*", "status": 403, "code": "AuthorizationFailed"}]
    estate.exists(**found, faults=[*faults, {"method": "GET", "path": "*/virtualMachines", "status": 403}])
    estate.declare("all", vault(), assignment(policy="DefaultPolicy", select={"ids": [vm_id("web-01")]}))
    coverage = planned(estate, cli)["coverage"]
    assert names(coverage["covered"]) == ["web-01"]
    assert coverage["uncovered"] == []
    assert names(coverage["unknown"]) == ["web-09", "gone-01"]
    assert coverage["hiddenSubscriptions"] == [SUBSCRIPTION]
    told = f"2 of which it cannot be told: web-09 and gone-01; the VMs of subscription {SUBSCRIPTION} are not shown."
    assert told in cli("plan", *estate.sandboxed).text


def test_a_backup_in_a_state_that_nobody_understands_is_unknown_too(estate: Estate, cli: Cli) -> None:
    paused = {"vm": "rg-web/web-01", "state": "ProtectionPaused"}
    estate.exists(**world(vms("web-01"), {"rsv": {"location": "japaneast", "protectedItems": [paused]}}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    coverage = planned(estate, cli)["coverage"]
    assert (coverage["covered"], coverage["uncovered"], names(coverage["unknown"])) == ([], [], ["web-01"])


def test_without_assignments_there_is_no_coverage_to_tell(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), exemption(select={"names": ["*"]}))
    assert planned(estate, cli)["coverage"] is None
    assert "Coverage" not in cli("plan", *estate.sandboxed).text


def test_an_exemption_that_has_expired_counts_no_more_and_is_told(fleet: Estate, cli: Cli) -> None:
    fleet.declare(
        "all", vault(), policy(), assignment(), exemption(select={"names": ["spare-*"]}, expires="2026-11-22")
    )
    plan = planned(fleet, cli)
    assert plan["coverage"]["exempt"] == []
    assert ("exemption-expired", "warning", "the exemption ended on 2026-11-22, and 2 VMs count again") in findings(
        plan
    )
    assert len(planned(fleet, cli, "--as-of", "2026-11-22")["coverage"]["exempt"]) == 2, "the last day is a day of it"


def test_an_exemption_that_matches_nothing_is_a_warning_as_far_as_it_can_be_told(fleet: Estate, cli: Cli) -> None:
    unread = exemption("far", select={"names": ["no-*"], "subscriptions": ["22222222-2222-2222-2222-222222222222"]})
    fleet.declare("all", vault(), policy(), assignment(), exemption(select={"names": ["no-*"]}), unread)
    told = [one for one in planned(fleet, cli)["findings"] if one["rule"] == "selects-nothing"]
    assert [(one["address"], one["severity"], one["remedy"]) for one in told] == [
        ("Exemption/spare", "warning", "correct the selection, or remove the exemption")
    ]


def test_a_vm_that_is_both_assigned_and_exempt_is_pointed_out_and_backed_up(fleet: Estate, cli: Cli) -> None:
    fleet.declare("all", vault(), policy(), assignment(), exemption(select={"names": ["web-0[1]", "web-01"]}))
    plan = planned(fleet, cli)
    assert [action["verb"] for action in plan["actions"]] == ["createPolicy", "protect"]
    (clash,) = [one for one in plan["findings"] if one["rule"] == "exemption-clash"]
    assert clash["severity"] == "warning"
    assert clash["message"].startswith("Exemption/spare exempts it, and VMAssignment/production (")


def test_a_vm_whose_backups_have_ended_may_well_be_exempt(fleet: Estate, cli: Cli) -> None:
    stop = assignment("stop", select={"ids": [vm_id("web-02")]}, protection="stopped")
    del stop["spec"]["policy"]
    fleet.declare("all", vault(), policy(), stop, exemption(select={"ids": [vm_id("web-02")]}))
    plan = planned(fleet, cli)
    assert findings(plan) == []
    assert names(plan["coverage"]["exempt"]) == ["web-02"]


@pytest.mark.parametrize(
    ("wished", "counted"),
    [({"protection": "suspended"}, "suspended"), ({"protection": "stopped"}, "stopped")],
    ids=["suspended", "stopped"],
)
def test_what_the_plan_ends_is_not_covered_after_it(
    estate: Estate, cli: Cli, wished: dict[str, Any], counted: str
) -> None:
    item = {"vm": "rg-web/web-01", "policy": "DefaultPolicy"}
    held = {"rsv": {"location": "japaneast", "immutability": "Unlocked", "protectedItems": [item]}}
    estate.exists(**world(vms("web-01"), held))
    end = assignment(**wished)
    del end["spec"]["policy"]
    estate.declare("all", vault(), end)
    coverage = planned(estate, cli)["coverage"]
    assert [one["state"] for one in coverage["uncovered"]] == [counted]
    assert cli("drift", *estate.sandboxed, "--format", "json").json["coverage"]["uncovered"] == []


def test_what_waits_for_a_step_that_a_resource_guard_has_to_approve_is_not_ended(estate: Estate, cli: Cli) -> None:
    item = {"vm": "rg-web/web-01", "policy": "DefaultPolicy"}
    guard = {"id": GUARD, "protects": ["stopProtectionWithRetainDataRequests"]}
    held = {"location": "japaneast", "protectedItems": [item], "resourceGuard": guard}
    estate.exists(**world(vms("web-01"), {"rsv": held}))
    approval = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": [vm_id("web-01")]}
    delete = assignment(protection="deleted", approval=approval)
    del delete["spec"]["policy"]
    estate.declare("all", vault(), delete)
    plan = planned(estate, cli)
    assert [(one["verb"], one["needsApproval"]) for one in plan["actions"]] == [("stop", "guard"), ("deleteData", None)]
    assert names(plan["coverage"]["covered"]) == ["web-01"]
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--max-changes", "0").status == 3, "it deletes nothing"
    assert estate.writes() == []
