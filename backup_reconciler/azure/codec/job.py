"""Codec of jobs: ARM JSON → Job, and the requests that read them and that back a VM up."""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.moment import utc
from backup_reconciler.azure.codec.protection import container_key
from backup_reconciler.azure.codes import explain_job_error
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import SNAPSHOT, Job, JobError, Phase

_PHASE_NAMES = {"Take Snapshot": SNAPSHOT}
"""What the service calls a task otherwise than its documentation and portal do (recorded answers)."""
_DAY = timedelta(days=1)


def since_request(vault: ArmId, since: datetime, status: str = "") -> ArmRequest:
    """The jobs of a vault's VMs that started in the day from `since`; without the phases of each."""
    return list_request(vault, since, since + _DAY, status=status)


def list_request(vault: ArmId, since: datetime, until: datetime, operation: str = "", status: str = "") -> ArmRequest:
    """The jobs of a vault's VMs that started between two moments, newest first; without the phases of each.

    All of them, or those of one operation or one status, by Azure's names for them.
    """
    start, end = (moment.astimezone(UTC).strftime("%Y-%m-%d %I:%M:%S %p") for moment in (since, until))
    condition = f"backupManagementType eq 'AzureIaasVM' and startTime eq '{start}' and endTime eq '{end}'"
    condition += f" and operation eq '{operation}'" if operation else ""
    condition += f" and status eq '{status}'" if status else ""
    return get(vault.child("backupJobs").text, Api.BACKUP, **{"$filter": condition})


def get_request(vault: ArmId, job: str) -> ArmRequest:
    """One job with its phases."""
    return get(vault.child("backupJobs", job).text, Api.BACKUP)


def backup_request(item: ArmId, kept_until: date) -> ArmRequest:
    """Back a VM up now, and keep the recovery point to the end of that day in UTC."""
    expiry = f"{kept_until}T23:59:59.000Z"
    properties = {"objectType": "IaasVMBackupRequest", "recoveryPointExpiryTimeInUTC": expiry}
    return ArmRequest("POST", f"{item.text}/backup", Api.BACKUP, body={"properties": properties})


def decode(arm: Mapping[str, Any]) -> Job:
    """A job as listed, or with its phases as a GET of it tells them."""
    properties = arm.get("properties") or {}
    return Job(
        id=str(arm.get("name", "")),
        container=container_key(str(properties.get("containerName", ""))),
        operation=str(properties.get("operation", "")),
        listed_status=str(properties.get("status", "")),
        started=_moment(properties.get("startTime")),
        ended=_moment(properties.get("endTime")),
        errors=tuple(map(_error, properties.get("errorDetails") or ())),
        phases=_phases(properties.get("extendedInfo")),
    )


def _moment(text: object) -> datetime | None:
    """A moment in UTC. For one that is not there yet the service also writes the year 1."""
    if not text:
        return None
    moment = utc(str(text))
    return moment if moment.year > 1 else None


def _phases(extended: Mapping[str, Any] | None) -> tuple[Phase, ...] | None:
    if extended is None:
        return None
    tasks = ((str(task.get("taskId", "")), str(task.get("status", ""))) for task in extended.get("tasksList") or ())
    return tuple(Phase(_PHASE_NAMES.get(name, name), status) for name, status in tasks)


def _error(detail: Mapping[str, Any]) -> JobError:
    """Azure names an error by a title and by a number, of which either may be missing."""
    number, title = detail.get("errorCode") or "", str(detail.get("errorTitle") or "")
    message = str(detail.get("errorString") or "")
    meaning, remedy = explain_job_error(str(number), title, message)
    advice = " ".join(map(str, detail.get("recommendations") or ()))
    return JobError(title or str(number), message, meaning, remedy or advice)
