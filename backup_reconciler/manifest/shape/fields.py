"""What fields a kind knows, by their YAML names: read from the shapes, so that no message can disagree with them."""

from collections.abc import Iterator, Mapping
from functools import cache
from itertools import chain
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from backup_reconciler.manifest.text.tree import inside
from backup_reconciler.manifest.words import either
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.forms import Form

Shapes = tuple[type[Model], ...]
"""The shapes a mapping may have: one, or several where a field takes a choice of them."""


def fields_at(document: type[Model], path: FieldPath, data: object = None) -> Mapping[str, FieldInfo]:
    """The fields of the mapping at `path` of a document; where it has several shapes, of those that `data` can have."""
    shapes, inner = _shapes_at(document, path, data)
    return _fields(_fitting(shapes, inner))


def form_at(document: type[Model], path: FieldPath, data: object) -> Form | None:
    """The form that the text of the field at `path` must have; None where any text will do."""
    info = fields_at(document, path[:-1], data).get(str(path[-1]))
    if info is None:
        return None
    of_choices = (getattr(choice, "__metadata__", ()) for choice in get_args(info.annotation))
    return next((each for each in chain(info.metadata, *of_choices) if isinstance(each, Form)), None)


def types_of(document: type[Model], path: FieldPath, data: object) -> list[Any]:
    """The types that the field at `path` may have: several where its mapping may have several shapes."""
    shapes, inner = _shapes_at(document, path[:-1], data)
    known = [_fields((shape,)) for shape in _fitting(shapes, inner)]
    return [fields[str(path[-1])].annotation for fields in known if path[-1] in fields]


def goes_with(document: type[Model], path: FieldPath, data: object) -> str | None:
    """What a field of another shape of its mapping goes with ("frequency: Weekly"); None where there is no such."""
    shapes, _ = _shapes_at(document, path[:-1], data)
    having = [shape for shape in shapes if path[-1] in _fields((shape,))]
    choices = [f"{name}: {value}" for shape in having for name, value in _constants(shape).items()]
    return either(choices) if choices else None


def _shapes_at(document: type[Model], path: FieldPath, data: object) -> tuple[Shapes, object]:
    shapes: Shapes = (document,)
    for step in path:
        known = _fields(_fitting(shapes, data))
        if isinstance(step, str) and step in known:
            shapes = _shapes_in(known[step])
        data = inside(data, step)
    return shapes, data


def _fitting(shapes: Shapes, data: object) -> Shapes:
    """The shapes whose constant fields (`frequency: Weekly`) are as `data` says; all of them where none is."""
    if len(shapes) == 1 or not isinstance(data, dict):
        return shapes
    found = tuple(
        shape for shape in shapes if all(data.get(name) == value for name, value in _constants(shape).items())
    )
    return found or shapes


@cache
def _constants(shape: type[Model]) -> Mapping[str, str]:
    """The fields of a shape that can have one value only."""
    fields = {name: get_args(info.annotation) for name, info in _fields((shape,)).items() if _is_literal(info)}
    return {name: values[0] for name, values in fields.items() if len(values) == 1}


def _is_literal(info: FieldInfo) -> bool:
    return get_origin(info.annotation) is Literal


def paths_to(document: type[Model], name: str) -> Iterator[FieldPath]:
    """Every place in a document where a field of this name may stand."""
    yield from _paths_to(_fields((document,)), name, ())


def _paths_to(known: Mapping[str, FieldInfo], name: str, path: FieldPath) -> Iterator[FieldPath]:
    if name in known:
        yield (*path, name)
    for each, info in known.items():
        yield from _paths_to(_fields(_shapes_in(info)), name, (*path, each))


@cache
def _fields(shapes: Shapes) -> Mapping[str, FieldInfo]:
    return {info.alias or name: info for shape in shapes for name, info in shape.model_fields.items()}


@cache
def _shapes_in(info: FieldInfo) -> Shapes:
    return tuple(_models(info.annotation))


def _models(annotation: Any) -> Iterator[type[Model]]:
    if isinstance(annotation, type) and issubclass(annotation, Model):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)
