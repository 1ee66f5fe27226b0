"""The service itself: one request in, one response out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.gateway import access, faults, headers, latency, locks, policies, quotas, throttling
from backup_reconciler.sandbox.core.gateway.reception import received
from backup_reconciler.sandbox.core.mishaps import carrying_out
from backup_reconciler.sandbox.core.providers import ROUTER
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_operation import refuse_while_deleting
from backup_reconciler.sandbox.core.resource_graph import graph_index
from backup_reconciler.sandbox.core.settle import settle
from backup_reconciler.sandbox.core.wire.messages import Refused, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Fault
    from backup_reconciler.sandbox.core.wire.call import Call

_CHECKS: tuple[Callable[[Call], None], ...] = (
    access.check,
    locks.check,
    policies.check,
    quotas.check,
    refuse_while_deleting,
)
"""What is asked before a call is answered, by ARM and at last by the provider; each raises Refused where it says no."""


def handle(estate: Estate, request: Request, now: datetime, rng: Random) -> Response:
    """Answer one request at a moment. No I/O, no clock, no randomness but `rng`; `estate` is what changes."""
    settle(estate, now, rng)
    fault = faults.meet(estate, request, now, rng)
    response = faults.in_place(fault) if fault else None
    if response is None:
        response = _answer(estate, request, now, rng, fault)
    if fault and fault.cut:
        response = replace(response, cut=True)
    response = dressed(response, estate, request, now, rng)
    return replace(response, delay=latency.delay(estate.settings.latency, request, rng))


def anonymous(request: Request) -> bool:
    """Whether ARM answers this request without asking who sends it."""
    found = ROUTER.find(request.path)
    route = found.routes.get(request.method) if found else None
    return route is not None and route.anonymous


def dressed(response: Response, estate: Estate, request: Request, now: datetime, rng: Random) -> Response:
    """A response with the headers that stand on every answer; its own come first."""
    return replace(response, headers={**headers.usual(estate, request, now, rng), **response.headers})


def _answer(estate: Estate, request: Request, now: datetime, rng: Random, fault: Fault | None) -> Response:
    try:
        throttling.admit(estate, request, now)
        call = received(estate, faults.repaged(fault, request) if fault else request, now, rng)
        for check in _CHECKS:
            check(call)
        response = carrying_out.answer(call, fault)
    except Refused as refused:
        return refused.response()
    if not call.route.action.endswith("/read"):
        estate.revision += 1
    if request.method != "GET":
        settle(estate, now, rng)  # what takes no time is done when the answer arrives
        graph_index.note(estate, call.request.path, now)
    return response
