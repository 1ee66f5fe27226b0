"""Applied late: at first the service only pretends, and long after everything said it was done it does it.

Then the request is answered again, unseen, and what it begins is brought to its end at once. Of its papers nothing is
kept, for there are some already. What the service would refuse by then never comes.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core import effects
from backup_reconciler.sandbox.core.estate import Effect, Postponed
from backup_reconciler.sandbox.core.mishaps import papers, pretence
from backup_reconciler.sandbox.core.providers import ROUTER
from backup_reconciler.sandbox.core.wire.call import Call
from backup_reconciler.sandbox.core.wire.messages import Refused, Request

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.messages import Response

KIND = "late"
"""The kind of the effect that carries out what was postponed."""
_SECRET = "authorization"  # noqa: S105 - the name of the header, which is not to be kept


def answer(call: Call, seconds: float) -> Response:
    """The answer to a request that is carried out so many seconds after the last that it begins seems to be over."""
    estate, before = call.estate, call.estate.sequence
    response = pretence.answer(call)
    seeming_end = max((effect.due for effect in estate.effects if effect.sequence > before), default=call.now)
    due = seeming_end + timedelta(seconds=seconds)
    estate.sequence += 1
    subject = str(estate.sequence)
    estate.postponed[subject] = _postponed(call.request)
    estate.expect(Effect(due, estate.sequence, KIND, "", subject, place=call.request.path))
    return response


def _postponed(request: Request) -> Postponed:
    headers = {name: value for name, value in request.headers.items() if name != _SECRET}
    return Postponed(request.method, request.path, dict(request.query), headers, request.body, request.endpoint)


def come(estate: Estate, effect: Effect, rng: Random) -> None:
    """Carry out what was postponed."""
    call = _call(estate, estate.postponed.pop(effect.subject), effect.due, rng)
    before, kept = estate.sequence, papers.copied(papers.books(estate, effect.place))
    try:
        call.route.answer(call)
    except Refused:
        return
    for begun in estate.recall(before):
        if begun.kind in effects.CALENDAR:
            estate.expect(begun)
        else:
            effects.come(estate, replace(begun, due=effect.due), rng)
    papers.put_back(papers.books(estate, effect.place), kept)


def _call(estate: Estate, postponed: Postponed, now: datetime, rng: Random) -> Call:
    """The call that was taken once before: it needs no second look at who asks, and how."""
    request = Request(
        postponed.method, postponed.path, postponed.query, postponed.headers, postponed.body, postponed.endpoint
    )
    found = ROUTER.find(request.path)
    assert found is not None, "it was answered before"
    route = found.routes[request.method]
    return Call(request, estate, now, rng, route, dict(zip(route.names, found.words, strict=True)))
