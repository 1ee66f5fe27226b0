"""Accepted, and slow: all that the request begins takes many times as long."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Response


def answer(call: Call, factor: float) -> Response:
    estate, now = call.estate, call.now
    before, known = estate.sequence, set(estate.compute_operations)
    response = call.route.answer(call)
    for effect in estate.recall(before):
        estate.expect(replace(effect, due=now + (effect.due - now) * factor))
    for name in estate.compute_operations.keys() - known:
        operation = estate.compute_operations[name]
        operation.ends = now + (operation.ends - now) * factor
    return response
