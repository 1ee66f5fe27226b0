"""Backup now: the two phases of a backup job and what they leave on the item.

A backup takes a snapshot, from which the item counts as protected, then transfers it to the vault. Backups run by a
policy's schedule are not served: only those that are asked for.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure, RecoveryPoint, Task
from backup_reconciler.sandbox.core.recovery_services.items import item as items
from backup_reconciler.sandbox.core.recovery_services.jobs import job, operation
from backup_reconciler.sandbox.core.wire.messages import Refused, Response
from backup_reconciler.sandbox.core.wire.router import ITEM, Route
from backup_reconciler.sandbox.core.wire.times import american, parse_stamp

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Job, Operation, ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_SNAPSHOT_DONE, _TRANSFER_BEGINS = 0.125, 0.17
"""Shares of the whole job: 7.5 and 10.5 minutes of an hour in the recording (R21 job.json)."""
_POINT_AFTER = timedelta(seconds=3)
"""The recovery point is of a moment just after the start (R21 job.json)."""
_KEPT = timedelta(days=30)
"""Where the request names no expiry."""
_BUSY = Failure(
    "UserErrorBackupOperationInProgress", "Another backup operation is in progress for this virtual machine."
)


def backup_now(call: Call) -> Response:
    """The operation succeeds at once; the job goes on (R21 job.json)."""
    vault, item = call.vault, items.find(call)
    if call.field("objectType") != "IaasVMBackupRequest" or item.state not in ("IRPending", "Protected"):
        # The code for an item that is stopped or soft-deleted is in no source.
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid.")
    expires = _expiry(call)
    earlier = _running(vault, item)
    started = job.start(call, vault, "Backup", item, {"Recovery Point Expiry Time in UTC": american(expires)})
    started.expires = expires
    started.tasks = [Task("Take Snapshot", "InProgress"), Task("Transfer data to vault", "NotStarted")]
    _plan(call, vault, started, earlier)
    begun = operation.begin(call, vault, "backup", 0, [], [started], {})
    return operation.accepted_under(call, call.request.path.removesuffix("/backup"), begun)


def _expiry(call: Call) -> datetime:
    text = call.field("recoveryPointExpiryTimeInUTC")
    try:
        expires = parse_stamp(str(text)) if text else call.now + _KEPT
    except ValueError:
        expires = call.now
    if expires <= call.now:
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid.")
    return expires


def _running(vault: Vault, item: ProtectedItem) -> list[Job]:
    return [
        running
        for running in vault.jobs.values()
        if running.operation == "Backup" and running.ended is None and running.key == item.key
    ]


def _plan(call: Call, vault: Vault, started: Job, earlier: list[Job]) -> None:
    """Two snapshots at once fail the second; a snapshot during a transfer is fine, its transfer is skipped (J3)."""
    if any(running.tasks[0].status == "InProgress" for running in earlier):
        for task in started.tasks:
            task.status = "Failed"
        operation.end_job(started, call.now, _BUSY)
        return
    length = timedelta(seconds=call.settings.durations.first_backup)
    call.estate.schedule(call.now + length * _SNAPSHOT_DONE, "snapshot", vault, started.id)
    if earlier:
        started.tasks[1].status = "Skipped"
    else:
        call.estate.schedule(call.now + length * _TRANSFER_BEGINS, "transfer", vault, started.id)
        call.estate.schedule(call.now + length, "transferred", vault, started.id)


def finish_request(_estate: Estate, _vault: Vault, done: Operation, _now: datetime, _rng: Random) -> None:
    """The request is done as soon as the job exists."""
    done.status = "Succeeded"


def finish_snapshot(_estate: Estate, vault: Vault, job_id: str, now: datetime, _rng: Random) -> None:
    """There is a recovery point: the item is Protected while `lastBackupStatus` is still empty (R21)."""
    running = vault.jobs[job_id]
    item = vault.items.get(running.key)
    if item is None:
        _abandon(running, now)
        return
    running.tasks[0].status = "Completed"
    assert running.expires is not None
    item.recovery_points.append(RecoveryPoint(running.started + _POINT_AFTER, running.expires))
    if item.state == "IRPending":
        item.state = "Protected"
    if running.tasks[1].status == "Skipped":
        _complete(running, item, now)


def begin_transfer(_estate: Estate, vault: Vault, job_id: str, _now: datetime, _rng: Random) -> None:
    running = vault.jobs[job_id]
    if not running.ended:
        running.tasks[1].status = "InProgress"


def finish_transfer(_estate: Estate, vault: Vault, job_id: str, now: datetime, _rng: Random) -> None:
    running = vault.jobs[job_id]
    item = vault.items.get(running.key)
    if running.ended:
        return
    if item is None:
        _abandon(running, now)
        return
    running.tasks[1].status = "Completed"
    running.properties["Backup Size"] = "11782 MB"
    _complete(running, item, now)


def _complete(running: Job, item: ProtectedItem, now: datetime) -> None:
    operation.end_job(running, now)
    item.last_backup_status = "Completed"
    item.last_backup_time = running.started


def _abandon(running: Job, now: datetime) -> None:
    """The item was deleted under the backup."""
    operation.end_job(running, now, Failure("UserErrorJobSuccessfullyCancelled", "Job is cancelled.", 400158))
    running.status = "Cancelled"


ROUTES = (Route("POST", f"{ITEM}/backup", backup_now),)
OPERATIONS = {"backup": finish_request}
EFFECTS = {"snapshot": finish_snapshot, "transfer": begin_transfer, "transferred": finish_transfer}
