"""Deleting the backups of a VM: the steps, what they cost, and whether somebody has approved it."""

from collections.abc import Iterable, Iterator
from datetime import date, timedelta
from typing import Any

from backup_reconciler.plan.action import Change, DeleteData, Risk, Stop
from backup_reconciler.spec.approval import Approval
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.vault import LiveVault


def deletion_steps(
    step: dict[str, Any], item: LiveItem, vault: LiveVault, as_of: date, place: Place
) -> Iterator[Stop | DeleteData]:
    """Stop the backups, where they are made, then delete them; `place` is where that is asked for.

    `step` has the fields of an action on the VM but for what it does and what differs.
    """
    made = item.state is ItemState.ACTIVE
    left = item.stopped() if made else item
    if made:
        yield Stop(
            **step | {"found": item, "changes": (_protection(item, "stopped", place),)},
            data_effect=_effect_of_stop(item),
            critical=frozenset({CriticalOperation.STOP_ITEM}),
        )
    yield DeleteData(
        **step
        | {
            "label": f"backups of {step['label']}",
            "found": left,
            "changes": (_protection(left, "deleted", place),),
        },
        is_next_step=made,
        data_effect=_effect_of_deletion(item, vault.deleted_kept_days, as_of),
        kept_days=vault.deleted_kept_days,
        risks=_risks_of_deletion(vault.deleted_kept_days),
        critical=frozenset({CriticalOperation.DELETE_ITEM}),
    )


def unapproved(approval: Approval | None, items: Iterable[LiveItem]) -> list[LiveItem]:
    """The items whose VM the approval does not name; what an approval names that has ended is for its day to tell."""
    approved = {ArmId(text) for text in approval.vms} if approval else set()
    return [item for item in items if item.vm not in approved]


def told_state(item: LiveItem) -> str:
    """What is being done for the VM; Azure's own word where it is nothing that a manifest can wish for."""
    return item.wire_state or "state not told" if item.state is ItemState.UNKNOWN else item.state.value


def _protection(item: LiveItem, wished: str, place: Place) -> Change:
    return Change("protection", told_state(item), wished, place)


def _risks_of_deletion(kept_days: int | None) -> frozenset[Risk]:
    """Where nothing keeps what is deleted for a while, nobody can take the deletion back either."""
    return frozenset({Risk.DESTRUCTIVE, Risk.ONE_WAY} if kept_days == 0 else {Risk.DESTRUCTIVE})


def _effect_of_stop(item: LiveItem) -> str:
    if not item.has_points:
        return "none yet, and none will be made"
    return "all kept, until the next step deletes them; no new ones are made"


def _effect_of_deletion(item: LiveItem, kept_days: int | None, as_of: date) -> str:
    what, they = ("deleted", "they") if item.has_points else ("none yet; the backup item is deleted", "it")
    if kept_days is None:
        return f"{what}; where the vault's soft delete is on, {they} can be brought back for its days"
    if kept_days == 0:
        return f"{what} at once and for good, because the vault's soft delete is off"
    return f"{what}; {they} can be brought back until {as_of + timedelta(days=kept_days)}"
