"""Codec of a vault's managed identities: ARM JSON ↔ Identity."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.vault import Identity


def decode(arm: Mapping[str, Any] | None) -> Identity:
    """The identities of a vault; one that tells none has none."""
    kinds = str((arm or {}).get("type")).casefold()
    users = ((arm or {}).get("userAssignedIdentities") or {}) if "userassigned" in kinds else {}
    return Identity(system_assigned="systemassigned" in kinds, user_assigned=tuple(sorted(users, key=ArmId)))


def encode(wished: Identity, live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The `identity` of a request. Its type covers both kinds, so what is not stated is said as it is.

    An identity that is taken away goes as null, in Azure's own spelling of its id; the others stay (recorded requests
    of az; Azure Resource Manager: managed identities).
    """
    now = decode(live)
    there = {ArmId(text): text for text in now.user_assigned or ()}
    meant = there if wished.user_assigned is None else {ArmId(text): text for text in wished.user_assigned}
    system = now.system_assigned if wished.system_assigned is None else wished.system_assigned
    kinds = [kind for kind, has in (("SystemAssigned", system), ("UserAssigned", meant)) if has]
    body: dict[str, Any] = {"type": ", ".join(kinds) or "None"}
    if meant:
        users: dict[str, Any] = {there.get(id_, text): {} for id_, text in meant.items()}
        body["userAssignedIdentities"] = users | {text: None for id_, text in there.items() if id_ not in meant}
    return body
