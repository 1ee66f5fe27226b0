"""World files: read strictly.

What is wrong is said in one message, a line per mistake: `file:line:column  path.to.field: what is wrong; what would be
right`.
"""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from backup_reconciler.sandbox.founding import mistakes
from backup_reconciler.sandbox.world.base import PATTERNS_IN_WORDS, Trail, WorldError
from backup_reconciler.sandbox.world.world import World
from backup_reconciler.sandbox.yaml_file import YamlError, YamlFile

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path


def load_world(path: Path) -> World:
    """Read a world file."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise WorldError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WorldError(f"{path}: is not text in UTF-8") from error
    try:
        document = YamlFile(text)
    except YamlError as error:
        raise WorldError(f"{path}:{error.place[0]}:{error.place[1]}  {error.problem}") from error
    world, problems = _read(document.value)
    if world is None:
        placed = sorted((document.place(at), _line(at, problem)) for at, problem in problems)
        raise WorldError("\n".join(f"{path}:{line}:{column}  {text}" for (line, column), text in placed))
    return world


def parse_world(value: object) -> World:
    """A world from plain data, as a test writes it."""
    world, problems = _read(value)
    if world is None:
        raise WorldError("\n".join(_line(at, problem) for at, problem in problems))
    return world


def _read(value: object) -> tuple[World | None, list[tuple[Trail, str]]]:
    """The world, or all that is wrong with it."""
    if not isinstance(value, dict):
        return None, [((), "is empty or no mapping; it should begin with 'kind: World'")]
    try:
        world = World.model_validate(value)
    except ValidationError as error:
        return None, [_problem(each) for each in error.errors(include_url=False)]
    problems = mistakes(world)
    return (None, problems) if problems else (world, [])


def _line(at: Trail, problem: str) -> str:
    return f"{_dotted(at)}: {problem}"


def _dotted(at: Trail) -> str:
    return ".".join(str(step) for step in at) or "world"


def _problem(error: Any) -> tuple[Trail, str]:
    """One of pydantic's errors in our words."""
    at = tuple(step for step in error["loc"] if step != "[key]")
    match error["type"]:
        case "missing":
            return at, "is missing; it must be stated"
        case "extra_forbidden":
            return at, f"is not known here{_suggestion(at)}"
        case "value_error":
            return at, str(error["ctx"]["error"])
        case "string_pattern_mismatch":
            return at, f"{_quoted(error['input'])} is wrong; it should be {PATTERNS_IN_WORDS[error['ctx']['pattern']]}"
        case _:
            wanted = error["msg"].replace("Input should be", "it should be").replace("String should", "it should")
            return at, f"{_quoted(error['input'])} is wrong; {wanted}"


def _quoted(value: object) -> str:
    text = repr(value)
    return text if len(text) <= 60 else f"{text[:57]}…"


def _suggestion(at: Trail) -> str:
    known = _known_fields(World, at[:-1])
    close = difflib.get_close_matches(str(at[-1]), known, n=1)
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
