"""The order of actions: what is depended on comes first, and equal input gives equal order."""

from collections.abc import Mapping
from graphlib import CycleError, TopologicalSorter

from backup_reconciler.plan.action import AnyAction


class PlanCycleError(Exception):
    """Actions that wait for each other; the message prints the circle."""


def in_order(actions: Mapping[str, AnyAction]) -> tuple[AnyAction, ...]:
    """The actions, given by id, so that each comes after those it depends on; free ones go by address.

    What is not among them is another run's, and is not waited for.
    """
    sorter: TopologicalSorter[str] = TopologicalSorter(
        {id_: filter(actions.__contains__, action.depends_on) for id_, action in actions.items()}
    )
    try:
        sorter.prepare()
    except CycleError as error:
        raise PlanCycleError("these actions wait for each other: " + " → ".join(error.args[1])) from error
    ordered: list[AnyAction] = []
    while sorter.is_active():
        ready = sorted(sorter.get_ready(), key=lambda id_: actions[id_].address)
        ordered += [actions[id_] for id_ in ready]
        sorter.done(*ready)
    return tuple(ordered)
