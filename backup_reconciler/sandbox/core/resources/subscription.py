"""Subscriptions, read only."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.roles import sees
from backup_reconciler.sandbox.core.estate import TENANT_ID
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Response
from backup_reconciler.sandbox.core.wire.router import SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Subscription
    from backup_reconciler.sandbox.core.wire.call import Call


def list_subscriptions(call: Call) -> Response:
    """Those in which the caller has a role."""
    access = call.estate.access
    held = (each for each in call.estate.subscriptions.values() if sees(access, f"/subscriptions/{each.id}"))
    return paged(call, held, _show)


def get_subscription(call: Call) -> Response:
    return Response(200, _show(call.subscription))


def _show(subscription: Subscription) -> Json:
    return {
        "id": f"/subscriptions/{subscription.id}",
        "subscriptionId": subscription.id,
        "tenantId": TENANT_ID,
        "displayName": f"sandbox {subscription.id[:8]}",
        "state": "Enabled",
        "subscriptionPolicies": {
            "locationPlacementId": "Public_2014-09-01",
            "quotaId": "PayAsYouGo_2014-09-01",
            "spendingLimit": "Off",
        },
        "authorizationSource": "RoleBased",
        "managedByTenants": [],
    }


ROUTES = (
    Route("GET", "/subscriptions", list_subscriptions),
    Route("GET", SUBSCRIPTION, get_subscription),
)
