"""What a vault holds, in numbers; and whether a vault's name is free."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Vault, fold
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import GROUP, RECOVERY_SERVICES, VAULT, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call


def list_usages(call: Call) -> Response:
    """SPEC ListUsages: counts have no limit, jobs are those of a day. Bytes are not known here: no data is stored."""
    vault = call.vault
    items = len(vault.items)
    failing = sum(item.last_backup_status == "Failed" for item in vault.items.values())
    return Response(
        200,
        {
            "value": [
                _usage("MABContainersCount", "Backup management servers", 0),
                _usage("ProtectedItemCount", "Backup items/Azure virtual machine backup", items),
                _usage("ProtectedItemCriticalCount", "Critical", failing),
                _usage("ProtectedItemWarningCount", "Warning", 0),
                _usage("IaaSVMProtectedItemCount", "Azure Virtual Machines", items),
                _usage("IaaSVMProtectedItemCriticalCount", "Critical", failing),
                _usage("IaaSVMProtectedItemWarningCount", "Warning", 0),
                _usage("InProgressJobsCount", "In progress", _jobs(vault, "InProgress"), quotaPeriod="P1D"),
                _usage("FailedJobsCount", "Failed", _jobs(vault, "Failed"), quotaPeriod="P1D"),
                _usage("ManagedInstances", "Protected Instances", items),
            ]
        },
    )


def _usage(name: str, words: str, value: int, **more: str) -> Json:
    return {
        "name": {"localizedValue": words, "value": name},
        "currentValue": value,
        "limit": -1,
        **more,
        "unit": "Count",
    }


def _jobs(vault: Vault, status: str) -> int:
    return sum(job.status == status for job in vault.jobs.values())


def list_replication_usages(call: Call) -> Response:
    """Those of Azure Site Recovery, which is not in the estate."""
    _ = call.vault  # which must exist
    return Response(200, {"value": []})


def check_name(call: Call) -> Response:
    """SPEC CheckNameAvailability: a name is taken within its resource group only."""
    name = call.body.get("name")
    if isinstance(name, str) and fold(name) in call.group.vaults:
        taken = {
            "message": "Resource already exists with the same name.",
            "nameAvailable": False,
            "reason": "AlreadyExists",
        }
        return Response(200, taken)
    return Response(200, {"nameAvailable": True})


ROUTES = (
    Route("GET", f"{VAULT}/usages", list_usages),
    Route("GET", f"{VAULT}/replicationUsages", list_replication_usages),
    Route("POST", f"{GROUP}/{RECOVERY_SERVICES}/locations/{{location}}/checkNameAvailability", check_name),
)
