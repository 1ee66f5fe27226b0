"""Accepted, not applied: the provider does its work on a copy of the estate, of which only the papers are kept.

So the caller gets the very answer it would get, and every operation and job that the request begins goes its way to a
good end, while nothing else is as if the request had been. What comes later is done in the same way, each effect on a
copy of its own.
"""

from __future__ import annotations

import copy
from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core import effects
from backup_reconciler.sandbox.core.estate import fold

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate, ResourceGroup
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response


def answer(call: Call) -> Response:
    """The answer to a request that is not carried out."""
    copied = copy_of(call.estate, call.request.path)
    response = call.route.answer(replace(call, estate=copied))
    keep_papers(call.estate, copied, call.request.path)
    return response


def come(estate: Estate, effect: Effect, rng: Random) -> None:
    """What such a request leads to is not carried out either; its papers say that it was."""
    place = effect.vault or effect.subject
    copied = copy_of(estate, place)
    effects.come(copied, effect, rng)
    keep_papers(estate, copied, place)
    creation = estate.vault_operations.get(effect.subject)
    if creation and creation.status == "InProgress":  # of a vault that there is not, so nobody brought it to its end
        creation.status = "Succeeded"


def copy_of(estate: Estate, place: str) -> Estate:
    """A copy of all that what happens at a place can change: of the resource groups, only the one it lies in."""
    own = group_of(estate, place)
    shared = [group for group in estate.groups() if group is not own]
    untouched = (*shared, estate.graph, estate.faults, estate.spent, estate.postponed, estate.worked_out)
    return copy.deepcopy(estate, {id(one): one for one in untouched})


def keep_papers(estate: Estate, copied: Estate, place: str) -> None:
    """Take over operations, jobs, and what is still to come for them, from the copy."""
    estate.vault_operations = copied.vault_operations
    estate.compute_operations = copied.compute_operations
    own = group_of(estate, place)
    for vault in own.vaults.values() if own else ():
        twin = copied.vault(vault.id)
        if twin is not None:
            vault.operations, vault.jobs = twin.operations, twin.jobs
    begun = copied.recall(estate.sequence)
    estate.sequence = copied.sequence
    estate.expect(*(replace(effect, fate="pretended") for effect in begun))


def group_of(estate: Estate, place: str) -> ResourceGroup | None:
    """The resource group that a path or an id lies in."""
    match fold(place).split("/"):
        case ["", "subscriptions", subscription, "resourcegroups", group, *_]:
            found = estate.subscriptions.get(subscription)
            return found.groups.get(group) if found else None
        case _:
            return None
