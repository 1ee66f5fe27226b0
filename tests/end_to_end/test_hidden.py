"""What these rights do not show is neither unprotected nor deleted, and does not keep the rest from going on."""

from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, planned, policy, vault, vm_id, vms, world

OTHER = "22222222-2222-2222-2222-222222222222"
READS_BACKUPS = ["Microsoft.RecoveryServices/*", "Microsoft.Resources/*", "Microsoft.ResourceGraph/*"]
COMPUTE = "Microsoft.Compute/*"


def exists(estate: Estate, *roles: dict[str, Any], items: list[dict[str, Any]] | None = None) -> None:
    """Two subscriptions with VMs; the caller may read all backups, and of VMs what these roles say."""
    vaults = {"rsv": {"location": "japaneast", "protectedItems": items or []}}
    found = world(vms("web-01", "web-02"), vaults, access=[{"actions": READS_BACKUPS}, *roles])
    elsewhere = {"rg-web": {"location": "japaneast", "virtualMachines": vms("web-03")}}
    found["subscriptions"][OTHER] = {"resourceGroups": elsewhere}
    estate.exists(**found)


def may_see(scope: str) -> dict[str, Any]:
    return {"actions": [COMPUTE], "scopes": [scope]}


def findings(plan: Any) -> list[tuple[str, str, str]]:
    """What is said of the VMs; that their readiness is hidden too is another matter."""
    about_vms = [one for one in plan["findings"] if one["rule"] in ("vms-hidden", "vm-hidden")]
    return [(one["rule"], one["severity"], one["message"]) for one in about_vms]


UNTOLD = "whether an assignment selects it cannot be told"
BACKED_UP = "it is backed up by DefaultPolicy"
NOT_SHOWN = f"these rights do not show {vm_id('web-02')}, if it exists"
HELD = {"vm": "rg-web/web-02", "policy": "DefaultPolicy"}


def test_an_assignment_that_looks_where_nothing_is_shown_is_blocked_and_others_go_on(estate: Estate, cli: Cli) -> None:
    exists(estate, may_see(f"/subscriptions/{OTHER}"), items=[HELD])
    here, there = assignment(), assignment("other", select={"subscriptions": [OTHER], "names": ["*"]})
    estate.declare("all", vault(), policy(), here, there)
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["createPolicy", "protect"]
    assert plan["actions"][1]["vms"][0].endswith("web-03")
    assert findings(plan) == [
        ("vms-hidden", "blocked", f"these rights do not show the VMs of subscription {SUBSCRIPTION}"),
        (
            "vm-hidden",
            "info",
            f"{UNTOLD}; {BACKED_UP}; these rights do not show its VM, if it exists",
        ),
    ]
    assert estate.requests("GET", "/virtualMachines/") == []
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--strict").status == 1


def test_what_is_selected_by_id_is_asked_for_where_the_list_is_refused(estate: Estate, cli: Cli) -> None:
    exists(estate, may_see(vm_id("web-01")))
    estate.declare("all", vault(), policy(), assignment(select={"ids": [vm_id("web-01"), vm_id("web-02")]}))
    plan = planned(estate, cli)
    assert [action["verb"] for action in plan["actions"]] == ["createPolicy", "protect"]
    assert findings(plan) == [("vm-hidden", "blocked", NOT_SHOWN)]
    assert len(estate.requests("GET", "/virtualMachines/")) == 2


@pytest.mark.parametrize(("status", "code"), [(401, "InvalidAuthenticationToken"), (404, "SubscriptionNotFound")])
def test_any_other_failure_of_a_list_of_vms_ends_the_run(estate: Estate, cli: Cli, status: int, code: str) -> None:
    fault = {"method": "*", "path": "*/virtualMachines", "status": status, "code": code, "message": "no"}
    estate.exists(**world(vms("web-01"), faults=[fault]))
    estate.declare("all", vault(), policy(), assignment())
    assert cli("plan", *estate.sandboxed).status == 1


def test_a_vm_that_cannot_be_asked_for_ends_the_run(estate: Estate, cli: Cli) -> None:
    fault = {"method": "GET", "path": "*/virtualMachines/gone", "status": 500}
    estate.exists(**world(vms("web-01"), faults=[fault]))
    estate.declare("all", vault(), policy(), assignment(select={"ids": [vm_id("gone")]}))
    assert cli("plan", *estate.sandboxed).status == 1
