"""VMs that cannot simply be given what is wished for them: held elsewhere, moved for good, claimed twice, gone."""

from typing import Any

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, daily_policy, policy, vault, vm_id, vms, world

ITEMS: dict[str, dict[str, Any] | None] = {
    "unprotected": None,
    "pending": {"policy": "DefaultPolicy", "state": "IRPending"},
    "protected": {"policy": "DefaultPolicy", "state": "Protected"},
    "stopped": {"state": "ProtectionStopped"},
}


def exists(estate: Estate, state: str, holder: str = "rsv") -> None:
    item = ITEMS[state]
    held = [{"vm": "rg-web/web-01", **item}] if item is not None else []
    vaults: dict[str, Any] = {"rsv": {"location": "japaneast"}}
    vaults.setdefault(holder, {"location": "japaneast"})["protectedItems"] = held
    estate.exists(**world(vms("web-01"), vaults))


@pytest.mark.parametrize("state", [state for state in ITEMS if state != "unprotected"])
def test_a_vm_that_another_vault_holds_is_left_there(estate: Estate, cli: Cli, state: str) -> None:
    exists(estate, state, holder="rsv-other")
    estate.declare("all", vault(), policy(), assignment())
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    assert [action["verb"] for action in planned["actions"]] == ["createPolicy"]
    finding = planned["findings"][0]
    assert (finding["rule"], finding["severity"]) == ("vm-in-other-vault", "blocked")
    assert finding["message"] == "the vault rsv-other in rg-backup holds it already"


def test_a_vm_that_another_declared_vault_holds_is_left_there_and_listed(estate: Estate, cli: Cli) -> None:
    exists(estate, "stopped", holder="rsv-2")
    stop = assignment("stop", select={"names": ["web-01"]}, protection="stopped")
    for wish in (assignment(), stop):
        estate.declare("all", vault(), vault("rsv-2"), policy(), wish)
        planned = cli("plan", *estate.sandboxed, "--format", "json").json
        assert [action["verb"] for action in planned["actions"]] == ["createPolicy"]
        assert [finding["rule"] for finding in planned["findings"]] == ["vm-in-other-vault", "undeclared-item"]
        assert planned["findings"][0]["message"] == "the vault rsv-2 in rg-backup holds it already"


def test_a_move_to_an_enhanced_policy_is_one_way_and_back_is_refused(estate: Estate, cli: Cli) -> None:
    exists(estate, "protected")
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy", moveToEnhanced={"vmsPerRun": 1}))
    (action,) = cli("plan", *estate.sandboxed, "--format", "json").json["actions"]
    assert (action["verb"], action["risk"]) == ("migrate", "one-way")
    assert action["dataEffect"].startswith("kept at least as long as before; a move to an Enhanced policy")
    refused = cli("apply", *estate.sandboxed, "--auto-approve")
    assert refused.status == 1
    assert "these actions cannot be taken back: VM web-01 in rsv; nothing was changed" in refused.err
    assert "--allow-one-way" in refused.err
    assert cli("apply", *estate.sandboxed, "--auto-approve", "--allow-one-way").status == 0
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    assert planned["actions"] == []
    assert planned["findings"][0]["rule"] == "policy-tier"
    assert cli("drift", *estate.sandboxed).status == 2


def test_a_move_that_is_both_needs_both_consents(estate: Estate, cli: Cli) -> None:
    item = {"vm": "rg-web/web-01", "policy": "ten-years"}
    held = {"location": "japaneast", "policies": {"ten-years": daily_policy(3650)}, "protectedItems": [item]}
    estate.exists(**world(vms("web-01"), {"rsv": held}))
    estate.declare("all", vault(), assignment(policy="EnhancedPolicy", moveToEnhanced={"vmsPerRun": 1}))
    planned = cli("plan", *estate.sandboxed)
    assert "migrate VM web-01 in rsv by EnhancedPolicy (one-way, destructive)" in planned.text
    assert "deleted earlier: daily points are kept 30 instead of 3650 days" in planned.text
    (action,) = cli("plan", *estate.sandboxed, "--format", "json").json["actions"]
    assert (action["risk"], action["risks"]) == ("destructive", ["one-way", "destructive"])
    one, other = "--allow-one-way", "--allow-destructive"
    assert f"to agree, add {other} {one}" in cli("apply", *estate.sandboxed, "--auto-approve").err
    assert other in cli("apply", *estate.sandboxed, "--auto-approve", one).err
    assert one in cli("apply", *estate.sandboxed, "--auto-approve", other).err
    assert estate.writes() == []


def test_vms_of_one_name_are_told_with_their_groups(estate: Estate, cli: Cli) -> None:
    found = world(vms("web-01", "web-02"))
    groups = found["subscriptions"][SUBSCRIPTION]["resourceGroups"]
    groups["rg-other"] = {"virtualMachines": vms("WEB-01")}
    estate.exists(**found)
    estate.declare("all", vault(), policy(), assignment())
    assert "RG-OTHER/WEB-01, RG-WEB/web-01, web-02" in cli("plan", *estate.sandboxed).text


def test_what_nobody_declared_is_listed_and_never_touched(estate: Estate, cli: Cli) -> None:
    exists(estate, "protected")
    estate.declare("all", vault(), policy(), assignment(select={"names": ["app-*"]}))
    planned = cli("plan", *estate.sandboxed)
    assert "info VM web-01 in rsv no assignment selects it; it is backed up by DefaultPolicy" in planned.text
    assert "it matches no VM [selects-nothing]" in planned.text
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert estate.requests("PUT", "/protectedItems/") == []


def test_a_vm_that_two_assignments_claim_is_left_alone(estate: Estate, cli: Cli) -> None:
    exists(estate, "unprotected")
    claims = [assignment("one"), assignment("two", select={"names": ["WEB-*"]}, protection="stopped")]
    estate.declare("all", vault(), policy(), *claims)
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    assert [action["verb"] for action in planned["actions"]] == ["createPolicy"]
    (finding,) = planned["findings"]
    assert finding["rule"] == "vm-claimed-twice"
    file = estate.manifests / "all.yaml"
    assert f"VMAssignment/one ({file}:" in finding["message"]
    assert f"VMAssignment/two ({file}:" in finding["message"]


def test_an_id_of_no_vm_is_named(estate: Estate, cli: Cli) -> None:
    exists(estate, "unprotected")
    chosen = {"ids": [vm_id("WEB-01", "RG-web"), vm_id("gone")], "subscriptions": [SUBSCRIPTION]}
    estate.declare("all", vault(), policy(), assignment(select=chosen))
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    assert [action["verb"] for action in planned["actions"]] == ["createPolicy", "protect"]
    assert [(finding["rule"], finding["message"]) for finding in planned["findings"]] == [
        ("vm-missing", f"{vm_id('gone')} does not exist"),
    ]
