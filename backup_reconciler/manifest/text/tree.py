"""One document as plain data that remembers where each key and value was written."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.document import FieldPath, Place


class Unread(Enum):
    """Stands in the data for a value that no rule should judge, because its problem is told elsewhere."""

    REFUSED = "an alias or a tagged value"
    NULL = "a null where a field stands"


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's data, the places of its values, and the places of its keys, by path from the document's root."""

    data: object
    places: dict[FieldPath, Place]
    keys: dict[FieldPath, Place]
    problems: tuple[Problem, ...] = ()

    def value(self, path: FieldPath) -> Any:
        """What was written at `path`; None where nothing was."""
        value = self.data
        for step in path:
            value = inside(value, step)
        return value

    def place(self, path: FieldPath) -> Place:
        """The place of the value, or of the nearest one around it that was written."""
        while path not in self.places:
            path = path[:-1]
        return self.places[path]

    def key_place(self, path: FieldPath) -> Place:
        """The place of the key whose value is at `path`."""
        return self.keys.get(path) or self.place(path)


def has(container: object, step: object) -> bool:
    """Whether plain data has something at this step, be it null."""
    if isinstance(container, dict):
        return step in container
    return isinstance(container, list) and isinstance(step, int) and 0 <= step < len(container)


def inside(container: Any, step: object) -> Any:
    """One step into plain data; None where there is nothing."""
    return container[step] if has(container, step) else None
