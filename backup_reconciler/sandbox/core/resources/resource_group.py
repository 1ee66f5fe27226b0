"""Subscriptions and resource groups, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.roles import sees
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import ResourceGroup, Subscription
    from backup_reconciler.sandbox.core.wire.call import Call


def list_subscriptions(call: Call) -> Response:
    """Those in which the caller has a role."""
    access = call.estate.access
    held = (each for each in call.estate.subscriptions.values() if sees(access, f"/subscriptions/{each.id}"))
    return paged(call, held, _subscription)


def get_subscription(call: Call) -> Response:
    return Response(200, _subscription(call.subscription))


def _subscription(subscription: Subscription) -> Json:
    return {
        "id": f"/subscriptions/{subscription.id}",
        "subscriptionId": subscription.id,
        "displayName": f"sandbox {subscription.id[:8]}",
        "state": "Enabled",
        "authorizationSource": "RoleBased",
    }


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
    Route("GET", "/subscriptions", list_subscriptions),
    Route("GET", SUBSCRIPTION, get_subscription),
    Route("GET", f"{SUBSCRIPTION}/resourceGroups", list_groups),
    Route("GET", GROUP, get_group),
)
