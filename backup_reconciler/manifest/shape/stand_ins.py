"""Values that a field could have, to stand in for one that is missing or cannot be read."""

from collections.abc import Iterable, Iterator
from datetime import date
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.document import FieldPath

_SIMPLE: dict[Any, tuple[object, ...]] = {
    str: ("a", "b"),
    int: (1, 9999),
    bool: (False, True),
    date: ("2000-01-01", "9999-12-31"),
    Any: (),
}
"""As YAML has them, and far apart: what is true of both is likely true of what was meant."""


def stand_ins(document: type[Model], path: FieldPath, data: object) -> list[object]:
    """What the value at `path` of a document could be; nothing where no value may stand."""
    return list(_values(_annotation(document, path, data)))


def _annotation(document: type[Model], path: FieldPath, data: object) -> Any:
    """The type of the value at `path`; None where a document has nothing there."""
    field = fields_at(document, path[:-1], data).get(str(path[-1])) if isinstance(path[-1], str) else None
    if field is not None:
        return field.annotation
    return _inner(_annotation(document, path[:-1], data)) if path[:-1] else None


def _inner(container: Any) -> Any:
    """The type of the items of a list or of the values of a mapping, also where it is one choice of several."""
    arguments = get_args(container)
    match get_origin(container):
        case origin if origin is tuple:
            return arguments[0]
        case origin if origin is dict:
            return arguments[1]
        case _:
            return next((found for found in map(_inner, arguments) if found is not None), None)


def _values(annotation: Any) -> Iterator[object]:
    arguments = get_args(annotation)
    match get_origin(annotation):
        case origin if origin is Literal:
            yield from arguments
        case origin if origin is Annotated:
            yield from _values(arguments[0])
        case origin if origin in {Union, UnionType}:
            for argument in arguments:
                yield from _values(argument)
        case origin if origin is tuple:
            yield from ([item] for item in _values(arguments[0]))
        case origin if origin is dict:
            yield from ({"a": value} for value in _values(arguments[1]))
        case _ if isinstance(annotation, type) and issubclass(annotation, Model):
            yield from _mappings(annotation)
        case _:
            yield from _SIMPLE.get(annotation, ())


def _mappings(shape: type[Model]) -> Iterable[dict[str, object]]:
    """Mappings of the fields that a shape requires."""
    required = {
        info.alias or name: list(_values(info.annotation))
        for name, info in shape.model_fields.items()
        if info.is_required()
    }
    most = max(map(len, required.values()), default=1)
    for number in range(most):
        yield {name: values[number % len(values)] for name, values in required.items()}
