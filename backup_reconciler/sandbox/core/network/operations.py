"""Writes that outlast their request: accepted, asked after under the region, and settled when they end.

PUT answers 200 or 201 with the resource, `Updating`, and a link in Azure-AsyncOperation; DELETE answers 202 with that
and a Location (the az CLI's recording test_network_nsg.yaml, 2022).
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import NetworkOperation, fold
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused
from backup_reconciler.sandbox.core.wire.call import guid, normal_location
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import SUBSCRIPTION, Route

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, NetworkResource
    from backup_reconciler.sandbox.core.wire.call import Call

_LOCATION = f"{SUBSCRIPTION}/providers/Microsoft.Network/locations/{{location}}"
_SLOW = {"azureFirewalls", "firewallPolicies"}
_BUSY_CODES = {
    # A policy takes one rule collection group at a time (third-party page; status chosen); so the firewall.
    "firewallPolicies": (400, "FirewallPolicyUpdateNotAllowedWhenUpdatingOrDeleting"),
    "azureFirewalls": (400, "AzureFirewallUpdateNotAllowedWhenUpdatingOrDeleting"),
}


def refuse_while_under_way(call: Call, resource: NetworkResource) -> None:
    """One write at a time on a resource and what is part of it (azure-libraries-for-net issue 1001: 429)."""
    if not resource.under_way:
        return
    operations = reversed(call.estate.network_operations.values())
    running = next(each for each in operations if each.subject == fold(resource.id))
    link = call.link(_path(call, resource.location, "operations", running))
    status, code = _BUSY_CODES.get(resource.kind, (429, "AnotherOperationInProgress"))
    raise NetworkRefused(
        status,
        code,
        "Another operation on this or dependent resource is in progress. To retrieve status of the operation use uri: "
        f"{link}.",
    )


def written(call: Call, resource: NetworkResource, *, created: bool, body: Json) -> Response:
    """The answer to a PUT."""
    begun = _begin(call, resource)
    link = call.link(_path(call, resource.location, "operations", begun))
    headers = {"Azure-AsyncOperation": link, "Azure-AsyncNotification": "Enabled"}
    return Response(201 if created else 200, body, headers)


def deleted(call: Call, resource: NetworkResource) -> Response:
    """The answer to a DELETE."""
    begun = _begin(call, resource)
    return Response(
        202,
        headers={
            "Azure-AsyncOperation": call.link(_path(call, resource.location, "operations", begun)),
            "Azure-AsyncNotification": "Enabled",
            "Location": call.link(_path(call, resource.location, "operationResults", begun)),
        },
    )


def _begin(call: Call, resource: NetworkResource) -> NetworkOperation:
    durations = call.settings.durations
    seconds = durations.firewall if resource.kind in _SLOW else durations.network
    begun = NetworkOperation(guid(call.rng), fold(resource.id), call.now + timedelta(seconds=seconds))
    call.estate.network_operations[begun.id] = begun
    call.estate.schedule_outside(begun.ends, "network", begun.id)
    return begun


def _path(call: Call, location: str, kind: str, begun: NetworkOperation) -> str:
    region = normal_location(location)
    subscription = call.names["subscription"]
    return f"/subscriptions/{subscription}/providers/Microsoft.Network/locations/{region}/{kind}/{begun.id}"


def finish(estate: Estate, operation_id: str, _now: datetime) -> None:
    """What was written is as it was asked for, with another etag; what was deleted is gone."""
    subject = estate.network_operations[operation_id].subject
    group = estate.group_of(subject)
    for resources in group.network.values() if group else ():
        found = resources.get(subject.rpartition("/")[2])
        if found is None or fold(found.id) != subject:
            continue
        if found.provisioning == "Deleting":
            del resources[fold(found.name)]
        else:
            found.provisioning = "Succeeded"
            found.version += 1
        return


def _find(call: Call) -> NetworkOperation:
    found = call.estate.network_operations.get(fold(call.names["operation"]))
    if found is None:
        raise NetworkRefused(404, "OperationNotFound", f"Operation {call.names['operation']} was not found.")
    return found


def ask(call: Call) -> Response:
    """200 always; how long to wait is said while it runs."""
    found = _find(call)
    if call.now < found.ends:
        return Response(200, {"status": "InProgress"}, {"Retry-After": "10"})
    if found.error:
        error = {"code": found.error.code, "message": found.error.message, "details": []}
        return Response(200, {"status": "Failed", "error": error})
    return Response(200, {"status": "Succeeded"})


def ask_result(call: Call) -> Response:
    """202 while it runs, 204 when it is done: what was deleted has no body."""
    found = _find(call)
    if call.now < found.ends:
        return Response(202, headers={"Location": call.link(call.request.path), "Retry-After": "10"})
    if found.error:
        raise NetworkRefused(400, found.error.code, found.error.message)
    return Response(204)


ROUTES = (
    Route("GET", f"{_LOCATION}/operations/{{operation}}", ask),
    Route("GET", f"{_LOCATION}/operationResults/{{operation}}", ask_result),
)
OUTSIDE_EFFECTS = {"network": finish}
