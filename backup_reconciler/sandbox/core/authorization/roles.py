"""What the caller may do: Azure's way of reading role definitions."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.wire.scope import lies_in

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Access, Role


def allowed(access: Access, action: str, scope: str) -> bool:
    """Whether some role assigned at the scope, or above it, has the action."""
    return access.roles is None or any(_grants(role, action, scope) for role in access.roles)


def sees(access: Access, scope: str) -> bool:
    """Whether a role is assigned at the scope, above it, or in it: such subscriptions are listed."""
    return access.roles is None or any(
        role.actions and (lies_in(scope, at) or lies_in(at, scope)) for role in access.roles for at in role.scopes
    )


def _grants(role: Role, action: str, scope: str) -> bool:
    """`notActions` take away from the same role only: another may still grant it (Learn: role-definitions)."""
    return (
        any(lies_in(scope, assigned) for assigned in role.scopes)
        and _any(role.actions, action)
        and not _any(role.not_actions, action)
    )


def _any(patterns: list[str], action: str) -> bool:
    return any(_compiled(pattern).fullmatch(action) for pattern in patterns)


@lru_cache(maxsize=4096)
def _compiled(pattern: str) -> re.Pattern[str]:
    """Case is ignored, and `*` crosses slashes (Learn: role-definitions)."""
    return re.compile(".*".join(re.escape(part) for part in pattern.split("*")), re.IGNORECASE)
