"""Resource groups, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.listing import filters, paged
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response, gateway
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route

if TYPE_CHECKING:
    from collections.abc import Mapping

    from backup_reconciler.sandbox.core.estate import ResourceGroup
    from backup_reconciler.sandbox.core.wire.call import Call


def list_groups(call: Call) -> Response:
    """All, or those with a tag: `tagName eq 'env' and tagValue eq 'prod'` (CLI; Learn: resource-groups-list)."""
    conditions = filters(call, {"tagname": "name", "tagvalue": "value"}, _bad_filter)
    groups = [group for group in call.subscription.groups.values() if _meets(group, conditions)]
    return paged(call, groups, _group)


def _bad_filter(condition: str) -> Refused:
    # ARM's own code for a filter it cannot read, seen at other lists of its own.
    return gateway(400, "InvalidFilterInQueryString", f"Invalid $filter '{condition}' specified in the query string.")


def _meets(group: ResourceGroup, conditions: Mapping[str, str]) -> bool:
    """Names of tags ignore case, their values do not."""
    if not conditions:
        return True
    tags = {fold(name): value for name, value in group.tags.items()}
    value = tags.get(fold(conditions.get("name", "")))
    return value is not None and conditions.get("value", value) == value


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
