"""What a field takes, in Markdown."""

from collections.abc import Callable, Iterator
from datetime import date
from types import NoneType, UnionType
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from pydantic.fields import FieldInfo

from backup_reconciler.report.words import shown
from backup_reconciler.spec.base import Model

LinkTo = Callable[[type[Model]], str]
"""The link to the section that tells a shape."""

_ONE = {str: "text", int: "whole number", bool: "`true` or `false`", date: "day, as `2027-01-31`", NoneType: "`null`"}
_MANY = {str: "texts", int: "whole numbers"}


def value_of(info: FieldInfo, link: LinkTo) -> str:
    """What may be written for a field. For its being left out None stands in Python, and nothing in a manifest."""
    return _either(_values(choice, link, _ONE) for choice in _choices(info.annotation) if choice is not NoneType)


def default_of(info: FieldInfo) -> str:
    """What holds where the field is left out; empty where nothing does."""
    if info.is_required() or info.default is None:
        return ""
    text = shown(info.default)
    return f"`[{text}]`" if isinstance(info.default, tuple) else f"`{text}`"


def _values(annotation: Any, link: LinkTo, words: dict[type, str]) -> Iterator[str]:
    """Every choice there is for a value of this type."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if annotation in words or annotation in _ONE:
        yield words.get(annotation) or _ONE[annotation]
    elif origin is Literal:
        yield from (f"`{value}`" for value in parts)
    elif origin is tuple:
        yield f"list of {_either(_values(choice, link, _MANY) for choice in _choices(parts[0]))}"
    elif origin is dict:
        yield f"mapping of names to {_either(_values(choice, link, _ONE) for choice in _choices(parts[1]))}"
    else:
        yield link(annotation)


def _choices(annotation: Any) -> Iterator[Any]:
    """The members of a union, or the type alone."""
    origin, parts = get_origin(annotation), get_args(annotation)
    if origin is Annotated:
        yield from _choices(parts[0])
    elif origin in {Union, UnionType}:
        for part in parts:
            yield from _choices(part)
    else:
        yield annotation


def _either(several: Iterator[Iterator[str]]) -> str:
    *most, last = dict.fromkeys(choice for choices in several for choice in choices)
    return f"{', '.join(most)} or {last}" if most else last
