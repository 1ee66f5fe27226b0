"""VMs that nobody sees: what keeps an action from them, and what can be done about their backups all the same."""

from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.azure.codec import vm as vm_codec
from backup_reconciler.plan.action import Change
from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.protection.absence import absence_refusal, told_absence
from backup_reconciler.plan.protection.whereabouts import Whereabouts
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.spec.arm_id import policy_id
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.protection import AssignmentSpec, Protection, ProtectionSettings
from backup_reconciler.spec.rules.protection import VM_HIDDEN, VM_MISSING
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.snapshot import Presence, Snapshot
from tests.conftest import vm_id
from tests.unit.plan.actions import ITEM, POLICY, VAULT, VM

HERE, IDS = Place("all.yaml", 1, 1), Place("all.yaml", 7, 3)
SPEC = {"vault": "rsv", "policy": "daily", "select": {"ids": [VM.text]}}
ASSIGNMENT = Declaration(
    "VMAssignment", "a", AssignmentSpec.model_validate(SPEC), Source({(): HERE, ("spec", "select", "ids"): IDS})
)
MACHINE = vm_codec.decode({"id": VM.text, "location": "japaneast"})


def wish(protection: Protection = "active", **rest: Any) -> Wish:
    settings = ProtectionSettings(protection, policy=POLICY if protection == "active" else None)
    fields = {"settings": settings, "policy_is_declared": True, "vm": VM, "live": None, "label": "VM web-01", **rest}
    return Wish(assignment=ASSIGNMENT, vault=VAULT, vault_location="japaneast", **fields)


def refusal(
    wished: Wish, item: LiveItem | None = None, presence: Presence = Presence.GONE, *others: str
) -> Finding | None:
    there = [vm_codec.decode({"id": vm_id("web-01", group), "location": "japaneast"}) for group in others]
    snapshot = Snapshot(absent_vms={VM: presence}, vms={one.id: one for one in there})
    return absence_refusal(wished, item, Whereabouts.of(snapshot))


@pytest.mark.parametrize("protection", ["stopped", "suspended", "deleted"])
def test_the_backup_of_a_vm_that_nobody_sees_can_be_ended(protection: Protection) -> None:
    assert refusal(wish(protection), ITEM) is None


def test_what_is_seen_is_not_refused() -> None:
    for protection in ("active", "stopped"):
        for item in (ITEM, None):
            assert refusal(wish(protection, live=MACHINE), item) is None


@pytest.mark.parametrize("protection", ["active", "stopped", "suspended"])
def test_a_vm_without_a_backup_that_nobody_sees_is_refused(protection: Protection) -> None:
    found = refusal(wish(protection))
    assert found is not None
    assert (found.rule, found.severity, found.place) == (VM_MISSING, Severity.BLOCKED, IDS)
    assert (found.instead, found.changes, found.resources) == ("", (), ())


def test_what_has_no_backup_needs_no_deletion() -> None:
    assert refusal(wish("deleted")) is None


@pytest.mark.parametrize(
    ("presence", "rule"),
    [(Presence.GONE, VM_MISSING), (Presence.HIDDEN, VM_HIDDEN), (Presence.UNREAD, VM_HIDDEN)],
)
def test_only_what_azure_says_is_gone_is_missing(presence: Presence, rule: object) -> None:
    found = refusal(wish(), ITEM, presence)
    assert found is not None
    assert found.rule is rule


def test_a_backup_that_is_made_of_a_vm_that_is_gone_differs_where_it_is_not_as_wished() -> None:
    as_wished = refusal(wish(), replace(ITEM, disks=None))
    assert as_wished is not None
    assert as_wished.instead.startswith("correct the id if it was moved; to end its backup, declare")
    assert (as_wished.drift, as_wished.changes) == (refusal(wish()).drift, ())  # type: ignore[union-attr]
    other = refusal(wish(), replace(ITEM, policy=policy_id(VAULT, "weekly")))
    assert other is not None
    assert (other.drift, other.changes) == (DriftState.DIFFERS, (Change("policy", "weekly", "daily", HERE),))


def test_where_a_vm_may_have_gone_is_told_if_one_alone_bears_its_name() -> None:
    moved = refusal(wish(), None, Presence.GONE, "rg-new")
    assert moved is not None
    assert moved.message == f"{VM} does not exist; perhaps it was moved: web-01 in rg-new has no backup"
    assert [one.resource_group for one in moved.resources] == ["rg-new"]
    several = refusal(wish(), None, Presence.GONE, "rg-new", "rg-old")
    assert several is not None
    assert (several.message, several.resources) == (f"{VM} does not exist", ())


def test_an_absence_is_told_only_where_azure_says_so() -> None:
    told = {one: told_absence(VM, Whereabouts.of(Snapshot(absent_vms={VM: one})), "it") for one in Presence}
    assert told[Presence.GONE] == "it does not exist"
    assert told[Presence.HIDDEN] == "these rights do not show it, if it exists"
    assert told[Presence.UNREAD] == "no list shows it, and it was not asked for: a run asks for 20 such VMs"
