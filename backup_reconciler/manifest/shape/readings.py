"""How a document that breaks its shape could be meant, so that its other mistakes are told in the same run.

A mistake is told when it is one in every reading of the document, and no reading's own doing. So nothing that is told
hangs on what a value that could not be read was meant to be.
"""

from collections.abc import Iterable, Iterator
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

from backup_reconciler.manifest.document import Written
from backup_reconciler.manifest.shape.faults import Faults, validated
from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.manifest.shape.stand_ins import stand_ins
from backup_reconciler.manifest.text.tree import has, inside
from backup_reconciler.spec.document import KINDS, AnyDocument, FieldPath, Place

READINGS = 6
"""So many readings are made; no choice of a word has more words, with "left out" among them."""

MOST_BROKEN = 1_000
"""Documents of one run; where more are broken, the rest are mended first. A reading takes a fifth of a millisecond."""

_MOST_FAULTS = 100
"""A document that is broken in more places is mended first."""

_ROUNDS = 5
"""A value that stands in can bring a shape with it whose other fields are at fault in their turn."""


@dataclass
class Broken:
    """A document that breaks its shape or its YAML."""

    written: Written
    doubtful: set[FieldPath] = field(default_factory=set)
    """The paths of which nothing can be said; it grows with each reading."""

    def __post_init__(self) -> None:
        self.doubtful |= {problem.path for problem in self.written.tree.problems}

    def reading(self, number: int) -> tuple[AnyDocument, Written] | None:
        """One way to read the document; None where there is none, and then nothing can be said of all of it."""
        reading = self._reading(number)
        if reading is None:
            self.doubtful.add(())
        return reading

    def _reading(self, number: int) -> tuple[AnyDocument, Written] | None:
        data = deepcopy(self.written.tree.data)
        if not isinstance(data, dict) or self.written.kind not in KINDS:
            return None
        shape = KINDS[self.written.kind]
        for _ in range(_ROUNDS):
            found = validated(shape, data)
            if not isinstance(found, dict):
                return found, replace(self.written, tree=replace(self.written.tree, data=data))
            if len(found) > _MOST_FAULTS or not all(_can_be_mended(path, data) for path in found):
                return None
            self.doubtful |= _mend(shape, data, found, number)
        return None

    def doubtful_places(self) -> Iterator[Place]:
        """Where the doubtful values stand, what is around those that are missing, and lists with a doubtful item."""
        for path in self.doubtful:
            yield self.written.tree.place(path)
            yield self.written.tree.key_place(path)
            if path and isinstance(path[-1], int):
                yield self.written.tree.place(path[:-1])

    def is_doubtful(self, path: FieldPath) -> bool:
        """Whether a path is on, under or above a doubtful one."""
        return any(path[: len(doubt)] == doubt[: len(path)] for doubt in self.doubtful)


def _can_be_mended(path: FieldPath, data: object) -> bool:
    """Not a whole spec; nor a document of another version of the language, which may have other rules."""
    return path != ("spec",) and not (path == ("apiVersion",) and has(data, "apiVersion"))


def _mend(shape: type[AnyDocument], data: dict[str, object], faults: Faults, number: int) -> set[FieldPath]:
    """Put the stand-ins of one reading in the place of what is at fault; returns the paths that hang on them."""
    doubtful = set(faults)
    for path, errors in faults.items():
        if errors[0]["type"] == "extra_forbidden":
            del _container(data, path)[path[-1]]
            for sibling in _absent(shape, data, path[:-1]):  # the field may be any of these, misspelt
                doubtful.add(sibling)
                _put(shape, data, sibling, number)
        else:
            _put(shape, data, path, number)
    return doubtful


def _absent(shape: type[AnyDocument], data: dict[str, object], around: FieldPath) -> Iterable[FieldPath]:
    mapping = _container(data, (*around, ""))
    return [(*around, name) for name in fields_at(shape, around, data) if name not in mapping]


def _put(shape: type[AnyDocument], data: dict[str, object], path: FieldPath, number: int) -> None:
    container, step = _container(data, path), path[-1]
    known = fields_at(shape, path[:-1], data).get(str(step))
    choices = [*([] if isinstance(step, int) or (known and known.is_required()) else [_LEFT_OUT])]
    choices += stand_ins(shape, path, data)
    chosen = choices[number % len(choices)]
    if chosen is not _LEFT_OUT:
        container[step] = deepcopy(chosen)
    elif has(container, step):
        del container[step]


_LEFT_OUT = object()


def _container(data: object, path: FieldPath) -> Any:
    for step in path[:-1]:
        data = inside(data, step)
    return data
