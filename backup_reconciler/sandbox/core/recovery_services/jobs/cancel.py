"""Cancelling a backup job, which works while its snapshot is taken (Learn: backup-azure-vm-backup-faq)."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Failure
from backup_reconciler.sandbox.core.recovery_services.jobs import job as jobs
from backup_reconciler.sandbox.core.recovery_services.jobs import operation
from backup_reconciler.sandbox.core.wire.messages import Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Job, Operation, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_SECONDS = 10
"""Nobody has recorded how long a job is Cancelling."""
_STATUS_API = "2019-05-13-preview"
"""Hard-coded by the service into the status link of a cancellation (R21 job.json)."""
_TOO_LATE = Failure("BMSUserErrorInvalidInput", "The job isn't in a cancelable state. Wait until the job finishes.")


def cancel_job(call: Call) -> Response:
    """202 also when it is too late: then the operation fails (specs issue 5306).

    Learn (backup-azure-vms-troubleshoot) has the three reasons of a refusal; their codes are in no source.
    """
    vault, job = call.vault, jobs.find(call)
    if job.operation not in jobs.CANCELLABLE:
        raise _refused("Cancellation isn't supported for this job type. Wait until the job finishes.")
    if job.status != "InProgress":
        raise _refused("The job can't be cancelled because it isn't in progress.")
    if _in_snapshot(job):
        job.status = "Cancelling"
    begun = operation.begin(call, vault, "cancel", _SECONDS, [], [], {"job": job.id})
    path = call.request.path.removesuffix("/cancel")
    return operation.accepted(
        call, f"{path}/operationsStatus/{begun.id}", f"{path}/operationResults/{begun.id}", _STATUS_API
    )


def _refused(why: str) -> Refused:
    return Refused(400, "BMSUserErrorInvalidInput", why)


def _in_snapshot(job: Job) -> bool:
    return job.tasks[0].status == "InProgress"


def finish_cancel(_estate: Estate, vault: Vault, done: Operation, now: datetime, _rng: Random) -> None:
    """There is no recovery point; what the tasks of a cancelled job show is INFERRED."""
    job = vault.jobs.get(done.intent["job"])
    if job is None or job.status != "Cancelling":
        operation.conclude(vault, done, now, _TOO_LATE)
        return
    for task in job.tasks:
        task.status = "Cancelled"
    jobs.end(vault, job, now, "Cancelled", jobs.CANCELLED)
    operation.conclude(vault, done, now)


ROUTES = (Route("POST", f"{VAULT}/backupJobs/{{job}}/cancel", cancel_job),)
OPERATIONS = {"cancel": finish_cancel}
