"""`GET {scope}/providers/Microsoft.Authorization/permissions`: what the caller may do at a scope."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Role
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.router import SCOPE, Route
from backup_reconciler.sandbox.core.wire.scope import lies_in

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call
    from backup_reconciler.sandbox.core.wire.messages import Json, Response

_OWNER = Role(["*"], [], ["/"])


def list_permissions(call: Call) -> Response:
    """A permission for each role assigned at the scope or above; the one of an owner where the world states no role."""
    roles = call.estate.access.roles
    held = [_OWNER] if roles is None else roles
    scope = call.names["scope"]
    return paged(call, [role for role in held if any(lies_in(scope, at) for at in role.scopes)], _permission)


def _permission(role: Role) -> Json:
    return {"actions": role.actions, "notActions": role.not_actions, "dataActions": [], "notDataActions": []}


ROUTES = (Route("GET", f"{SCOPE}/providers/Microsoft.Authorization/permissions", list_permissions),)
