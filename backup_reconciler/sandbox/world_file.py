"""World files: read strictly.

What is wrong is said in one message, a line per mistake: `file:line:column  path.to.field: what is wrong; what would be
right`. First whether each value can stand where it stands; only where all can, whether they fit together.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from pydantic import ValidationError

from backup_reconciler.sandbox.collector import uncollected
from backup_reconciler.sandbox.founding import mistakes
from backup_reconciler.sandbox.world.base import Trail, WorldError, one_line
from backup_reconciler.sandbox.world.ranges import Allowance, stands_for
from backup_reconciler.sandbox.world.wording import in_our_words
from backup_reconciler.sandbox.world.world import World
from backup_reconciler.sandbox.yaml_file import Place, YamlError, YamlFile

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

Problem = tuple[Trail, str]

_MOST_LINES = 100
"""Of one message; more of them help nobody."""


@uncollected()
def load_world(path: Path) -> World:
    """Read a world file."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise WorldError(f"{path}: cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise WorldError(f"{path}: is not text in UTF-8") from error
    try:
        document = YamlFile(text)
    except YamlError as error:
        raise WorldError(_placed(path, error.place, error.problem)) from error
    world, problems = _read(document.value)
    if world is None or document.problems:
        lines = [
            (document.place(_written(document.value, at)), _line(at, problem))
            for at, problem in _told(document.value, problems)
        ]
        raise WorldError(_message(_placed(path, *line) for line in sorted([*document.problems, *lines])))
    return world


def parse_world(value: object) -> World:
    """A world from plain data, as a test writes it."""
    world, problems = _read(value)
    if world is None:
        raise WorldError(_message(_line(at, problem) for at, problem in _told(value, problems)))
    return world


def _read(value: object) -> tuple[World | None, list[Problem]]:
    """The world, or all that is wrong with it."""
    if not isinstance(value, dict):
        return None, [((), "is empty or no mapping; it should begin with 'kind: World'")]
    try:
        world = World.model_validate(value, context=Allowance())
    except ValidationError as error:
        return None, in_our_words(error, World)
    problems = mistakes(world)
    return (None, problems) if problems else (world, [])


def _told(value: object, problems: list[Problem]) -> list[Problem]:
    """The problems, those of all names of a range told once: of the first name that has any."""
    firsts: dict[Trail, Trail] = {}
    more: dict[Trail, set[Trail]] = {}
    for at, _ in problems:
        written = _written(value, at)
        if at != firsts.setdefault(written, at):
            more.setdefault(firsts[written], set()).add(at)
    told = [(at, problem) for at, problem in problems if firsts[_written(value, at)] == at]
    return [
        (at, f"{problem} (and in {len(more[at]):,} more of its range)" if at in more else problem)
        for at, problem in told
    ]


def _written(value: object, at: Trail) -> Trail:
    """The way as the file writes it: with the range in place of a name that a range stands for."""
    found: list[str | int] = []
    for step in at:
        if isinstance(value, dict):
            written = step if step in value else _range_of(value, str(step))
            found.append(written)
            value = value.get(written)
        else:
            found.append(step)
            value = value[step] if isinstance(value, list) and isinstance(step, int) and step < len(value) else None
    return tuple(found)


def _range_of(keys: Iterable[str], name: str) -> str:
    return next((key for key in keys if "[" in key and stands_for(key, name)), name)


def _message(lines: Iterable[str]) -> str:
    told = list(lines)
    more = len(told) - _MOST_LINES
    return "\n".join(told[:_MOST_LINES] + ([f"and {more:,} more mistakes"] if more > 0 else []))


def _placed(path: Path, place: Place, problem: str) -> str:
    return f"{path}:{place[0]}:{place[1]}  {one_line(problem)}"


def _line(at: Trail, problem: str) -> str:
    return one_line(f"{'.'.join(str(step) for step in at) or 'world'}: {problem}")
