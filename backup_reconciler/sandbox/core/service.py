"""The service itself: one request in, one response out."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.gateway import access, faults, headers, locks, policies
from backup_reconciler.sandbox.core.gateway.reception import received
from backup_reconciler.sandbox.core.providers import ROUTER
from backup_reconciler.sandbox.core.resource_graph import graph_index
from backup_reconciler.sandbox.core.settle import settle
from backup_reconciler.sandbox.core.wire.messages import Refused, Request, Response

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.call import Call

_CHECKS: tuple[Callable[[Call], None], ...] = (access.check, locks.check, policies.check)
"""What ARM asks before it hands a call to its provider, in this order; each raises Refused where it says no."""


def handle(estate: Estate, request: Request, now: datetime, rng: Random) -> Response:
    """Answer one request at a moment. No I/O, no clock, no randomness but `rng`; `estate` is what changes."""
    settle(estate, now, rng)
    fault = faults.meet(estate, request)
    if fault and fault.cut != "after":
        response = faults.answer(fault)
    else:
        response = _answer(estate, request, now, rng)
        if fault:
            response = replace(response, cut=True)
    return dressed(response, estate, request, rng)


def anonymous(request: Request) -> bool:
    """Whether ARM answers this request without asking who sends it."""
    found = ROUTER.find(request.path)
    route = found.routes.get(request.method) if found else None
    return route is not None and route.anonymous


def dressed(response: Response, estate: Estate, request: Request, rng: Random) -> Response:
    """A response with the headers that stand on every answer; its own come first."""
    return replace(response, headers={**headers.usual(estate, request, rng), **response.headers})


def _answer(estate: Estate, request: Request, now: datetime, rng: Random) -> Response:
    try:
        call = received(estate, request, now, rng)
        for check in _CHECKS:
            check(call)
        response = call.route.answer(call)
    except Refused as refused:
        return refused.response()
    if not call.route.action.endswith("/read"):
        estate.revision += 1
    if request.method != "GET" and "vault" in call.names:
        settle(estate, now, rng)  # what takes no time is done when the answer arrives
        graph_index.note(estate, fold(_canonical(call)), now)
    return response


def _canonical(call: Call) -> str:
    words = call.names
    return (
        f"/subscriptions/{words['subscription']}/resourceGroups/{words['group']}"
        f"/providers/Microsoft.RecoveryServices/vaults/{words['vault']}"
    )
