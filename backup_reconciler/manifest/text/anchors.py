"""Anchors (&name) and what their aliases (*name) bring into a document."""

from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.spec.document import FieldPath

MOST_ALIASED = 1_000
"""Values that the aliases of one file may bring into it."""


@dataclass(frozen=True, slots=True)
class Anchored:
    """A value that has an anchor, and where in the document it stands."""

    path: FieldPath
    value: object


@dataclass(slots=True)
class Allowance:
    """How many values the aliases of a file may still bring into it."""

    left: int = MOST_ALIASED

    def take(self, value: object) -> bool:
        """Whether there is room for a value with all that is inside it. Looks no further than the room goes."""
        for _ in values_in(value):
            self.left -= 1
            if self.left < 0:
                return False
        return True


def values_in(value: object, path: FieldPath = ()) -> Iterator[tuple[FieldPath, object]]:
    """A value and every value inside it, each with its path from there."""
    yield path, value
    match value:
        case dict():
            for key, inner in value.items():
                yield from values_in(inner, (*path, key))
        case list():
            for index, inner in enumerate(value):
                yield from values_in(inner, (*path, index))
