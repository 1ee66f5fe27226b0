"""What differs of a VM's protection, and what all actions on it have."""

from typing import Any

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.protection.deletion import told_state
from backup_reconciler.plan.selection.assignment import Wish
from backup_reconciler.state.protection import LiveItem


def common(wish: Wish, item: LiveItem | None) -> dict[str, Any]:
    """The fields of an action on the VM's backup, but for what it does."""
    return {
        "address": wish.address,
        "label": wish.label,
        "changes": changes(wish, item),
        "place": wish.assignment.place,
        "vault": wish.vault,
        "vm": wish.vm,
        "found": item,
    }


def changes(wish: Wish, item: LiveItem | None) -> tuple[Change, ...]:
    """The fields that are not as wished, in the words of a manifest."""
    found = item.settings if item else None
    wished, differing = wish.settings, []
    if found is None or found.protection != wished.protection:
        before = told_state(item) if item else None
        differing.append(Change("protection", before, wished.protection, wish.assignment.place_of("protection")))
    if wished.policy is not None and (found is None or found.policy != wished.policy):
        bound = found.policy.name if found and found.policy else None
        differing.append(Change("policy", bound, wished.policy.name, wish.assignment.place_of("policy")))
    if wished.disks is not None and (item is None or item.disks != wished.disks):
        before = item.disks.words if item else None
        differing.append(Change("disks", before, wished.disks.words, wish.assignment.place_of("disks")))
    return tuple(differing)
