"""What fields a kind knows, by their YAML names: read from the shapes, so that no message can disagree with them."""

from collections.abc import Iterator
from typing import Any, get_args

from pydantic.fields import FieldInfo

from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import FieldPath

Shapes = tuple[type[Model], ...]
"""The shapes a mapping may have: one, or several where a field takes a choice of them."""


def fields_at(document: type[Model], path: FieldPath) -> dict[str, FieldInfo]:
    """The fields of the mapping at `path` of a document."""
    shapes: Shapes = (document,)
    for step in path:
        known = _fields(shapes)
        if isinstance(step, str) and step in known:
            shapes = _shapes_in(known[step])
    return _fields(shapes)


def paths_to(document: type[Model], name: str) -> Iterator[FieldPath]:
    """Every place in a document where a field of this name may stand."""
    yield from _paths_to(_fields((document,)), name, ())


def _paths_to(known: dict[str, FieldInfo], name: str, path: FieldPath) -> Iterator[FieldPath]:
    if name in known:
        yield (*path, name)
    for each, info in known.items():
        yield from _paths_to(_fields(_shapes_in(info)), name, (*path, each))


def _fields(shapes: Shapes) -> dict[str, FieldInfo]:
    return {info.alias or name: info for shape in shapes for name, info in shape.model_fields.items()}


def _shapes_in(info: FieldInfo) -> Shapes:
    return tuple(_models(info.annotation))


def _models(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
