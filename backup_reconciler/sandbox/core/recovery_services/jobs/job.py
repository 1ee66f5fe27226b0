"""Backup jobs: their life, `GET …/backupJobs` and `GET …/backupJobs/{id}`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Job
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.listing import filters, paged, same
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route
from backup_reconciler.sandbox.core.wire.times import duration, parse_filter_time, stamp

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_CANCELLABLE = {"Backup", "Restore"}
_CANCEL = [1]
"""`actionsInfo`: the number of Cancellable, though the SDK's enum is text; it stays after the end (R21 job.json)."""

_FILTERS = ("operation", "status", "backupManagementType", "startTime", "endTime", "jobId")


def start(call: Call, vault: Vault, operation: str, item: ProtectedItem, bag: dict[str, str]) -> Job:
    """A job that begins now. Its property bag always names the VM."""
    properties = {"VM Name": item.vm, **bag}
    job = Job(guid(call.rng), operation, item.token, item.vm, call.now, call.activity, properties=properties)
    vault.jobs[job.id] = job
    return job


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
    if job.operation in _CANCELLABLE:
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
        "recommendations": [],
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


def get_job(call: Call) -> Response:
    job = call.vault.jobs.get(call.names["job"].lower())
    if job is None:
        # The service's own code for an unknown job is not in any source; this is its code for other lost objects.
        raise Refused(404, "BMSUserErrorDataSourceObjectNotFound", "Job not found.")
    return Response(200, show(call.backup_path, job, call.now, whole=True))


ROUTES = (
    Route("GET", f"{VAULT}/backupJobs", list_jobs),
    Route("GET", f"{VAULT}/backupJobs/{{job}}", get_job),
)
