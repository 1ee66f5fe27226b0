"""What the writes of all kinds have in common: the body's frame, tags, preconditions, deletion."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import NetworkResource
from backup_reconciler.sandbox.core.network.inventory import KINDS, find, keep
from backup_reconciler.sandbox.core.network.operations import deleted, refuse_while_under_way
from backup_reconciler.sandbox.core.network.reading import asked, one_of
from backup_reconciler.sandbox.core.network.refusal import NetworkRefused
from backup_reconciler.sandbox.core.network.shapes import show
from backup_reconciler.sandbox.core.wire.call import normal_location
from backup_reconciler.sandbox.core.wire.messages import Response, gateway, section, unreadable
from backup_reconciler.sandbox.core.wire.router import Route

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.router import Handler


def framed(call: Call, kind: str) -> tuple[NetworkResource, bool]:
    """A copy of the resource that a PUT is about, its location and tags as asked, and whether it is new.

    Nothing is changed before everything was checked: the copy replaces the resource when it is written.
    """
    name = call.names["resource"]
    existing = find(call.group, kind, name)
    check_precondition(call, existing)
    if existing:
        refuse_while_under_way(call, existing)
    location = _location(call, existing)
    group = call.group
    made = NetworkResource(kind, group.subscription, group.name, name, location, tags=tags_of(call) or {})
    if existing:
        made.name, made.version, made.sku = existing.name, existing.version, existing.sku
        made.properties, made.children = dict(existing.properties), dict(existing.children)
    return made, existing is None


def _location(call: Call, existing: NetworkResource | None) -> str:
    told = call.body.get("location")
    if not told or not isinstance(told, str):
        raise gateway(400, "LocationRequired", "The location property is required for this definition.")
    if existing and normal_location(existing.location) != normal_location(told):
        raise gateway(
            409,
            "InvalidResourceLocation",
            f"The resource '{existing.name}' already exists in location '{existing.location}' in resource group "
            f"'{existing.group}'. A resource with the same name cannot be created in location '{told}'. Please select "
            "a new resource name.",
        )
    return normal_location(told)


def tags_of(call: Call) -> dict[str, str] | None:
    """The tags that a request states; None where it states none."""
    tags = section(call.body, "tags")
    if not all(isinstance(value, str) for value in tags.values()):
        raise unreadable()
    return tags if call.body.get("tags") is not None else None


def check_precondition(call: Call, existing: NetworkResource | None) -> None:
    """`If-Match`: the etag that was read last. The code is chosen.

    That an `ETag` header in a request means nothing to the service is known (azure-rest-api-specs issue 6789).
    """
    wanted = call.request.headers.get("if-match")
    if wanted is None or (existing and wanted in {"*", existing.etag}):
        return
    raise NetworkRefused(
        412,
        "PreconditionFailed",
        f"The provided etag {wanted} does not match the current etag {existing.etag if existing else '(none)'}.",
    )


def begin_write(call: Call, resource: NetworkResource) -> None:
    """The resource is as it was asked for, and `Updating` until its operation ends."""
    resource.provisioning = "Updating"
    resource.version += 1
    keep(call.estate, resource)


def owned(call: Call, kind: str) -> NetworkResource:
    """The parent that a child is written to: it is there, matches the precondition, and nothing else is under way."""
    parent = asked(call, kind)
    check_precondition(call, parent)
    refuse_while_under_way(call, parent)
    return parent


def removed(call: Call, resource: NetworkResource) -> Response:
    """A resource that goes: it stays, `Deleting`, until its operation ends."""
    refuse_while_under_way(call, resource)
    resource.provisioning = "Deleting"
    keep(call.estate, resource)
    return deleted(call, resource)


def _patch_tags(kind: str) -> Handler:
    """Network's PATCH changes tags and nothing else, at once (SDK: TagsObject)."""

    def patch_tags(call: Call) -> Response:
        resource = asked(call, kind)
        check_precondition(call, resource)
        refuse_while_under_way(call, resource)
        tags = tags_of(call)
        if tags is not None:
            resource.tags = tags
        resource.version += 1
        keep(call.estate, resource)
        return Response(200, show(call.estate, resource, call.api_version))

    return patch_tags


ROUTES = tuple(Route("PATCH", one_of(kind), _patch_tags(kind)) for kind in KINDS)
