"""The directory (Microsoft Entra tenant) that all subscriptions of a box belong to, and who signs in to it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Json, Response

TENANT_ID = "5a4d0b0c-0000-4000-8000-000000000001"
DOMAIN = "sandbox.onmicrosoft.com"
CLIENT_ID = "5a4d0b0c-0000-4000-8000-000000000002"
"""The application behind the box's managed identity."""
OBJECT_ID = "5a4d0b0c-0000-4000-8000-000000000003"
"""Its service principal: to whom roles are given. ARM's refusals name it twice, as client and as object id."""


def list_tenants(call: Call) -> Response:
    """The fields of 2022-12-01; a client reads `tenantId`, and shows the names."""
    return paged(call, [TENANT_ID], _tenant)


def _tenant(tenant_id: str) -> Json:
    return {
        "id": f"/tenants/{tenant_id}",
        "tenantId": tenant_id,
        "countryCode": "JP",
        "displayName": "Sandbox",
        "domains": [DOMAIN],
        "defaultDomain": DOMAIN,
        "tenantCategory": "Home",
        "tenantType": "AAD",
    }


ROUTES = (Route("GET", "/tenants", list_tenants),)
