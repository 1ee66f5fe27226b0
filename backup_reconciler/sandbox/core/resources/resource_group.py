"""Resource groups, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import ResourceGroup
    from backup_reconciler.sandbox.core.wire.call import Call


def list_groups(call: Call) -> Response:
    return paged(call, list(call.subscription.groups.values()), _group)


def get_group(call: Call) -> Response:
    return Response(200, _group(call.group))


def _group(group: ResourceGroup) -> Json:
    shown: Json = {
        "id": group.id,
        "name": group.name,
        "type": "Microsoft.Resources/resourceGroups",
        "location": group.location,
        "properties": {"provisioningState": "Succeeded"},
    }
    if group.tags:
        shown["tags"] = group.tags
    return shown


ROUTES = (
    Route("GET", f"{SUBSCRIPTION}/resourceGroups", list_groups),
    Route("GET", GROUP, get_group),
)
