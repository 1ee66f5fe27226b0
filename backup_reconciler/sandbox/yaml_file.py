"""YAML as worlds are written in: no key twice, plain text stays text, and every value knows its place.

Values are built from the parser's events, without the tree of nodes between: that is several times faster, and neither
depth nor aliases can make a small text cost much. Places are looked for only when somebody asks for one.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

try:
    from yaml import CSafeLoader as Parser
except ImportError:  # PyYAML without libyaml: the same, ten times slower
    from yaml import SafeLoader as Parser  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

Place = tuple[int, int]
"""Line and column, both counted from 1."""

_DEEPEST = 64
_MOST_VALUES = 2_000_000
"""In one document, those that aliases repeat counted each time."""
_LONGEST_NUMBER = 40
"""In characters."""


class YamlError(Exception):
    """The text cannot be read any further."""

    def __init__(self, place: Place, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


class YamlFile:
    """One document: its value, what is wrong with it already as YAML, and where each part of it stands."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._places: dict[tuple[str | int, ...], Place] = {}
        reader = _Reader(text)
        self.value = reader.document()
        self.problems = reader.problems

    def place(self, path: Sequence[str | int]) -> Place:
        """Where a value stands; the key where it is a collection, the nearest parent where it is missing."""
        if not self._places:
            reader = _Reader(self._text, marking=True)
            reader.document()
            self._places = reader.places()
        here = tuple(path)
        while here not in self._places:
            here = here[:-1]
        return self._places[here]


_NUMBER_STARTS = "-+0123456789"
_INTEGER = re.compile(r"[-+]?(0|[1-9][0-9]*)")
_FLOAT = re.compile(r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?")
_WORDS: dict[str, bool | None] = {
    "": None, "~": None, "null": None, "Null": None, "NULL": None,
    "true": True, "True": True, "false": False, "False": False,
}  # fmt: skip


class _Reader:
    """Builds the value of a document. What can be passed over is noted in `problems`, the rest raises YamlError."""

    def __init__(self, text: str, *, marking: bool = False) -> None:
        self.problems: list[tuple[Place, str]] = []
        self._text = text
        self._marking = marking
        self._anchors: dict[str, tuple[Any, int]] = {}
        self._values = 0
        self._depth = 0
        self._marks: list[tuple[Any, str | int, yaml.Mark]] = []
        self._root: Any = None
        try:
            self._next: Callable[[], Any] = Parser(text).get_event
        except yaml.YAMLError as error:
            raise self._not_yaml(error) from error

    def document(self) -> Any:
        """The value of the only document; None for an empty text."""
        try:
            self._next()
            if isinstance(self._next(), yaml.StreamEndEvent):
                return None
            value = self._value(self._next())
            self._next()
            after = self._next()
        except yaml.YAMLError as error:
            raise self._not_yaml(error) from error
        if not isinstance(after, yaml.StreamEndEvent):
            raise YamlError(_place(after.start_mark), "this is a second document; a world file holds one")
        self._root = value
        return value

    def _value(self, event: Any) -> Any:
        self._values += 1
        if self._values > _MOST_VALUES:
            raise YamlError(_place(event.start_mark), f"these are more than {_MOST_VALUES:,} values; say less at once")
        if isinstance(event, yaml.ScalarEvent):
            return self._kept(event, self._scalar(event), 1)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event)
        before = self._values
        self._depth += 1
        if self._depth > _DEEPEST:
            raise YamlError(_place(event.start_mark), f"this is nested more than {_DEEPEST} deep")
        value = self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._sequence()
        self._depth -= 1
        return self._kept(event, value, self._values - before + 1)

    def _kept(self, event: Any, value: Any, size: int) -> Any:
        """A value that an alias may name later is remembered with its size."""
        if event.tag not in {None, "!", "tag:yaml.org,2002:str"}:
            self.problems.append((_place(event.start_mark), f"the tag '{event.tag}' is not known here; leave it out"))
        if event.anchor is not None:
            self._anchors[event.anchor] = (value, size)
        return value

    def _alias(self, event: Any) -> Any:
        if event.anchor not in self._anchors:
            problem = f"'*{event.anchor}' stands for nothing; '&{event.anchor}' has to be complete before it"
            raise YamlError(_place(event.start_mark), problem)
        value, size = self._anchors[event.anchor]
        self._values += size - 1
        return value

    def _mapping(self) -> dict[str, Any]:
        """Keys are names: text, whatever they look like."""
        found: dict[str, Any] = {}
        firsts: dict[str, yaml.Mark] = {}
        while not isinstance(event := self._next(), yaml.MappingEndEvent):
            mark = event.start_mark
            if not isinstance(event, yaml.ScalarEvent):
                self.problems.append((_place(mark), f"a key must be plain text{_QUOTE_RANGES}"))
                self._value(event)
                self._value(self._next())
                continue
            key = event.value
            event = self._next()
            value = self._value(event)
            if key in found:
                line, _ = _place(firsts[key])
                self.problems.append((_place(mark), f"the key '{key}' stands twice; it stands first on line {line}"))
                continue
            found[key] = value
            firsts[key] = mark
            if self._marking:
                self._marks.append((found, key, mark if isinstance(value, dict | list) else event.start_mark))
        return found

    def _sequence(self) -> list[Any]:
        found: list[Any] = []
        while not isinstance(event := self._next(), yaml.SequenceEndEvent):
            found.append(self._value(event))
            if self._marking:
                self._marks.append((found, len(found) - 1, event.start_mark))
        return found

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        if not event.implicit[0] or event.tag is not None:
            return text
        if text in _WORDS:
            return _WORDS[text]
        if text[0] not in _NUMBER_STARTS:
            return text
        return self._number(event, text)

    def _number(self, event: Any, text: str) -> str | int | float:
        kind = int if _INTEGER.fullmatch(text) else float if _FLOAT.fullmatch(text) else str
        if kind is not str and len(text) > _LONGEST_NUMBER:
            self.problems.append((_place(event.start_mark), f"this number has {len(text)} digits; nothing is so large"))
            return 0
        return kind(text)

    def places(self) -> dict[tuple[str | int, ...], Place]:
        """By the way down from the top. What an alias repeats is found where the alias stands."""
        ways: dict[int, tuple[str | int, ...]] = {id(self._root): ()}
        found: dict[tuple[str | int, ...], Place] = {(): (1, 1)}
        for holder, step, mark in reversed(self._marks):
            if id(holder) not in ways:
                continue  # it stands under a key that was passed over
            way = (*ways[id(holder)], step)
            found[way] = _place(mark)
            value = holder[step]
            if isinstance(value, dict | list):
                ways[id(value)] = way  # of several, the last is the first in the text: the anchor's own
        return found

    def _not_yaml(self, error: yaml.YAMLError) -> YamlError:
        mark = getattr(error, "problem_mark", None)
        if mark is not None:
            problem = getattr(error, "problem", None) or getattr(error, "context", None) or "it cannot be understood"
            hint = _hint(self._text, mark.line, str(problem))
            return YamlError(_place(mark), f"this is not YAML: {problem}{hint}")
        position = int(getattr(error, "position", 0))
        line = self._text.count("\n", 0, position) + 1
        column = position - self._text.rfind("\n", 0, position)
        return YamlError((line, column), f"this is not YAML: {getattr(error, 'reason', error)}")


_QUOTE_RANGES = "; inside {…} a name such as web-[001-100] stands in quotes"


def _hint(text: str, line: int, problem: str) -> str:
    """What is likely meant, for the two mistakes that YAML's own words explain worst."""
    lines = text.splitlines()
    here = lines[line] if line < len(lines) else ""
    if "\t" in here and ("tab" in problem or "token" in problem):
        return "; indent with spaces, not with tabs"
    if re.search(r"\{.*\[[0-9]+-[0-9]+\]", here):
        return _QUOTE_RANGES
    return ""


def _place(mark: yaml.Mark) -> Place:
    return mark.line + 1, mark.column + 1
