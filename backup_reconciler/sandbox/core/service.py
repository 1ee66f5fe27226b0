"""The service itself: one request in, one response out."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from . import (
    backup,
    discovery,
    faults,
    graph,
    graph_index,
    item,
    job,
    policy,
    polling,
    protection,
    resource_group,
    vault,
    vault_config,
    vm,
)
from .call import Call, guid
from .estate import fold
from .messages import Refused, Request, Response, gateway
from .router import Handler, Router
from .settle import settle

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from .estate import Estate

_ROUTER = Router(
    route
    for module in (
        vault, vault_config, policy, item, discovery, protection, backup, job, polling, vm, resource_group, graph,
    )
    for route in module.ROUTES
)  # fmt: skip

_API_VERSION = re.compile(r"\d{4}-\d{2}-\d{2}(-preview)?")
_NAMESPACES = {"microsoft.recoveryservices", "microsoft.compute", "microsoft.resourcegraph", "microsoft.resources"}


def handle(estate: Estate, request: Request, now: datetime, rng: Random) -> Response:
    """Answer one request at a moment. No I/O, no clock, no randomness but `rng`; `estate` is what changes."""
    settle(estate, now, rng)
    fault = faults.meet(estate, request)
    if fault and fault.cut != "after":
        response = faults.answer(fault)
    else:
        response = _answer(estate, request, now, rng)
        if fault:
            response = replace(response, cut=True)
    return dressed(response, estate, request, rng)


def dressed(response: Response, estate: Estate, request: Request, rng: Random) -> Response:
    """A response with the headers that stand on every answer; its own come first."""
    return replace(response, headers={**_usual_headers(estate, request, rng), **response.headers})


def _answer(estate: Estate, request: Request, now: datetime, rng: Random) -> Response:
    try:
        call, answer = _route(estate, request, now, rng)
        response = answer(call)
    except Refused as refused:
        return refused.response()
    if request.method != "GET" and "vault" in call.names:
        settle(estate, now, rng)  # what takes no time is done when the answer arrives
        graph_index.note(estate, fold(_canonical(call)), now)
    return response


def _canonical(call: Call) -> str:
    words = call.names
    return (
        f"/subscriptions/{words['subscription']}/resourceGroups/{words['group']}"
        f"/providers/Microsoft.RecoveryServices/vaults/{words['vault']}"
    )


def _route(estate: Estate, request: Request, now: datetime, rng: Random) -> tuple[Call, Handler]:
    found = _ROUTER.find(request.path)
    if found is None:
        raise _unknown(request)
    if request.method not in found.answers:
        raise gateway(405, "HttpMethodNotSupported", f"The HTTP method '{request.method}' is not supported here.")
    version = request.query.get("api-version")
    if not version:
        raise gateway(
            400,
            "MissingApiVersionParameter",
            "The api-version query parameter (?api-version=) is required for all requests.",
        )
    if not _API_VERSION.fullmatch(version):
        raise gateway(400, "InvalidApiVersionParameter", f"The api-version '{version}' is invalid.")
    answer, names = found.answers[request.method]
    return Call(request, estate, now, rng, dict(zip(names, found.words, strict=True))), answer


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


_REMAINING = {
    2021: {"GET": ("subscription-reads", 11999), "DELETE": ("subscription-deletes", 14999)},
    2026: {"GET": ("subscription-global-reads", 16499), "DELETE": ("subscription-deletes", 199)},
}
_REMAINING_WRITES = {2021: ("subscription-writes", 1199), 2026: ("subscription-writes", 799)}


def _usual_headers(estate: Estate, request: Request, rng: Random) -> dict[str, str]:
    """The remaining quota is the full one: nothing spends it here (R21, R26)."""
    era = estate.settings.era
    name, remaining = _REMAINING[era].get(request.method, _REMAINING_WRITES[era])
    if era == 2026 and "/vaults/" in fold(request.path) and request.method == "GET":
        name, remaining = "subscription-resource-requests", 1099
    headers = {
        "x-ms-request-id": guid(rng),
        "x-ms-correlation-request-id": guid(rng),
        f"x-ms-ratelimit-remaining-{name}": str(remaining),
    }
    if "/microsoft.compute/" in fold(request.path):
        headers["x-ms-ratelimit-remaining-resource"] = "Microsoft.Compute/LowCostGetSubscriptionMaximum;23999"
    return headers
