"""In which order the fields of a mapping are written: the order in which its shape declares them."""

import inspect
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, get_args, get_origin

from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import KINDS

_ENVELOPE = ("apiVersion", "kind", "metadata", "spec")


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected of a value, or of each item of a list: mappings of some shapes, or with keys of the user's own.

    `values` is what is expected under keys of the user's own, such as the names of tags.
    """

    shapes: tuple[type[Model], ...] = ()
    values: "Expected | None" = None

    def layout(self, keys: Collection[str]) -> "Layout":
        """The fields of a mapping with these keys, by the shape that knows most of them."""
        if not self.shapes:
            return dict.fromkeys(keys, self.values or ANYTHING)
        return max((layout_of(shape) for shape in self.shapes), key=lambda layout: len(layout.keys() & keys))


Layout = Mapping[str, Expected]
"""The fields of a mapping in their order, and what is expected of each."""

ANYTHING = Expected()


def document_layout(kind: str) -> Layout:
    """The fields of a document; `kind` may be one that is not known."""
    known = layout_of(KINDS[kind]) if kind in KINDS else {}
    return {name: known.get(name, ANYTHING) for name in _ENVELOPE}


@cache
def layout_of(shape: type[Model]) -> Layout:
    """A shape's own fields, which say what it is and where, before those that it inherits."""
    own = [name for name in inspect.get_annotations(shape) if name in shape.model_fields]
    fields = {name: shape.model_fields[name] for name in (*own, *shape.model_fields)}
    return {field.alias or name: _expected(field.annotation) for name, field in fields.items()}


def in_order(data: object, expected: Expected) -> object:
    """Plain data with its fields in order."""
    if isinstance(data, list):
        return [in_order(item, expected) for item in data]
    if not isinstance(data, dict):
        return data
    layout = expected.layout(data.keys())
    return {name: in_order(data[name], layout[name]) for name in layout if name in data}


def _expected(annotation: Any) -> Expected:
    """What a field's type says: the shapes it names, and the values of a mapping with any keys."""
    if isinstance(annotation, type) and issubclass(annotation, Model):
        return Expected((annotation,))
    if get_origin(annotation) is dict:
        return Expected(values=_expected(get_args(annotation)[1]))
    parts = [_expected(part) for part in get_args(annotation)]
    shapes = tuple(shape for part in parts for shape in part.shapes)
    return Expected(shapes, next((part.values for part in parts if part.values), None))
