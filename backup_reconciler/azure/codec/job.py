"""Codec of backup jobs: ARM JSON → Job, as far as watching a configuration needs it."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec.protection import container_key
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId

_CONFIGURES = frozenset({"ConfigureBackup", "DisableBackup", "DeleteBackupData", "Undelete"})
_RUNNING = frozenset({"InProgress", "Cancelling"})


@dataclass(frozen=True, slots=True)
class Job:
    """A job of a vault. `container` names its VM as `container_key_of` does."""

    id: str
    container: str
    operation: str
    status: str
    error_code: str
    error_message: str

    @property
    def vm(self) -> str:
        """The name of its VM."""
        return self.container.rpartition(";")[2]

    @property
    def running(self) -> bool:
        return self.status in _RUNNING

    @property
    def failed(self) -> bool:
        return self.status in ("Failed", "Cancelled")

    @property
    def configures(self) -> bool:
        """Whether the job changes how its VM is protected, and so bars another change meanwhile."""
        return self.operation in _CONFIGURES


def since_request(vault: ArmId, since: datetime) -> ArmRequest:
    """The jobs of a vault's VMs that started in the day from `since`; without the phases of each."""
    start, end = (moment.strftime("%Y-%m-%d %I:%M:%S %p") for moment in (since, since + timedelta(days=1)))
    condition = f"backupManagementType eq 'AzureIaasVM' and startTime eq '{start}' and endTime eq '{end}'"
    return get(vault.child("backupJobs").text, Api.BACKUP, **{"$filter": condition})


def decode(arm: Mapping[str, Any]) -> Job:
    properties = arm.get("properties") or {}
    first_error: Mapping[str, Any] = next(iter(properties.get("errorDetails") or ()), {})
    return Job(
        id=str(arm.get("name", "")),
        container=container_key(str(properties.get("containerName", ""))),
        operation=str(properties.get("operation", "")),
        status=str(properties.get("status", "")),
        error_code=str(first_error.get("errorTitle") or first_error.get("errorCode") or ""),
        error_message=str(first_error.get("errorString") or ""),
    )
