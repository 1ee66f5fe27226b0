"""Copies of the estate, on which providers may work without effect."""

from __future__ import annotations

import copy
import re
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import fold

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate, ResourceGroup


def groups_at(estate: Estate, place: str) -> list[ResourceGroup]:
    """The resource groups that a request's path names: the one it lies in, and the one of the VM it is about."""
    words = set(re.split("[/;]", fold(place)))
    return [
        group
        for subscription in estate.subscriptions.values()
        for name, group in subscription.groups.items()
        if name in words
    ]


def copy_of(estate: Estate, place: str) -> Estate:
    """A copy of all that the work on a request can change.

    What is in the groups that its path names is copied. Of the others it is only copied that it is there: things may be
    put into them or taken out, but no provider changes a thing in a group that a request does not name.
    """
    named = {id(group) for group in groups_at(estate, place)}
    shared = (estate.graph, estate.faults, estate.spent, estate.postponed, estate.arrivals, estate.worked_out)
    memo: dict[int, Any] = {id(one): one for one in shared}
    memo |= {id(group): _with_own_shelves(group) for group in estate.groups() if id(group) not in named}
    return copy.deepcopy(estate, memo)


def _with_own_shelves(group: ResourceGroup) -> ResourceGroup:
    """A group that holds the same things, in dictionaries of its own."""
    twin = copy.copy(group)
    for name, value in vars(group).items():
        setattr(twin, name, _shelf(value))
    return twin


def _shelf(value: Any) -> Any:
    return {key: _shelf(held) for key, held in value.items()} if isinstance(value, dict) else value
