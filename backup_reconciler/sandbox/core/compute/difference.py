"""Whether a model that is written back says anything new."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.estate import fold

if TYPE_CHECKING:
    from backup_reconciler.sandbox.core.wire.messages import Json

_READ_ONLY = {"provisioningState", "instanceView", "vmId", "timeCreated"}


def difference(stated: Json, present: Json) -> str | None:
    """Where the first value stands that is stated and is not what is there; None where all of them are.

    What is left out, null or empty says nothing; nor does what only the service writes.
    """
    for name, value in stated.items():
        if name in _READ_ONLY or value in (None, {}, []):
            continue
        below = _differs(value, present.get(name))
        if below is not None:
            return f"{name}{below}"
    return None


def _differs(stated: Any, present: Any) -> str | None:
    """The rest of the way to the difference, empty where it is here."""
    if isinstance(stated, dict) and isinstance(present, dict):
        below = difference(stated, present)
        return None if below is None else f".{below}"
    if isinstance(stated, list) and isinstance(present, list) and len(stated) == len(present):
        found = (_differs(one, other) for one, other in zip(stated, present, strict=True))
        return next((below for below in found if below is not None), None)
    if isinstance(stated, str) and isinstance(present, str):
        return None if fold(stated) == fold(present) else ""
    return None if stated == present and isinstance(stated, bool) == isinstance(present, bool) else ""
