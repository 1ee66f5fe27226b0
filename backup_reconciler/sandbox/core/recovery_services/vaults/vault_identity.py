"""The managed identity of a vault."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import TENANT_ID
from backup_reconciler.sandbox.core.recovery_services.vaults.vault_rules import invalid
from backup_reconciler.sandbox.core.wire.call import guid
from backup_reconciler.sandbox.core.wire.messages import Json, section

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.call import Call

_TYPES = {
    "none": "None",
    "systemassigned": "SystemAssigned",
    "userassigned": "UserAssigned",
    "systemassigned,userassigned": "SystemAssigned, UserAssigned",
}


def identity(call: Call, now: Json | None) -> Json | None:
    """The identity that a vault has after a request; what the request does not state stays (R22 test_backup_identity).

    User-assigned identities are added to those that are there, a null takes one away. The type's case is ignored.
    """
    if call.body.get("identity") is None:
        return now
    asked = section(call.body, "identity")
    kind = _TYPES.get(str(asked.get("type")).lower().replace(" ", ""))
    if kind is None:
        raise invalid("identity.type")
    if kind == "None":
        return {"type": "None"} if now else None
    found: Json = {"type": kind}
    if "SystemAssigned" in kind:
        found["principalId"] = (now or {}).get("principalId") or guid(call.rng)
    found["tenantId"] = TENANT_ID
    if "UserAssigned" in kind:
        users = _users(call, asked, section(now or {}, "userAssignedIdentities"))
        if not users:
            raise invalid("identity.userAssignedIdentities")
        found["userAssignedIdentities"] = users
    return found


def _users(call: Call, asked: Json, now: Json) -> Json:
    found: Json = dict(now)
    named: dict[str, Any] = section(asked, "userAssignedIdentities")
    for user, value in named.items():
        if value is None:
            found.pop(user, None)
        elif user not in found:
            found[user] = {"clientId": guid(call.rng), "principalId": guid(call.rng)}
    return found


def takes_time(call: Call) -> bool:
    """A request about user-assigned identities is worked on in the background (R22 test_backup_identity)."""
    asked = section(call.body, "identity")
    return "userassigned" in str(asked.get("type")).lower()
