"""Where operations are asked after. Under the item, the policy, the fabric or the vault: all know all."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Operation, fold
from backup_reconciler.sandbox.core.recovery_services.items import item as items
from backup_reconciler.sandbox.core.recovery_services.policies import policy as policies
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response
from backup_reconciler.sandbox.core.wire.router import FABRIC, ITEM, VAULT, Route
from backup_reconciler.sandbox.core.wire.times import NOT_ENDED, stamp

if TYPE_CHECKING:
    from collections.abc import Callable

    from backup_reconciler.sandbox.core.wire.call import Call


def _find(call: Call) -> Operation:
    found = call.vault.operations.get(fold(call.names["operation"]))
    if found is None:
        raise Refused(404, "BMSUserErrorDataSourceObjectNotFound", "Operation not found.")
    return found


def status(call: Call) -> Response:
    """200 always; once done, `endTime` equals `startTime` (R21)."""
    found = _find(call)
    body: Json = {
        "id": found.id,
        "name": found.id,
        "status": found.status,
        "startTime": stamp(found.started),
        "endTime": NOT_ENDED if found.status == "InProgress" else stamp(found.started),
    }
    if found.status != "InProgress" and found.jobs:
        body["properties"] = _jobs(found)
    if found.error:
        body["error"] = {"code": found.error.code, "message": found.error.message}
    return Response(200, body)


def _jobs(found: Operation) -> Json:
    if found.verb == "policy":
        return {"objectType": "OperationStatusJobsExtendedInfo", "jobIds": found.jobs, "failedJobsError": {}}
    return {"objectType": "OperationStatusJobExtendedInfo", "jobId": found.jobs[0]}


def _result(show: Callable[[Call], Response]) -> Callable[[Call], Response]:
    """202 and where to ask again while it runs; then what `show` says, or why it failed."""

    def result(call: Call) -> Response:
        found = _find(call)
        if found.status == "InProgress":
            return Response(202, headers={"Location": call.poll_link(call.request.path)})
        if found.error:
            raise Refused(400, found.error.code, found.error.message)
        return show(call)

    return result


def _nothing(_call: Call) -> Response:
    return Response(204)


_item_result = _result(items.get_item)
_policy_result = _result(policies.get_policy)
_bare_result = _result(_nothing)

ROUTES = (
    Route("GET", f"{ITEM}/operationsStatus/{{operation}}", status),
    Route("GET", f"{ITEM}/operationResults/{{operation}}", _item_result),
    Route("GET", f"{VAULT}/backupPolicies/{{policy}}/operations/{{operation}}", status),
    Route("GET", f"{VAULT}/backupPolicies/{{policy}}/operationResults/{{operation}}", _policy_result),
    Route("GET", f"{FABRIC}/operationsStatus/{{operation}}", status),
    Route("GET", f"{FABRIC}/operationResults/{{operation}}", _bare_result),
    Route("GET", f"{VAULT}/backupJobs/{{job}}/operationsStatus/{{operation}}", status),
    Route("GET", f"{VAULT}/backupJobs/{{job}}/operationResults/{{operation}}", _bare_result),
    Route("GET", f"{VAULT}/backupOperations/{{operation}}", status),
    Route("GET", f"{VAULT}/backupOperationResults/{{operation}}", _bare_result),
)
