"""Accepted, not applied: the provider does its work on a copy of the estate, of which only the papers are kept.

So the caller gets the very answer it would get, and every operation and job that the request begins goes its way to a
good end, while nothing else is as if the request had been. What comes later is done in the same way, each effect on a
copy of its own.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core import effects
from backup_reconciler.sandbox.core.mishaps import papers
from backup_reconciler.sandbox.core.mishaps.copies import copy_of

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response


def answer(call: Call) -> Response:
    """The answer to a request that is not carried out."""
    estate, place = call.estate, call.request.path
    copied = copy_of(estate, place)
    response = call.route.answer(replace(call, estate=copied))
    take_over(estate, copied, place)
    return response


def take_over(estate: Estate, copied: Estate, place: str) -> list[Effect]:
    """Keep, of the work on a copy, its papers and what is to come of them, which is returned."""
    papers.add_new(papers.books(estate, place), papers.books(copied, place))
    begun = [effect for effect in copied.recall(estate.sequence) if effect.kind not in effects.CALENDAR]
    begun = [replace(effect, fate="pretended", place=place) for effect in begun]
    estate.sequence = copied.sequence
    estate.expect(*begun)
    return begun


def come(estate: Estate, effect: Effect, rng: Random) -> None:
    """What such a request leads to is not carried out either; its papers say that it was."""
    copied = copy_of(estate, effect.place)
    effects.come(copied, effect, rng)
    papers.put_back(papers.books(estate, effect.place), papers.books(copied, effect.place))
    _succeed(estate, effect)


def _succeed(estate: Estate, effect: Effect) -> None:
    """Some operations end well only where there is what the request would have brought about, and it did not."""
    vault = estate.vault(effect.vault)
    found = vault.operations.get(effect.subject) if vault else None
    found = found or estate.vault_operations.get(effect.subject)
    if found and not found.jobs:
        found.status, found.error = "Succeeded", None
