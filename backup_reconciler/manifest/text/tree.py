"""One document as plain data that remembers where each key and value was written."""

from dataclasses import dataclass
from enum import Enum
from typing import Any

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.document import FieldPath, Place

MERGE_KEY = "<<"


class Unread(Enum):
    """Stands in the data for a value that no rule should judge, because its problem is told elsewhere."""

    REFUSED = "a tagged value, or an alias of nothing"
    MERGE = "what a merge key would bring"
    NULL = "a null where a field stands"


@dataclass(frozen=True, slots=True)
class Tree:
    """A document's data, and by path from the document's root the places of its values, of its keys and of its aliases.

    What an alias stands for has the places of what is written at the anchor, for that is where it can be mended.
    """

    data: object
    places: dict[FieldPath, Place]
    keys: dict[FieldPath, Place]
    aliases: dict[FieldPath, Place]
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

    def alias(self, path: FieldPath) -> Place | None:
        """The place of the alias that brought the value at `path` there; None for what is written where it stands."""
        if not self.aliases:
            return None
        around = (path[:length] for length in range(len(path), 0, -1))
        return next((self.aliases[each] for each in around if each in self.aliases), None)

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
