"""Which VMs an authoritative vault stops, and where that is told; whole stories are in test_authoritative.py."""

from datetime import date
from typing import Any

import pytest

from backup_reconciler.azure.codec import policy, protection, vault, vm
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.action import Change, Stop
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.spec.document import Declaration, Manifests, Place, Source
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.settings import SettingsSpec
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests.conftest import daily_policy

HOME = "aaaaaaaa-0000-0000-0000-000000000000"
FAR = "bbbbbbbb-0000-0000-0000-000000000000"
FIELD = Place("rsv", 7, 3)


def declared(kind: str, handle: str, spec: Any) -> Declaration[Any]:
    return Declaration(kind, handle, spec, Source({(): Place(handle, 1, 1), ("spec", "authoritative"): FIELD}))


def machine(name: str, subscription: str = HOME) -> str:
    where = f"/subscriptions/{subscription}/resourceGroups/rg-web"
    return f"{where}/providers/Microsoft.Compute/virtualMachines/{name}"


def plan_for(
    *backed_up: str,
    state: str = "Protected",
    authoritative: bool | None = True,
    roots: bool = True,
    left_out: tuple[str, ...] = (),
    **selecting: Any,
) -> Plan:
    """The plan over a vault that backs up web-01 and these VMs; by default one assignment selects web-01."""
    root = f"/subscriptions/{HOME}/resourceGroups/rg/providers/Microsoft.RecoveryServices/vaults/rsv"
    daily = policy.decode({"id": f"{root}/backupPolicies/DefaultPolicy", "properties": daily_policy(30)})
    ids = [*backed_up, machine("web-01")]
    held = [
        protection.decode(
            {
                "id": f"{root}/items/VM;iaasvmcontainerv2;rg-web;{id_.rpartition('/')[2]}",
                "properties": {"protectionState": state, "sourceResourceId": id_, "policyId": daily.id.text},
            }
        )
        for id_ in ids
    ]
    live = vault.decode({"id": root, "location": "japaneast", "properties": {}})
    there = [vm.decode({"id": id_, "location": "japaneast"}) for id_ in ids]
    spec = {"subscription": HOME.upper(), "resourceGroup": "rg", "location": "japaneast"}
    if authoritative is not None:
        spec["authoritative"] = authoritative  # type: ignore[assignment]
    wished = {"vault": "rSV", "policy": "DefaultPolicy", "select": {"ids": [machine("web-01")]}, **selecting}
    manifests = Manifests(
        vaults=(declared("Vault", "Rsv", VaultSpec.model_validate(spec)),),
        assignments=(declared("VMAssignment", "a", AssignmentSpec.model_validate(wished)),),
        settings=declared("Settings", "", SettingsSpec.model_validate({"roots": ["."]})) if roots else None,
        roots_left_out=left_out,
    )
    contents = VaultContents(live, {daily.id: daily}, {one.vm: one for one in held})
    return make_plan(manifests, Snapshot({live.id: contents}, vms={one.id: one for one in there}), date(2026, 11, 23))


def stopped(plan: Plan) -> list[str]:
    assert {type(one) for one in plan.actions} <= {Stop}
    return [one.vm.name for one in plan.actions if isinstance(one, Stop)]


def told(plan: Plan, rule: str = "authoritative-doubt") -> list[Finding]:
    return [one for one in plan.findings if one.rule.id == rule]


def test_what_nobody_selects_is_stopped_in_the_order_of_its_id() -> None:
    plan = plan_for(machine("web-03"), machine("web-02"))
    assert stopped(plan) == ["web-02", "web-03"]
    (finding,) = told(plan, "authoritative")
    assert (finding.severity, finding.place, "(2)" in finding.message) == (Severity.INFO, FIELD, True)
    assert {one.place for one in plan.actions} == {FIELD}
    assert [change for one in plan.actions for change in one.changes] == [
        Change("protection", "active", "stopped", FIELD)
    ] * 2
    assert told(plan) == []


@pytest.mark.parametrize("authoritative", [False, None])
def test_a_vault_that_is_not_authoritative_stops_nothing(authoritative: bool | None) -> None:
    plan = plan_for(machine("web-02"), authoritative=authoritative)
    assert (stopped(plan), told(plan), told(plan, "authoritative")) == ([], [], [])


def test_where_everything_is_selected_or_stopped_there_is_nothing_to_tell() -> None:
    selecting = {"select": {"names": ["web-*"]}, "protection": "stopped"}
    assert told(plan_for(machine("web-02"), **selecting), "authoritative") == []
    paused = plan_for(machine("web-02"), state="ProtectionStopped", protection="stopped")
    assert (stopped(paused), told(paused, "authoritative")) == ([], [])


def test_the_case_of_letters_in_ids_keeps_nothing_from_being_stopped() -> None:
    assert stopped(plan_for(machine("web-02", HOME.upper()))) == ["web-02"]


def test_a_vm_where_no_assignment_looks_stays_and_is_counted() -> None:
    plan = plan_for(machine("web-02"), machine("web-03"), machine("far-01", FAR))
    assert stopped(plan) == ["web-02", "web-03"]
    (finding,) = told(plan)
    assert (finding.severity, finding.place) == (Severity.INFO, FIELD)
    assert "some of its VMs that none selects (1), so they stay" in finding.message


def test_an_assignment_that_looks_there_makes_it_known() -> None:
    selecting = {"select": {"subscriptions": [HOME, FAR.upper()], "names": ["web-01"]}}
    assert stopped(plan_for(machine("far-01", FAR), **selecting)) == ["far-01"]


def test_the_vaults_own_subscription_is_looked_in_wherever_assignments_look() -> None:
    selecting = {"select": {"subscriptions": [FAR], "names": ["far-*"]}}
    assert stopped(plan_for(machine("far-01", FAR), machine("web-02"), **selecting)) == ["web-01", "web-02"]


@pytest.mark.parametrize(("left_out", "told_as"), [(("a",), "the root a"), (("a", "b"), "the roots a, b")])
def test_a_run_that_leaves_manifests_out_stops_nothing(left_out: tuple[str, ...], told_as: str) -> None:
    plan = plan_for(machine("web-02"), left_out=left_out)
    (finding,) = told(plan, "authoritative-roots")
    assert (stopped(plan), finding.severity) == ([], Severity.INFO)
    assert f"leaves out manifests of {told_as}, so" in finding.message


def test_a_doubt_is_told_at_the_field() -> None:
    (finding,) = told(plan_for(machine("web-02"), select={"names": ["wbe-*"]}))
    assert (finding.severity, finding.place) == (Severity.WARNING, FIELD)
    assert "VMAssignment/a matches no VM" in finding.message
    plan = plan_for(machine("web-02"), roots=False)
    assert stopped(plan) == []
    assert [(one.place, one.severity) for one in told(plan, "authoritative-roots")] == [(FIELD, Severity.WARNING)]
