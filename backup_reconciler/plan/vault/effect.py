"""What a change of a vault does to recovery points, and what it can cost."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from backup_reconciler.plan.action import Change, Risk
from backup_reconciler.state.guard import CriticalOperation
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import VaultContents

_DAYS = "softDelete.retentionDays"
_KEY = "encryption.key"

_FOR_GOOD: Mapping[str, Any] = MappingProxyType(
    {
        "crossRegionRestore": "Enabled",
        "crossSubscriptionRestore": "PermanentlyDisabled",
        "softDelete.state": "AlwaysOn",
        "immutability": "Locked",
        "identity.systemAssigned": True,
    }
)
"""The values that the service never takes back; so is a first key (source: Azure Backup, each setting's page)."""

_IMMUTABILITY = {
    "Disabled": "they can be deleted before they expire again",
    "Unlocked": "while the vault is immutable, none can be deleted before it expires",
    "Locked": "none can be deleted before it expires any more, and that is for good",
}


def risks(changes: Iterable[Change], contents: VaultContents) -> frozenset[Risk]:
    found = set()
    for change in changes:
        if is_for_good(change.path, change.declared) or is_first_key(change):
            found.add(Risk.ONE_WAY)
        if _shortens(change) and _deleted(contents):
            found.add(Risk.DESTRUCTIVE)
    return frozenset(found)


def is_for_good(path: str, value: object) -> bool:
    """Whether a setting stays so once it has this value."""
    return path in _FOR_GOOD and _FOR_GOOD[path] == value


def is_first_key(change: Change) -> bool:
    return change.path == _KEY and change.found is None


def data_effect(changes: Sequence[Change], contents: VaultContents) -> str:
    """What the changes do to recovery points, in words."""
    deletes = any(_shortens(change) and _deleted(contents) for change in changes)
    effects = [effect for change in changes for effect in _effects(change, contents)]
    return "; ".join(effects if deletes else ["not touched", *effects])


def critical_operation(change: Change) -> CriticalOperation | None:
    """What a Resource Guard may watch over (source: Azure Backup, multi-user authorization)."""
    if _shortens(change):
        return CriticalOperation.LOWER_SOFT_DELETE
    if change.path == "immutability" and change.declared == "Disabled":
        return CriticalOperation.LOWER_IMMUTABILITY
    return CriticalOperation.CHANGE_ENCRYPTION if change.path.startswith("encryption.") else None


def _effects(change: Change, contents: VaultContents) -> Iterator[str]:
    if change.path == "immutability":
        yield _IMMUTABILITY[change.declared]
    elif is_first_key(change):
        yield "those to come can be restored only while the key is there and may be read"
    elif change.path == _DAYS:
        yield _kept(change, _deleted(contents))


def _kept(change: Change, deleted: list[str]) -> str:
    days = f"{change.declared} days after the deletion"
    if not deleted:
        return f"what is deleted from now on can be brought back until {days}"
    whose = f"the deleted backups of {', '.join(deleted)}"
    if _shortens(change):
        return f"{whose} are gone for good {days}, {change.found - change.declared} days earlier than now"
    return f"{whose} can be brought back until {days}"


def _shortens(change: Change) -> bool:
    return change.path == _DAYS and change.found is not None and bool(change.declared < change.found)


def _deleted(contents: VaultContents) -> list[str]:
    """The VMs whose backups are deleted and can still be brought back."""
    return [vm.name for vm, item in sorted(contents.items.items()) if item.state is ItemState.SOFT_DELETED]
