"""Values that a field could have, to stand in for one that is missing or cannot be read."""

from collections.abc import Iterable, Iterator
from datetime import date
from functools import cache
from itertools import chain
from types import UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from backup_reconciler.manifest.shape.fields import types_of
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
    return [value for type_ in _types(document, path, data) for value in _values_of(type_)]


def _types(document: type[Model], path: FieldPath, data: object) -> list[Any]:
    """The types that the value at `path` may have; none where a document has nothing there."""
    if not path:
        return []
    of_field = types_of(document, path, data)
    return of_field or [inner for container in _types(document, path[:-1], data) for inner in _inner(container)]


def _inner(container: Any) -> Iterator[Any]:
    """The type of the items of a list or of the values of a mapping, also where it is one choice of several."""
    arguments = get_args(container)
    match get_origin(container):
        case origin if origin is tuple:
            yield arguments[0]
        case origin if origin is dict:
            yield arguments[1]
        case _:
            yield from chain.from_iterable(map(_inner, arguments))


@cache
def _values_of(annotation: Any) -> tuple[object, ...]:
    return tuple(_values(annotation))


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
