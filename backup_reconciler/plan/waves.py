"""Moves to an Enhanced policy, some VMs with each run."""

from collections.abc import Iterable

from backup_reconciler.plan.action import Migrate
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.plan import WhyHeld
from backup_reconciler.spec.document import Declaration
from backup_reconciler.spec.protection import AssignmentSpec


def form_waves(assignments: Iterable[Declaration[AssignmentSpec]], draft: Draft) -> None:
    """Keep, of the moves of each assignment, as many as one run makes; they go in the order of the VMs' ids."""
    for assignment in assignments:
        move = assignment.spec.move_to_enhanced
        moves = [action for action in draft.actions.values() if isinstance(action, Migrate)] if move else []
        mine = sorted((action.vm, action.id) for action in moves if action.place == assignment.place)
        for _, id_ in mine[move.vms_per_run if move else 0 :]:
            draft.postpone(id_, str(assignment), WhyHeld.LATER_WAVE)
