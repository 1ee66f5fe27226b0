"""Management locks at a subscription, a resource group or a resource: what they hold, and the resource itself."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, get_args

from backup_reconciler.sandbox.core.estate import Lock, LockLevel, fold
from backup_reconciler.sandbox.core.wire.listing import paged
from backup_reconciler.sandbox.core.wire.messages import Json, Refused, Response, gateway, unreadable
from backup_reconciler.sandbox.core.wire.router import SCOPE, Route
from backup_reconciler.sandbox.core.wire.scope import ancestors, lies_in, must_exist

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.estate import Estate
    from backup_reconciler.sandbox.core.wire.call import Call

_LOCKS = f"{SCOPE}/providers/Microsoft.Authorization/locks"
_LOCK = f"{_LOCKS}/{{lock}}"
_MOST_NOTES = 512
_AT_SCOPE = re.compile(r"\s*atScope\(\s*\)\s*", re.IGNORECASE)
_BAD_NAME = re.compile(r'[<>%&:\\?/"]')
_LONGEST_NAME = 260


def locked(estate: Estate, scope: str) -> LockLevel | None:
    """The strictest lock that a scope has or inherits; None where it may be changed and deleted."""
    levels = {lock.level for lock in inherited(estate, scope)}
    return "ReadOnly" if "ReadOnly" in levels else "CanNotDelete" if "CanNotDelete" in levels else None


def inherited(estate: Estate, scope: str) -> list[Lock]:
    """The locks at a scope and above it."""
    locks = estate.access.locks
    return [lock for above in ancestors(scope) for lock in locks.get(above, {}).values()] if locks else []


def below(estate: Estate, scope: str) -> list[Lock]:
    """The locks on what lies inside a scope."""
    return [
        lock
        for at, locks in estate.access.locks.items()
        if at != fold(scope) and lies_in(at, scope)
        for lock in locks.values()
    ]


def forget(estate: Estate, scope: str) -> None:
    """The scope is gone, and with it the locks on it and in it."""
    for at in [at for at in estate.access.locks if lies_in(at, scope)]:
        del estate.access.locks[at]


def list_locks(call: Call) -> Response:
    """Locks at, above and below the scope; with `atScope()` none from below (Learn: Get-AzResourceLock -AtScope)."""
    scope, condition = _existing_scope(call), call.request.query.get("$filter", "")
    if condition and not _AT_SCOPE.fullmatch(condition):
        raise gateway(
            400, "InvalidFilterInQueryString", f"Invalid $filter '{condition}' specified in the query string."
        )
    found = inherited(call.estate, scope)
    if not condition:
        found += below(call.estate, scope)
    return paged(call, found, _show)


def get_lock(call: Call) -> Response:
    return Response(200, _show(_find(call)))


def put_lock(call: Call) -> Response:
    """201 for a new lock, 200 for a changed one (azure-mgmt-resource)."""
    scope, name = _existing_scope(call), call.names["lock"]
    level, notes = call.field("level"), call.field("notes")
    if len(name) > _LONGEST_NAME or _BAD_NAME.search(name):
        raise gateway(400, "InvalidLockName", f"The lock name '{name}' is invalid.")
    known = {fold(each): each for each in get_args(LockLevel)}
    if not isinstance(level, str) or fold(level) not in known:
        raise _invalid(f"The lock level '{level}' is invalid. The supported levels are '{', '.join(known.values())}'.")
    if notes is not None and not isinstance(notes, str):
        raise unreadable()
    if notes and len(notes) > _MOST_NOTES:
        raise _invalid(f"The lock notes cannot be longer than {_MOST_NOTES} characters.")
    existed = fold(name) in call.estate.access.locks.get(fold(scope), {})
    lock = Lock(name, scope, known[fold(level)], notes)
    call.estate.access.add(lock)
    return Response(200 if existed else 201, _show(lock))


def delete_lock(call: Call) -> Response:
    """204 where there is none (azure-mgmt-resource)."""
    scope = _existing_scope(call)
    at_scope = call.estate.access.locks.get(fold(scope), {})
    if at_scope.pop(fold(call.names["lock"]), None) is None:
        return Response(204)
    if not at_scope:
        del call.estate.access.locks[fold(scope)]
    return Response(200)


def _find(call: Call) -> Lock:
    found = call.estate.access.locks.get(fold(_existing_scope(call)), {}).get(fold(call.names["lock"]))
    if found is None:
        raise gateway(404, "LockNotFound", f"The lock '{call.names['lock']}' could not be found.")
    return found


def _existing_scope(call: Call) -> str:
    """The scope that the path names; a 404 where nothing is there to be locked."""
    scope = call.names["scope"]
    must_exist(call.estate, scope)
    return scope


def _invalid(message: str) -> Refused:
    return gateway(400, "InvalidLock", message)


def _show(lock: Lock) -> Json:
    properties: Json = {"level": lock.level}
    if lock.notes is not None:
        properties["notes"] = lock.notes
    return {"properties": properties, "id": lock.id, "type": "Microsoft.Authorization/locks", "name": lock.name}


ROUTES = (
    Route("GET", _LOCKS, list_locks),
    Route("GET", _LOCK, get_lock),
    Route("PUT", _LOCK, put_lock),
    Route("DELETE", _LOCK, delete_lock),
)
