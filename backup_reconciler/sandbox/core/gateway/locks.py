"""Management locks: what may not be changed or deleted by anybody, whatever their role."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.authorization.locks import below, inherited
from backup_reconciler.sandbox.core.estate import fold
from backup_reconciler.sandbox.core.wire.messages import gateway
from backup_reconciler.sandbox.core.wire.scope import TENANT, scope_of

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Lock
    from backup_reconciler.sandbox.core.wire.call import Call

_OWN = "microsoft.authorization/locks/"


def check(call: Call) -> None:
    """409 where a lock of the scope, or one it inherits, holds the action; the locks themselves are never held."""
    action = fold(call.route.action)
    if not call.estate.access.locks or action.endswith("/read") or action.startswith(_OWN):
        return
    scope = scope_of(call)
    if scope == TENANT:
        return
    holding = _holding(call, action, scope)
    if holding:
        raise gateway(
            409,
            "ScopeLocked",
            f"The scope '{scope}' cannot perform {'delete' if action.endswith('/delete') else 'write'} operation "
            f"because following scope(s) are locked: '{','.join(dict.fromkeys(lock.scope for lock in holding))}'. "
            "Please remove the lock and try again.",
        )


def _holding(call: Call, action: str, scope: str) -> list[Lock]:
    """ReadOnly leaves what a Reader may do, so no action of a POST either; it is called a write (Learn: lock-resources;
    refused listKeys calls). A deletion also meets the locks of what would be deleted with it."""
    estate = call.estate
    if action.endswith("/delete"):
        return [lock for lock in inherited(estate, scope) + below(estate, scope) if lock.level != "NotSpecified"]
    return [lock for lock in inherited(estate, scope) if lock.level == "ReadOnly"]
