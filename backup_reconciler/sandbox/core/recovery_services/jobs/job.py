"""Backup jobs: their life, `GET …/backupJobs` and `GET …/backupJobs/{id}`."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure, Job
from backup_reconciler.sandbox.core.recovery_services.jobs.advice import recommendations
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.listing import filters, paged, same
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route
from backup_reconciler.sandbox.core.wire.times import duration, parse_filter_time, stamp

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

CANCELLED = Failure("UserErrorJobSuccessfullyCancelled", "Job is cancelled.", 400158)
"""The error of a cancelled job, as an item's health told it of a restore (R21 job.json)."""
_KEPT = timedelta(days=30)
"""How long a job is kept after its start. The clients look back no further than 30 days (PS); what the service keeps is
in no source.
"""

CANCELLABLE = {"Backup", "Restore"}
_CANCEL = [1]
"""`actionsInfo`: the number of Cancellable, though the SDK's enum is text; it stays after the end (R21 job.json)."""

_FILTERS = ("operation", "status", "backupManagementType", "startTime", "endTime", "jobId")


def start(call: Call, vault: Vault, operation: str, item: ProtectedItem, bag: dict[str, str]) -> Job:
    """A job that begins now. Its property bag always names the VM."""
    job = new(vault, operation, item, call.now, call.rng, call.activity)
    job.properties |= bag
    return job


def new(vault: Vault, operation: str, item: ProtectedItem, now: datetime, rng: Random, activity: str) -> Job:
    """A job, begun by a request or by the service itself. The vault forgets those that are too old."""
    for old in list(_too_old(vault, now)):
        del vault.jobs[old]
    job = Job(guid(rng), operation, item.token, item.vm, now, activity, properties={"VM Name": item.vm})
    vault.jobs[job.id] = job
    return job


def _too_old(vault: Vault, now: datetime) -> Iterator[str]:
    """Jobs stand in the order in which they began, so the look ends at the first that is kept."""
    for job in vault.jobs.values():
        if job.started > now - _KEPT:
            return
        if job.ended:
            yield job.id


def end(vault: Vault, job: Job, now: datetime, status: str, failure: Failure | None = None) -> None:
    """A job of a backup ends, and its item is free for the next."""
    job.status, job.ended, job.error = status, now, failure
    item = vault.items.get(job.key)
    if item and job.id in item.backups:
        item.backups.remove(job.id)


def cancel_backups(vault: Vault, item: ProtectedItem, now: datetime) -> None:
    """The item goes, and what backs it up ends."""
    for job_id in list(item.backups):
        end(vault, vault.jobs[job_id], now, "Cancelled", CANCELLED)


def show(path: str, job: Job, now: datetime, *, whole: bool) -> Json:
    """A job as it is read; a list leaves `extendedInfo` out (R21 job.json)."""
    properties: Json = {
        "jobType": "AzureIaaSVMJob",
        "containerName": job.container,
        "duration": duration((job.ended or now) - job.started),
        "virtualMachineVersion": "Compute",
        "entityFriendlyName": job.vm,
        "backupManagementType": "AzureIaasVM",
        "operation": job.operation,
        "status": job.status,
        "startTime": stamp(job.started),
        "activityId": job.activity,
    }
    if job.operation in CANCELLABLE:
        properties["actionsInfo"] = _CANCEL
    if job.ended:
        properties["endTime"] = stamp(job.ended)
    if job.error:
        properties["errorDetails"] = [_error_detail(job)]
    if whole:
        properties["extendedInfo"] = _extended(job)
    return {
        "id": f"{path}/backupJobs/{job.id}",
        "name": job.id,
        "type": "Microsoft.RecoveryServices/vaults/backupJobs",
        "properties": properties,
    }


def _error_detail(job: Job) -> Json:
    assert job.error is not None
    return {
        "errorCode": job.error.number,
        "errorTitle": job.error.code,
        "errorString": job.error.message,
        "recommendations": recommendations(job.error),
    }


def _extended(job: Job) -> Json:
    # A task's own duration is PT0S in every recording, running or done.
    tasks = [{"taskId": task.name, "duration": "PT0S", "status": task.status} for task in job.tasks]
    extended: Json = {"tasksList": tasks, "propertyBag": dict(job.properties)}
    if job.operation == "Backup":
        extended["internalPropertyBag"] = {"IsInstantRpJob": "True"}
    return extended


def list_jobs(call: Call) -> Response:
    """Newest first (R21)."""
    wanted = _wanted(call)
    jobs = [job for job in reversed(call.vault.jobs.values()) if wanted(job)]
    return paged(call, jobs, lambda job: show(call.backup_path, job, call.now, whole=False))


def _wanted(call: Call) -> Callable[[Job], bool]:
    conditions = filters(call, {name.lower(): name for name in _FILTERS})
    try:
        since, until = (
            parse_filter_time(conditions[name]) if name in conditions else None for name in ("startTime", "endTime")
        )
    except ValueError as error:
        raise Refused(400, "BMSUserErrorInvalidInput", "Input provided for the call is invalid: $filter") from error

    def wanted(job: Job) -> bool:
        return (
            same(conditions.get("operation"), job.operation)
            and same(conditions.get("status"), job.status)
            and same(conditions.get("backupManagementType"), "AzureIaasVM")
            and same(conditions.get("jobId"), job.id)
            and (since is None or job.started >= since)
            and (until is None or job.started <= until)
        )

    return wanted


def find(call: Call) -> Job:
    job = call.vault.jobs.get(call.names["job"].lower())
    if job is None:
        # The service's own code for an unknown job is not in any source; this is its code for other lost objects.
        raise Refused(404, "BMSUserErrorDataSourceObjectNotFound", "Job not found.")
    return job


def get_job(call: Call) -> Response:
    return Response(200, show(call.backup_path, find(call), call.now, whole=True))


ROUTES = (
    Route("GET", f"{VAULT}/backupJobs", list_jobs),
    Route("GET", f"{VAULT}/backupJobs/{{job}}", get_job),
)
