"""Lists and single resources of Microsoft.Network, all kinds alike."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.network.inventory import KINDS, find, of_group
from backup_reconciler.sandbox.core.network.refusal import child_not_found
from backup_reconciler.sandbox.core.network.shapes import CHILDREN, show, show_child
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Response
from backup_reconciler.sandbox.core.wire.router import GROUP, SUBSCRIPTION, Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import NetworkChild, NetworkResource
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.router import Handler

NETWORK = "providers/Microsoft.Network"


def one_of(kind: str) -> str:
    """The path of a resource of a kind."""
    return f"{GROUP}/{NETWORK}/{kind}/{{resource}}"


def child_of(kind: str) -> str:
    """The path of a child of a resource of a kind."""
    return f"{one_of(kind)}/{CHILDREN[kind]}/{{child}}"


def asked(call: Call, kind: str) -> NetworkResource:
    """The resource that the path names."""
    found = find(call.group, kind, call.names["resource"])
    if found is None:
        raise call.not_found(f"Microsoft.Network/{kind}/{call.names['resource']}")
    return found


def asked_child(call: Call, kind: str) -> tuple[NetworkResource, NetworkChild]:
    """The child that the path names, and its parent."""
    parent = asked(call, kind)
    child = parent.children.get(fold(call.names["child"]))
    if child is None:
        raise child_not_found(f"{parent.id}/{CHILDREN[kind]}/{call.names['child']}")
    return parent, child


def _get(kind: str) -> Handler:
    def get(call: Call) -> Response:
        found = asked(call, kind)
        return Response(200, show(call.estate, found, call.api_version), {"ETag": found.etag})

    return get


def _list_group(kind: str) -> Handler:
    def list_group(call: Call) -> Response:
        found = of_group(call.group, kind)
        return paged(call, found, lambda one: show(call.estate, one, call.api_version))

    return list_group


def _list_subscription(kind: str) -> Handler:
    def list_subscription(call: Call) -> Response:
        found = (one for group in call.subscription.groups.values() for one in of_group(group, kind))
        return paged(call, found, lambda one: show(call.estate, one, call.api_version))

    return list_subscription


def _get_child(kind: str) -> Handler:
    def get_child(call: Call) -> Response:
        parent, child = asked_child(call, kind)
        return Response(200, show_child(call.estate, parent, child, call.api_version), {"ETag": parent.etag})

    return get_child


def _list_children(kind: str) -> Handler:
    def list_children(call: Call) -> Response:
        parent = asked(call, kind)
        children = parent.children.values()
        return paged(call, children, lambda child: show_child(call.estate, parent, child, call.api_version))

    return list_children


def _routes(kind: str) -> list[Route]:
    routes = [
        Route("GET", f"{SUBSCRIPTION}/{NETWORK}/{kind}", _list_subscription(kind)),
        Route("GET", f"{GROUP}/{NETWORK}/{kind}", _list_group(kind)),
        Route("GET", one_of(kind), _get(kind)),
    ]
    if kind in CHILDREN:
        collection = f"{one_of(kind)}/{CHILDREN[kind]}"
        routes += [
            Route("GET", collection, _list_children(kind)),
            Route("GET", child_of(kind), _get_child(kind)),
        ]
    return routes


ROUTES = tuple(route for kind in KINDS for route in _routes(kind))
