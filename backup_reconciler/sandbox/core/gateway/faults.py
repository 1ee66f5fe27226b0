"""What goes wrong on purpose: a world names requests that meet an error, or whose connection breaks."""

from __future__ import annotations

from fnmatch import fnmatchcase
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.messages import Refused, Response

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate, Fault
    from backup_reconciler.sandbox.core.wire.messages import Request


def meet(estate: Estate, request: Request) -> Fault | None:
    """The first fault that this request runs into. Each that matches counts it, also one that lets it pass."""
    struck = None
    for fault in estate.faults:
        if _matches(fault, request):
            fault.met += 1
            if struck is None and _strikes(fault):
                struck = fault
    return struck


def _matches(fault: Fault, request: Request) -> bool:
    return fault.method in {"*", request.method} and fnmatchcase(fold(request.path), fold(fault.path))


def _strikes(fault: Fault) -> bool:
    turn = fault.met - fault.skip
    return turn > 0 and (fault.times is None or turn <= fault.times)


def answer(fault: Fault) -> Response:
    """The status a fault gives in place of an answer; a fault without one is a cut."""
    if fault.status is None:
        return Response(0, cut=True)
    response = Refused(fault.status, fault.code, fault.message, of_gateway=True).response()
    retry = {} if fault.retry_after is None else {"Retry-After": str(fault.retry_after)}
    return Response(response.status, response.body, {**response.headers, **retry})
