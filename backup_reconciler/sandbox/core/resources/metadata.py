"""What a client asks an unknown cloud first, before it has a token: where things are, and whose tokens count.

Everything named is the box itself. A client that takes its word never asks anybody else for a token, and never sends
the box one that is good elsewhere.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import TENANT_ID
from backup_reconciler.sandbox.core.wire.messages import Response
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call


def endpoints(call: Call) -> Response:
    """The names of api-version 2022-09-01, as az's own mapping reads them (CLI: core/cloud.py)."""
    here = call.request.endpoint
    return Response(
        200,
        {
            "name": "AzureSandbox",
            "portal": here,
            "resourceManager": f"{here}/",
            "authentication": {
                "loginEndpoint": f"{here}/",
                "audiences": [f"{here}/"],
                "tenant": TENANT_ID,
                "identityProvider": "AAD",
            },
            "suffixes": {},
        },
    )


ROUTES = (Route("GET", "/metadata/endpoints", endpoints, anonymous=True),)
