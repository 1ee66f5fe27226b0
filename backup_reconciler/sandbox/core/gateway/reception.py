"""What Azure Resource Manager reads off a request before anybody is asked: its path, its method, its api-version."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.providers import ROUTER
from backup_reconciler.sandbox.core.wire.call import Call
from backup_reconciler.sandbox.core.wire.messages import Refused, Request, gateway

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate

_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")
_NAMESPACES = {"microsoft.authorization", "microsoft.compute", "microsoft.network", "microsoft.policyinsights",
               "microsoft.recoveryservices", "microsoft.resourcegraph", "microsoft.resources"}  # fmt: skip


def received(estate: Estate, request: Request, now: datetime, rng: Random) -> Call:
    """The call that a request is, or ARM's refusal of it."""
    found = ROUTER.find(request.path)
    if found is None:
        raise _unknown(request)
    route = found.routes.get(request.method)
    if route is None:
        raise gateway(405, "HttpMethodNotSupported", f"The HTTP method '{request.method}' is not supported here.")
    _check_api_version(request)
    return Call(request, estate, now, rng, route, dict(zip(route.names, found.words, strict=True)))


def _check_api_version(request: Request) -> None:
    version = request.query.get("api-version")
    if not version:
        raise gateway(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not _API_VERSION.fullmatch(version):
        raise gateway(400, "InvalidApiVersionParameter", f"The api-version '{version}' is invalid.")


def _unknown(request: Request) -> Refused:
    """Nobody answers this path: ARM says which part of it it does not know."""
    words = request.path.strip("/").split("/")
    folded = [fold(word) for word in words]
    if "providers" not in folded or folded.index("providers") + 2 >= len(words):
        return gateway(
            404,
            "MissingSubscription",
            "The request did not have a subscription or a valid tenant level resource provider.",
        )
    start = folded.index("providers") + 1
    namespace, kinds = words[start], words[start + 1 :: 2]
    if fold(namespace) not in _NAMESPACES:
        return gateway(404, "InvalidResourceNamespace", f"The resource namespace '{namespace}' is invalid.")
    kind = "/".join(kinds)
    version = request.query.get("api-version", "")
    return gateway(
        404,
        "InvalidResourceType",
        f"The resource type '{kind}' could not be found in the namespace '{namespace}' for api version '{version}'.",
    )
