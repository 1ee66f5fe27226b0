"""What the road to ARM tells in the log: every answer, and every wait."""

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.event import event
from backup_reconciler.azure.request import ArmRequest

log = logging.getLogger(__name__)

_TRACES = {"x-ms-request-id": "requestId", "x-ms-correlation-request-id": "correlationId"}
"""By which Azure's support finds a request (Learn, "Common REST request and response headers")."""


@dataclass(frozen=True, slots=True)
class Exchange:
    """A request on the wire: which attempt it is, and the id that it is sent under."""

    request: ArmRequest
    attempt: int
    client_request_id: str

    def fields(self, seconds: float) -> dict[str, Any]:
        return {
            **_which(self.request),
            "milliseconds": round(seconds * 1000, 1),
            "attempt": self.attempt,
            "clientRequestId": self.client_request_id,
        }


def tell_answer(exchange: Exchange, status: int, headers: Mapping[str, str], seconds: float) -> None:
    """A request was answered, after so many seconds."""
    traces = {field: headers[header] for header, field in _TRACES.items() if header in headers}
    log.debug(
        "%s %s -> %d in %.0f ms",
        exchange.request.method,
        exchange.request.path,
        status,
        seconds * 1000,
        extra=event("request", **exchange.fields(seconds), status=status, **traces),
    )


def tell_no_answer(exchange: Exchange, why: str, seconds: float) -> None:
    """A request went out, and no answer came."""
    log.debug(
        "%s %s -> no answer in %.0f ms: %s",
        exchange.request.method,
        exchange.request.path,
        seconds * 1000,
        why,
        extra=event("request", **exchange.fields(seconds), error=why),
    )


def tell_again(level: int, request: ArmRequest, error: AzureError, seconds: float, attempt: int) -> None:
    """A request is sent again after so many seconds: it was throttled, or failed for now."""
    name = "throttled" if error.status == 429 else "retry"
    fields = {"status": error.status or None, "code": error.code or None, "requestId": error.request_id or None}
    log.log(
        level,
        "%s %s: %s; again in %g s",
        request.method,
        request.path,
        error.brief,
        seconds,
        extra=event(name, **_which(request), attempt=attempt, waitSeconds=seconds, reason=error.brief, **fields),
    )


def _which(request: ArmRequest) -> dict[str, str]:
    return {"method": request.method, "path": request.path}
