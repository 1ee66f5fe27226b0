"""Moves to an Enhanced policy, some VMs with each run."""

from collections import defaultdict
from collections.abc import Iterable
from typing import TYPE_CHECKING

from backup_reconciler.plan.action import Migrate
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.plan import WhyHeld
from backup_reconciler.spec.document import Declaration, Place
from backup_reconciler.spec.protection import AssignmentSpec

if TYPE_CHECKING:
    from backup_reconciler.spec.arm_id import ArmId


def form_waves(assignments: Iterable[Declaration[AssignmentSpec]], draft: Draft) -> None:
    """Keep, of the moves of each assignment, as many as one run makes; they go in the order of the VMs' ids.

    A move that a Resource Guard has to approve is not made by a run, and takes no other's place in it.
    """
    moves: dict[Place, list[tuple[ArmId, str]]] = defaultdict(list)
    for action in draft.actions.values():
        if isinstance(action, Migrate) and not action.guard:
            moves[action.place].append((action.vm, action.id))
    later: dict[str, str] = {}
    for assignment in assignments:
        move = assignment.spec.move_to_enhanced
        mine = sorted(moves.get(assignment.place, ()))
        if move is not None:
            later |= {id_: str(assignment) for _, id_ in mine[move.vms_per_run :]}
    draft.postpone(later, WhyHeld.LATER_WAVE)
