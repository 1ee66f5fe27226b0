"""Compute's long-running operations: accepted under the region, asked after there, for any VM alike."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute.refusal import refused
from backup_reconciler.sandbox.core.estate import ComputeOperation
from backup_reconciler.sandbox.core.wire.call import guid, normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Response, gateway
from backup_reconciler.sandbox.core.wire.router import SUBSCRIPTION, Route
from backup_reconciler.sandbox.core.wire.times import offset_stamp

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Failure
    from backup_reconciler.sandbox.core.wire.call import Call

_OPERATION = f"{SUBSCRIPTION}/providers/Microsoft.Compute/locations/{{location}}/operations/{{operation}}"


def begin(call: Call, seconds: float) -> ComputeOperation:
    """An operation that succeeds in so many seconds."""
    return begin_until(call, call.now + timedelta(seconds=seconds))


def begin_until(
    call: Call, ends: datetime, error: Failure | None = None, output: Json | None = None
) -> ComputeOperation:
    begun = ComputeOperation(guid(call.rng), call.now, ends, error, output)
    call.estate.compute_operations[begun.id] = begun
    return begun


def status_link(call: Call, location: str, begun: ComputeOperation) -> dict[str, str]:
    """The header of an answer that has a body."""
    return {"Azure-AsyncOperation": call.poll_link(_path(call, location, begun))}


def accepted(call: Call, location: str, begun: ComputeOperation) -> Response:
    """202 with an empty body and both links; the one in Location says so in its query (azure-cli issue 32286)."""
    path = _path(call, location, begun)
    return Response(
        202, headers={**status_link(call, location, begun), "Location": call.poll_link(path, monitor="true")}
    )


def _path(call: Call, location: str, begun: ComputeOperation) -> str:
    subscription = call.names["subscription"]
    region = normal_location(location)
    return f"/subscriptions/{subscription}/providers/Microsoft.Compute/locations/{region}/operations/{begun.id}"


def ask(call: Call) -> Response:
    """The operation's status, 200 always; with `monitor=true` its result, 202 until there is one."""
    found = call.estate.compute_operations.get(call.names["operation"].lower())
    if found is None:
        raise gateway(404, "NotFound", f"The operation '{call.names['operation']}' was not found.")
    if call.request.query.get("monitor", "").lower() == "true":
        return _result(call, found)
    return Response(200, _status(found, call.now))


def _status(found: ComputeOperation, now: datetime) -> Json:
    status: Json = {"startTime": offset_stamp(found.started)}
    if now < found.ends:
        return {**status, "status": "InProgress", "name": found.id}
    status |= {"endTime": offset_stamp(found.ends), "status": "Failed" if found.error else "Succeeded"}
    if found.error:
        status["error"] = {"code": found.error.code, "message": found.error.message}
    if found.output is not None:
        status["properties"] = {"output": found.output}
    return {**status, "name": found.id}


def _result(call: Call, found: ComputeOperation) -> Response:
    if call.now < found.ends:
        return Response(202, headers={"Location": call.poll_link(call.request.path, monitor="true")})
    if found.error:
        raise refused(409, found.error.code, found.error.message)
    return Response(200, found.output)


ROUTES = (Route("GET", _OPERATION, ask),)
