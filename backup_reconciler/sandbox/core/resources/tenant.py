"""The one tenant of a box."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import DOMAIN, TENANT_ID
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Json, Response


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
