"""What goes wrong on purpose: which of a world's faults a request meets, and what those do that ARM can do alone.

The other kinds need the request to be accepted; they are in `mishaps`.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.gateway.latency import matches
from backup_reconciler.sandbox.core.wire.listing import parse_skip_token, skip_token
from backup_reconciler.sandbox.core.wire.messages import Refused, Response

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Fault
    from backup_reconciler.sandbox.core.wire.messages import Request

_SHIFT = {"repeat": -1, "skip": 1}
"""How far a page moves when, between it and the last, the list gained or lost an element in front of it."""


def meet(estate: Estate, request: Request, now: datetime, rng: Random) -> Fault | None:
    """The first fault that this request runs into. Each that matches counts it, also one that lets it pass.

    Randomness is spent only where a world states a rate.
    """
    struck = None
    for fault in estate.faults:
        if _matches(fault, request, now):
            fault.met += 1
            if struck is None and _strikes(fault, rng):
                struck = fault
    return struck


def _matches(fault: Fault, request: Request, now: datetime) -> bool:
    if not matches(fault.method, fault.path, request) or not _can_happen(fault, request):
        return False
    return (fault.since is None or now >= fault.since) and (fault.until is None or now < fault.until)


def _can_happen(fault: Fault, request: Request) -> bool:
    """Whether such a thing can happen to such a request: a GET has nothing that could be ignored, late, failed or slow,
    and only a request for a further page meets a list that has changed."""
    if fault.pages:
        return _token(request) is not None
    anything = fault.status is not None or fault.cut is not None
    return anything or request.method != "GET"


def _strikes(fault: Fault, rng: Random) -> bool:
    turn = fault.met - fault.skip
    if turn <= 0 or (fault.times is not None and turn > fault.times):
        return False
    return fault.rate is None or rng.random() < fault.rate


def in_place(fault: Fault) -> Response | None:
    """What a fault gives in place of an answer; None where the request is answered."""
    if fault.cut == "before":
        return Response(0, cut=True)
    if fault.status is None:
        return None
    response = Refused(fault.status, fault.code, fault.message, of_gateway=True).response()
    retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return Response(response.status, response.body, {**response.headers, **retry})


def repaged(fault: Fault, request: Request) -> Request:
    """The request for a page, moved by one element where the fault is a list that changed; else as it is."""
    token = _token(request)
    if fault.pages is None or token is None:
        return request
    try:
        start = parse_skip_token(token, ValueError(token))
    except ValueError:
        return request  # a token that is none of ours is refused as always
    return _with_token(request, skip_token(max(start + _SHIFT[fault.pages], 0)))


def _token(request: Request) -> str | None:
    """Where a further page begins: in the query, or, of Resource Graph, in the body's options."""
    found = request.query.get("$skiptoken") or _options(request).get("$skipToken")
    return found if isinstance(found, str) and found else None


def _with_token(request: Request, token: str) -> Request:
    if "$skiptoken" in request.query:
        return replace(request, query={**request.query, "$skiptoken": token})
    return replace(request, body={**request.body, "options": {**_options(request), "$skipToken": token}})


def _options(request: Request) -> dict[str, object]:
    options = request.body.get("options") if isinstance(request.body, dict) else None
    return options if isinstance(options, dict) else {}
