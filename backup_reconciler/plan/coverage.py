"""Coverage: which VMs have a backup, once the plan is carried out, and which have none."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from backup_reconciler.plan.action import (
    AnyAction,
    BindAction,
    DeleteData,
    Stop,
    Suspend,
    Undelete,
    VMAction,
)
from backup_reconciler.plan.carried_out import carried_out
from backup_reconciler.spec.arm_id import ArmId, in_order
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Presence, Snapshot


@dataclass(frozen=True, slots=True)
class Uncovered:
    """A VM of which no backups are made."""

    vm: ArmId
    state: ItemState | None
    """What became of the backups it had; None for one that no vault holds."""


@dataclass(frozen=True, slots=True)
class Coverage:
    """The VMs of the subscriptions that are looked in, each in one place, by their ids."""

    covered: tuple[ArmId, ...] = ()
    """Backed up, or will be by this plan; by any vault, also one that no manifest names."""
    exempt: tuple[ArmId, ...] = ()
    """Meant to have no backup, by an exemption that holds on the plan's day."""
    uncovered: tuple[Uncovered, ...] = ()
    """Of which no backups are made. What is stopped or suspended is not backed up."""
    unknown: tuple[ArmId, ...] = ()
    """Of which it cannot be told; they are never taken for unprotected ones."""
    hidden_subscriptions: tuple[str, ...] = ()
    """Subscriptions whose VMs these rights do not show."""

    @property
    def number(self) -> int:
        """How many VMs it is known of, those that are exempt among them."""
        return len(self.covered) + len(self.exempt) + len(self.uncovered)

    def without(self, vms: frozenset[ArmId]) -> "Coverage":
        """The same of all other VMs."""
        return replace(
            self,
            covered=tuple(vm for vm in self.covered if vm not in vms),
            exempt=tuple(vm for vm in self.exempt if vm not in vms),
            uncovered=tuple(one for one in self.uncovered if one.vm not in vms),
            unknown=tuple(vm for vm in self.unknown if vm not in vms),
        )


def coverage_of(snapshot: Snapshot, exempt: frozenset[ArmId], actions: Iterable[AnyAction]) -> Coverage:
    """What these actions leave, in the order in which they are carried out."""
    states = _states_after(snapshot, actions)
    covered, uncovered, unknown = [], [], _unseen(snapshot)
    for vm in in_order(snapshot.vms.keys() - exempt):
        state = states.get(vm)
        if state is ItemState.ACTIVE:
            covered.append(vm)
        elif state is ItemState.UNKNOWN:
            unknown.add(vm)
        else:
            uncovered.append(Uncovered(vm, state))
    return Coverage(
        tuple(covered),
        tuple(sorted(exempt)),
        tuple(uncovered),
        tuple(sorted(unknown)),
        tuple(sorted(snapshot.hidden_subscriptions)),
    )


def _unseen(snapshot: Snapshot) -> set[ArmId]:
    """The VMs with a backup, or selected by id, that may be there and are not seen."""
    backed_up = (
        vm
        for contents in snapshot.vaults.values()
        for vm, item in contents.items.items()
        if item.state is not ItemState.SOFT_DELETED
    )
    hidden = {vm for vm in backed_up if snapshot.presence(vm) is Presence.HIDDEN}
    return hidden | {vm for vm, presence in snapshot.absent_vms.items() if presence is not Presence.GONE}


def _states_after(snapshot: Snapshot, actions: Iterable[AnyAction]) -> dict[ArmId, ItemState]:
    """What is done for each VM that a vault holds; of several vaults that which does the most for it counts."""
    by_vault: dict[ArmId, dict[ArmId, ItemState]] = defaultdict(dict)
    for vault, vm, state in snapshot.backed_up:
        by_vault[vault][vm] = state
    for vm in snapshot.held_elsewhere:
        if held := snapshot.elsewhere(vm):
            by_vault[held.vault][vm] = held.state
    for action in carried_out(actions):
        if isinstance(action, VMAction) and (after := _state_after(action)):
            by_vault[action.vault][action.vm] = after
    return _most(by_vault.values())


def _most(by_vault: Iterable[Mapping[ArmId, ItemState]]) -> dict[ArmId, ItemState]:
    found: dict[ArmId, ItemState] = {}
    for states in by_vault:
        for vm, state in states.items():
            other = found.get(vm)
            found[vm] = state if other is None else min(state, other, key=DOES_MOST_FIRST.index)
    return found


DOES_MOST_FIRST = (
    ItemState.ACTIVE,
    ItemState.UNKNOWN,
    ItemState.SUSPENDED,
    ItemState.STOPPED,
    ItemState.SOFT_DELETED,
)
"""Of several vaults that hold a VM, the one that does the most for it is told."""


def _state_after(action: VMAction) -> ItemState | None:
    """What an action makes of the VM's backup; None where it does not change what is done for it."""
    match action:
        case BindAction():
            return ItemState.ACTIVE
        case Stop() | Undelete():
            return ItemState.STOPPED
        case Suspend():
            return ItemState.SUSPENDED
        case DeleteData():
            return ItemState.SOFT_DELETED
    return None
