"""Deleting backups: the steps, what each costs, and whose approval counts."""

from dataclasses import replace
from datetime import date
from typing import Any

import pytest

from backup_reconciler.plan.action import Change, DeleteData, Risk, Stop
from backup_reconciler.plan.protection.deletion import deletion_steps, told_state, unapproved
from backup_reconciler.spec.approval import Approval
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.vault import LiveVault
from tests.conftest import vm_id
from tests.unit.plan.actions import DAY, ITEM, LIVE_VAULT, VAULT, VM

PLACE = Place("all.yaml", 7, 3)
STEP: dict[str, Any] = {
    "address": "Protection/a",
    "label": "VM web-01 in rsv",
    "place": PLACE,
    "vault": VAULT,
    "vm": VM,
}


def keeping(days: int | None) -> LiveVault:
    """A vault that keeps what is deleted for so many days; None where Azure does not tell."""
    told = {"state": "Enabled", "retentionDays": days} if days else {"state": "Disabled"}
    return replace(LIVE_VAULT, unsayable={} if days is None else {"softDelete": told})


def steps(item: LiveItem, days: int | None = 14) -> list[Stop | DeleteData]:
    return list(deletion_steps(STEP, item, keeping(days), DAY, PLACE))


def test_backups_that_are_made_are_stopped_first() -> None:
    stop, delete = steps(ITEM)
    assert isinstance(stop, Stop)
    assert isinstance(delete, DeleteData)
    assert (stop.found, stop.label) == (ITEM, STEP["label"])
    assert stop.changes == (Change("protection", "active", "stopped", PLACE),)
    assert stop.data_effect == "all kept, until the next step deletes them; no new ones are made"
    assert (stop.critical, stop.risks) == ({CriticalOperation.STOP_ITEM}, frozenset())
    assert (delete.found, delete.is_next_step) == (ITEM.stopped(), True)
    assert delete.changes == (Change("protection", "stopped", "deleted", PLACE),)
    assert delete.label == "backups of VM web-01 in rsv"
    assert delete.critical == {CriticalOperation.DELETE_ITEM}


@pytest.mark.parametrize("state", [ItemState.STOPPED, ItemState.SUSPENDED])
def test_backups_that_are_not_made_are_deleted_at_once(state: ItemState) -> None:
    item = replace(ITEM, state=state)
    (delete,) = steps(item)
    assert isinstance(delete, DeleteData)
    assert (delete.found, delete.is_next_step) == (item, False)
    assert delete.changes == (Change("protection", state.value, "deleted", PLACE),)


@pytest.mark.parametrize(
    ("days", "risks", "effect"),
    [
        (14, {Risk.DESTRUCTIVE}, "deleted; they can be brought back until 2026-12-07"),
        (
            0,
            {Risk.DESTRUCTIVE, Risk.ONE_WAY},
            "deleted at once and for good, because the vault's soft delete is off",
        ),
        (
            None,
            {Risk.DESTRUCTIVE},
            "deleted; where the vault's soft delete is on, they can be brought back for its days",
        ),
    ],
)
def test_what_is_deleted_can_be_brought_back_while_the_vault_keeps_it(
    days: int | None, risks: set[Risk], effect: str
) -> None:
    assert keeping(days).deleted_kept_days == days
    delete = steps(ITEM, days)[-1]
    assert isinstance(delete, DeleteData)
    assert (delete.risks, delete.data_effect, delete.kept_days) == (risks, effect, days)


def test_where_there_are_no_points_yet_that_is_said() -> None:
    stop, delete = steps(replace(ITEM, has_points=False))
    assert stop.data_effect == "none yet, and none will be made"
    assert delete.data_effect == "none yet; the backup item is deleted; it can be brought back until 2026-12-07"


def test_an_approval_counts_for_the_vms_that_it_names() -> None:
    other = replace(ITEM, vm=ArmId(vm_id("web-02")))
    approval = Approval(by="me", reason="gone", expires=date(2026, 12, 1), vms=[vm_id("WEB-01")])
    assert unapproved(approval, [ITEM, other]) == [other]
    assert unapproved(approval, [ITEM]) == []
    assert unapproved(None, [ITEM, other]) == [ITEM, other]


def test_a_state_that_no_manifest_wishes_for_is_told_in_azures_word() -> None:
    odd = replace(ITEM, state=ItemState.UNKNOWN, wire_state="Hibernated")
    assert told_state(odd) == "Hibernated"
    assert told_state(replace(odd, wire_state="")) == "state not told"
    assert told_state(replace(ITEM, wire_state="Protected")) == "active"
