"""How well an item is, as its last backup tells.

Only the health of items whose backups go well is recorded (R21 job.json). For the others the names are those of SDKB,
and which of them stands when is INFERRED: a failed backup requires action, a failed transfer suggests
it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.recovery_services.jobs.advice import as_health

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import ProtectedItem
    from backup_reconciler.sandbox.core.wire.messages import Json

_SUCCESS = {"code": 0, "title": "Success", "message": "", "recommendations": []}
_PRECHECK_OK = {
    "code": 400239,
    "title": "IaasVmHealthGreenDefault",
    "message": "Backup pre-check status of this virtual machine is OK.",
    "recommendations": [],
}


def health(item: ProtectedItem) -> Json:
    """The fields of an item that speak of its health."""
    failure = item.last_failure
    if failure is None:
        return _well(backed_up=item.last_backup_time is not None)
    failed = item.last_backup_status == "Failed"
    details = [as_health(failure)]
    return {
        "kpisHealths": _kpi("TransientUnhealthy" if failed else "TransientDegraded", details),
        "protectionStatus": "Unhealthy" if failed else "Healthy",
        "healthStatus": "ActionRequired" if failed else "ActionSuggested",
        "healthDetails": details,
    }


def _well(*, backed_up: bool) -> Json:
    """Before the first backup nothing is measured yet (R21 item.json)."""
    if not backed_up:
        return {"kpisHealths": {}, "protectionStatus": "Healthy", "healthStatus": "Passed"}
    return {
        "kpisHealths": _kpi("Healthy", [_SUCCESS]),
        "protectionStatus": "Healthy",
        "healthStatus": "Passed",
        "healthDetails": [_PRECHECK_OK],
    }


def _kpi(status: str, details: list[Json]) -> Json:
    return {"BackupOperationStatusKPI": {"resourceHealthStatus": status, "resourceHealthDetails": details}}
