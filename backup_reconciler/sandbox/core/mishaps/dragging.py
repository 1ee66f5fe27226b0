"""Accepted, and slow: all the work on the request takes many times as long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core import effects
from backup_reconciler.sandbox.core.mishaps import papers

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response


def answer(call: Call, factor: float) -> Response:
    estate, now = call.estate, call.now
    before, known = estate.sequence, papers.names_of_timed(estate)
    response = call.route.answer(call)
    for effect in estate.recall(before):
        due = effect.due if effect.kind in effects.CALENDAR else now + (effect.due - now) * factor
        estate.expect(replace(effect, due=due))
    papers.stretch_timed(estate, known, now, factor)
    return response
