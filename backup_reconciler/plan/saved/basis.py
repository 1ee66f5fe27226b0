"""What an action depends on, as plain data: what it writes, and what of Azure it starts from.

Every field of an action counts unless it is named here as one that does not, and so does every field of what it holds
of Azure: a new kind of action, or a new field of an old one, is covered before anybody thinks of it.

What does not count is what changes though the action stays the same: days and counts, the wording of labels, the line
of a manifest, the order among actions, Azure's raw objects. An effect on recovery points counts where fields do not
tell it; those that name a day or a number do not, because what makes the day or number is in the fields beside them.
"""

from collections.abc import Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from types import MappingProxyType
from typing import Any

from pydantic.alias_generators import to_camel

from backup_reconciler.plan.action import (
    Action,
    AnyAction,
    BackUpNow,
    ChangeVault,
    DeleteData,
    DeleteVault,
    RunScript,
    Undelete,
    UpdateFirewall,
    UpdatePolicy,
    VMAction,
)
from backup_reconciler.plan.canonical import canonical, digest_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.base import Model
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.vault import LiveVault

_DOES_NOT_COUNT: Mapping[type, frozenset[str]] = MappingProxyType(
    {
        # Changes and risks stand beside the basis. `critical` only decides about `guard`.
        Action: frozenset(
            {"address", "label", "changes", "risks", "place", "depends_on", "critical", "earliest", "runs"},
        ),
        # Once the step before it is done, it is the first step.
        VMAction: frozenset({"is_next_step"}),
        # It is planned only for a VM that was never backed up, and the item is what the step before it makes.
        BackUpNow: frozenset({"found", "kept_until", "data_effect"}),
        DeleteData: frozenset({"data_effect"}),
        Undelete: frozenset({"data_effect"}),
        UpdatePolicy: frozenset({"data_effect"}),
        # What it changes stands in the changes, with what was found; it leaves everything else of the vault alone.
        ChangeVault: frozenset({"live"}),
        DeleteVault: frozenset({"emptied_on", "data_effect"}),
        # As above: others' rule collections in the same firewall change every day, and are not written.
        UpdateFirewall: frozenset({"live"}),
        RunScript: frozenset({"found"}),
        LiveItem: frozenset({"wire_state", "last_backup", "last_backup_failed", "last_error", "deleted_at"}),
        LiveVault: frozenset({"provisioning_state", "private_endpoints"}),
    }
)
_RAW = "raw"
"""Azure's own object, wherever it is kept: what counts of it has been decoded."""
_LONG = 200
"""Characters of a text; a longer one, such as a script, is told by its digest."""


def basis_of(action: AnyAction) -> dict[str, Any]:
    """What the action depends on, beside its address and its changes, by camelCase names."""
    return _fields(action)


def plain(value: Any) -> Any:
    """A value as JSON has it. Raises `TypeError` for what has no form here."""
    match value:
        case Mapping():
            return {str(name): plain(inner) for name, inner in value.items()}
        case list() | tuple():
            return [plain(inner) for inner in value]
        case frozenset() | set():
            return sorted((plain(inner) for inner in value), key=canonical)
        case Model():
            return plain(value.stated())
        case _ if is_dataclass(value) and not isinstance(value, type):
            return _fields(value)
    return _plain_scalar(value)


def _plain_scalar(value: Any) -> Any:
    match value:
        case Enum():
            return value.value
        case str() if len(value) > _LONG:
            return digest_of(value)
        case None | str() | int() | float():
            return value
        case ArmId():
            return value.text
        case date():
            return value.isoformat()
    raise TypeError(f"a saved plan has no form for {type(value).__name__}")


def _fields(value: Any) -> dict[str, Any]:
    """The fields of a dataclass that count, by camelCase names."""
    left_out = {_RAW}.union(*(_DOES_NOT_COUNT.get(base, ()) for base in type(value).__mro__))
    counting = (field.name for field in fields(value) if field.name not in left_out)
    return {to_camel(name): plain(getattr(value, name)) for name in counting}
