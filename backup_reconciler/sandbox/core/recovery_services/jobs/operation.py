"""Operations that outlast their request: accepting them, and bringing them to an end with their jobs."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Operation
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, Failure, Job, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_REMEMBERED = timedelta(days=1)


def begin(
    call: Call, vault: Vault, verb: str, seconds: float, items: list[str], jobs: list[Job], intent: Json
) -> Operation:
    """Start an operation that ends `seconds` from now, and its jobs with it."""
    _forget_old(vault, call.now)
    operation = Operation(guid(call.rng), verb, call.now, items=items, jobs=[job.id for job in jobs], intent=intent)
    vault.operations[operation.id] = operation
    call.estate.schedule(call.now + timedelta(seconds=seconds), "operation", vault, operation.id)
    return operation


def _forget_old(vault: Vault, now: datetime) -> None:
    """Of operations that have ended nobody asks after a day (INFERRED: how long the service knows them is in no
    source). They stand in the order in which they began."""
    while vault.operations:
        name, first = next(iter(vault.operations.items()))
        if first.status == "InProgress" or now - first.started < _REMEMBERED:
            return
        del vault.operations[name]


def refuse_conflict(vault: Vault, items: list[str]) -> None:
    """One configure operation at a time on an item (GitHub issue; the service's 400)."""
    busy = {
        item for operation in vault.operations.values() if operation.status == "InProgress" for item in operation.items
    }
    if busy.intersection(items):
        raise Refused(
            400,
            "BMSUserErrorConflictingProtectionOperation",
            "Another configure protection operation is in progress for the selected item.\r\nPlease wait until the "
            "previous configure protection operation is completed before retrying this operation.",
        )


def conclude(vault: Vault, operation: Operation, now: datetime, error: Failure | None = None) -> None:
    """The operation and its jobs end together (R21 protection.json)."""
    operation.status = "Failed" if error else "Succeeded"
    operation.error = error
    operation.intent = {}
    for job_id in operation.jobs:
        end_job(vault.jobs[job_id], now, error)


def fail(_estate: Estate, vault: Vault | None, name: str, now: datetime, error: Failure) -> None:
    """The operation fails, and with it its jobs and all their tasks."""
    if vault is None:  # and its operations with it
        return
    operation = vault.operations[name]
    conclude(vault, operation, now, error)
    for job_id in operation.jobs:
        for task in vault.jobs[job_id].tasks:
            task.status = "Failed"


def end_job(job: Job, now: datetime, error: Failure | None = None) -> None:
    job.status = "Failed" if error else "Completed"
    job.error = error
    job.ended = now


def accepted(call: Call, status_path: str, result_path: str, status_api: str | None = None) -> Response:
    """202 with an empty body and both links; no Retry-After (R21, R26)."""
    return Response(
        202,
        headers={
            "Azure-AsyncOperation": call.poll_link(status_path, status_api),
            "Location": call.poll_link(result_path),
        },
    )


def accepted_under(call: Call, path: str, operation: Operation, status: str = "operationsStatus") -> Response:
    """202 whose links hang under the resource that was written, as the caller named it (R21 protection.json)."""
    return accepted(call, f"{path}/{status}/{operation.id}", f"{path}/operationResults/{operation.id}")


def accepted_under_vault(call: Call, operation: Operation) -> Response:
    """202 of a deletion: its links hang under the vault, not under the item (R21 protection.json)."""
    path = call.backup_path
    return accepted(call, f"{path}/backupOperations/{operation.id}", f"{path}/backupOperationResults/{operation.id}")


FAILURES = {"operation": fail}
