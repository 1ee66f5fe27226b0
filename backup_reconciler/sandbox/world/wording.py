"""What pydantic says of a world, said for people: what is wrong, and what would be right."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from backup_reconciler.sandbox.world.base import PATTERNS_IN_WORDS, Trail, shortened
from backup_reconciler.sandbox.world.ranges import NamesError

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_MAPPING = "a mapping, with a key on each line"
_WANTED = {
    "bool_type": "true or false",
    "dict_type": _MAPPING,
    "float_type": "a number",
    "int_type": "a whole number",
    "list_type": "a list, with '- ' before each element",
    "model_type": _MAPPING,
    "string_too_short": "text, and not empty",
    "string_type": "text",
    "too_short": "a list of one element at least",
}
"""What would be right, by pydantic's name for the error."""
_UNQUOTED = {"bool_type": r"true|false", "float_type": r"[-+]?[0-9.]+", "int_type": r"[-+]?[0-9]+"}
"""What a text would be if it stood without quotes."""


def in_our_words(error: ValidationError, model: type[BaseModel]) -> list[tuple[Trail, str]]:
    """Each of pydantic's errors in our words, with the place it is at."""
    return [told for each in error.errors(include_url=False) for told in _told(each, model)]


def _told(error: Mapping[str, Any], model: type[BaseModel]) -> Iterator[tuple[Trail, str]]:
    at = tuple(step for step in error["loc"] if step != "[key]")
    cause = error.get("ctx", {}).get("error")
    if isinstance(cause, NamesError):
        yield from (((*at, key), problem) for key, problem in cause.problems)
    else:
        yield at, _problem(error, at, model)


def _problem(error: Mapping[str, Any], at: Trail, model: type[BaseModel]) -> str:
    match error["type"]:
        case "missing":
            return "is missing; it must be stated"
        case "extra_forbidden":
            return f"is not known here{_suggestion(at, model)}"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{_seen(error['input'])} is wrong; it should be {_wanted(error)}"


def _wanted(error: Mapping[str, Any]) -> str:
    kind, value, context = error["type"], error["input"], error.get("ctx", {})
    if kind == "string_pattern_mismatch":
        return PATTERNS_IN_WORDS[context["pattern"]]
    if kind == "literal_error":
        return str(context["expected"]) + _case_hint(value, context["expected"])
    if kind == "string_type" and isinstance(value, bool | int | float):
        return "text; put it in quotes"
    if kind == "string_too_long":
        return f"text of {context['max_length']} characters at most"
    if kind in _UNQUOTED and isinstance(value, str) and re.fullmatch(_UNQUOTED[kind], value):
        return f"{_WANTED[kind]}; leave the quotes out"
    return _WANTED.get(kind) or str(error["msg"]).replace("Input should be ", "")


def _seen(value: object) -> str:
    """A value as whoever wrote it would name it."""
    match value:
        case None:
            return "nothing"
        case dict() if value:
            return "a mapping"
        case list() if value:
            return "a list"
        case bool():
            return str(value).lower()
        case _:
            return shortened(value)


def _case_hint(value: object, expected: str) -> str:
    """For what is right but for its capitals, which are easily overlooked."""
    if isinstance(value, str) and f"'{value.lower()}'" in expected.lower():
        return "; mind the capital letters"
    return ""


def _suggestion(at: Trail, model: type[BaseModel]) -> str:
    known = _known_fields(model, at[:-1])
    close = difflib.get_close_matches(str(at[-1])[:60], known, n=1)
    if close:
        return f"; perhaps '{close[0]}' is meant"
    return f"; known are {', '.join(known)}" if known else ""


def _known_fields(model: type[BaseModel], at: Sequence[str | int]) -> list[str]:
    """The fields that may stand at a place, found by walking the models down the path."""
    for step in at:
        field = next((field for field in model.model_fields.values() if field.alias == step), None)
        if field is None:
            continue  # a name or a number inside a dictionary or list, whose model we are in already
        models = _models_in(field.annotation)
        if not models:
            return []
        model = models[0]
    return [str(field.alias) for field in model.model_fields.values()]


def _models_in(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [model for argument in get_args(annotation) for model in _models_in(argument)]
