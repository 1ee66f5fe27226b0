"""What apply carries out of a plan's actions: not what a Resource Guard has to approve, nor what waits for that."""

from collections.abc import Iterable

from backup_reconciler.plan.action import AnyAction


def carried_out(actions: Iterable[AnyAction]) -> tuple[AnyAction, ...]:
    """The actions that apply carries out, of some that stand in their order."""
    left: set[str] = set()
    done: list[AnyAction] = []
    for action in actions:
        if action.guard or not left.isdisjoint(action.depends_on):
            left.add(action.id)
        else:
            done.append(action)
    return tuple(done)
