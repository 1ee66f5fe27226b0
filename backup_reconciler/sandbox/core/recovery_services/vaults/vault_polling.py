"""Where operations on whole vaults are asked after, and how they end."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.recovery_services.vaults import deleted_vaults, vault, vault_deletion
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_operation import link, links
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import VAULT, Route

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate, Failure, Operation, Vault
    from backup_reconciler.sandbox.core.wire.call import Call

_ENDS: dict[str, Callable[[Estate, Vault, Operation, datetime], None]] = {
    "createVault": vault.finish_create,
    "updateVault": vault.finish_update,
    "deleteVault": vault_deletion.finish_delete,
    "undeleteVault": deleted_vaults.finish_undelete,
}


def finish(estate: Estate, found: Vault, name: str, now: datetime, _rng: Random) -> None:
    """An operation on a vault comes to its end."""
    operation = estate.vault_operations[name]
    operation.status = "Succeeded"
    _ENDS[operation.verb](estate, found, operation, now)


def fail(estate: Estate, found: Vault, name: str, now: datetime, error: Failure) -> None:
    """A creation that fails leaves a vault in that state behind; any other change, the vault as it was."""
    operation = estate.vault_operations[name]
    operation.status, operation.error = "Failed", error
    if operation.verb == "createVault":
        found.provisioning, found.changed = "Failed", now


def _find(call: Call) -> Operation:
    operation = call.estate.vault_operations.get(call.names["operation"])
    if operation is None:
        raise Refused(404, "OperationNotFound", f"Operation {call.names['operation']} was not found.")
    return operation


def operation_status(call: Call) -> Response:
    """Answered also when the vault has gone; while it runs, it says again where to ask (R26)."""
    operation = _find(call)
    path = f"{call.vault_path}/operationStatus/{operation.id}"
    body: Json = {"id": path, "name": operation.id, "status": operation.status}
    if call.settings.era == 2021:
        body["percentComplete"] = 0.0  # R22 test_backup_identity
    if operation.error:
        body["error"] = {"code": operation.error.code, "message": operation.error.message}
    return Response(200, body, links(call, operation) if operation.status == "InProgress" else {})


def operation_result(call: Call) -> Response:
    """202 while it runs; then the vault, where there still is one."""
    operation = _find(call)
    if operation.status == "InProgress":
        return Response(202, headers={"Location": link(call, "operationResults", operation)})
    if operation.error:
        raise Refused(400, operation.error.code, operation.error.message)
    return Response(200) if operation.verb == "deleteVault" else vault.get_vault(call)


ROUTES = (
    Route("GET", f"{VAULT}/operationStatus/{{operation}}", operation_status),
    Route("GET", f"{VAULT}/operationResults/{{operation}}", operation_result),
)
EFFECTS = {"vault": finish}
FAILURES = {"vault": fail}
