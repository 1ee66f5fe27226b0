"""What of an action is not as it was approved, field by field."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from backup_reconciler.plan.saved.saved_plan import SavedAction


@dataclass(frozen=True, slots=True)
class FieldDifference:
    """A field that an action depends on. None is what is not there."""

    path: str
    approved: Any
    now: Any


def differences(approved: SavedAction, now: SavedAction) -> Iterator[FieldDifference]:
    """Everything that counts of an action and is another than it was approved."""
    then, is_now = _told(approved), _told(now)
    for path in dict.fromkeys((*then, *is_now)):
        if then.get(path) != is_now.get(path):
            yield FieldDifference(path, then.get(path), is_now.get(path))


def _told(action: SavedAction) -> dict[str, Any]:
    """Everything that counts of an action, by path; of a change both sides, as a pair."""
    changes = {change.path: (change.from_, change.to) for change in action.changes}
    return {**changes, "risks": action.risks, **dict(_flat(action.basis))}


def _flat(data: Mapping[str, Any], before: str = "") -> Iterator[tuple[str, Any]]:
    for name, value in data.items():
        if isinstance(value, Mapping) and value:
            yield from _flat(value, f"{before}{name}.")
        else:
            yield f"{before}{name}", value
