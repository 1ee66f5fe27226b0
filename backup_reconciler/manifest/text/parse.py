"""YAML text → trees.

Built from the parser's events rather than by a YAML constructor, because a constructor forgets places, keeps the last
of two equal keys, expands aliases, and overflows on deep nesting.
"""

import re
from collections.abc import Container, Iterator
from dataclasses import dataclass, field

import yaml

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.text.scalars import plain_value
from backup_reconciler.manifest.text.syntax import syntax_problem
from backup_reconciler.manifest.text.tree import Tree, Unread
from backup_reconciler.manifest.words import quoted, shown
from backup_reconciler.spec.document import FieldPath, Place
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.document import WRONG_TYPE
from backup_reconciler.spec.rules.file import DUPLICATE_KEY, YAML_ALIAS, YAML_DEPTH, YAML_SYNTAX, YAML_TAG

DEEPEST = 50

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_ASIDE = -1
"""The path step of what is read only to get past it; no mapping and no list has it."""


@dataclass(frozen=True, slots=True)
class Parsed:
    """The documents of one file, and what kept the rest of the file from being read."""

    trees: list[Tree] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)


def parse(text: str, file: str) -> Parsed:
    """All documents of a file up to the first thing that is not YAML. Documents that hold nothing are left out."""
    parsed = Parsed()
    forbidden = _FORBIDDEN.search(text)
    if forbidden:
        parsed.problems.append(_forbidden_character(text, forbidden.start(), file))
        return parsed
    events = iter(yaml.parse(text, Loader=_LOADER))
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                tree = _Composer(file, events).document()
                if tree.data is not None:
                    parsed.trees.append(tree)
    except _TooDeepError as error:
        parsed.problems.append(_too_deep(error.place))
    except yaml.YAMLError as error:
        parsed.problems.append(syntax_problem(error, text, file))
    return parsed


class _TooDeepError(Exception):
    def __init__(self, place: Place) -> None:
        super().__init__()
        self.place = place


class _Composer:
    """Reads the events of one document."""

    def __init__(self, file: str, events: Iterator[yaml.Event]) -> None:
        self._file = file
        self._events = events
        self._places: dict[FieldPath, Place] = {}
        self._keys: dict[FieldPath, Place] = {}
        self._problems: list[Problem] = []

    def document(self) -> Tree:
        data = self._value(next(self._events), ())
        places = {path: place for path, place in self._places.items() if _ASIDE not in path}
        return Tree(data, places, self._keys, tuple(self._problems))

    def _value(self, event: yaml.Event, path: FieldPath) -> object:
        place = self._places[path] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor is not None:
            what = f"{quoted('&' + event.anchor)} is an anchor"
            self._problem(YAML_ALIAS, path, place, what, "remove it and write the value out where it is used")
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        assert isinstance(event, yaml.CollectionStartEvent)
        self._refuse_tag(event.tag, path)
        if len(path) >= DEEPEST:
            raise _TooDeepError(place)
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)

    def _alias(self, event: yaml.AliasEvent, path: FieldPath) -> Unread:
        name = f"*{event.anchor}"
        remedy = f'write the value out; a text that begins with * needs quotes: "{name}"'
        self._problem(YAML_ALIAS, path, self._place(event), f"{quoted(name)} is an alias", remedy)
        return Unread.REFUSED

    def _scalar(self, event: yaml.ScalarEvent, path: FieldPath) -> object:
        if self._refuse_tag(event.tag, path):
            return Unread.REFUSED
        plain = event.implicit[0]
        if plain and not event.value and path in self._keys:
            self._places[path] = self._keys[path]  # what is not there has no place; its key has one
        return plain_value(event.value) if plain else event.value

    def _refuse_tag(self, tag: str | None, path: FieldPath) -> bool:
        if tag is None:
            return False
        written = tag.replace("tag:yaml.org,2002:", "!!", 1)
        self._problem(YAML_TAG, path, self._places[path], f"{quoted(written)} is a tag", YAML_TAG.remedy)
        return True

    def _list(self, path: FieldPath) -> list[object]:
        items: list[object] = []
        for event in self._until(yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: FieldPath) -> dict[str, object]:
        data: dict[str, object] = {}
        for event in self._until(yaml.MappingEndEvent):
            key = self._key(event, path, data)
            if key is None or key in data:
                self._value(next(self._events), (*path, _ASIDE))
            else:
                self._keys[*path, key] = self._place(event)
                data[key] = self._value(next(self._events), (*path, key))
        return data

    def _key(self, event: yaml.Event, path: FieldPath, known: Container[str]) -> str | None:
        """The key that `event` begins, or None where it cannot be one."""
        place = self._place(event)
        before = len(self._problems)
        key = self._value(event, (*path, _ASIDE))
        if isinstance(key, str):
            if key in known:
                what, first = f"the key {quoted(key)} stands here twice", self._keys[*path, key]
                self._problem(DUPLICATE_KEY, (*path, key), place, what, DUPLICATE_KEY.remedy, also=first)
            return key
        if len(self._problems) == before:
            template = "put a text that begins with { or [ in quotes; a template has to be rendered first"
            remedy = template if isinstance(key, dict | list) else "put it in quotes"
            self._problem(WRONG_TYPE, path, place, f"a key is {shown(key)}, not text", remedy)
        return None

    def _until(self, end: type[yaml.Event]) -> Iterator[yaml.Event]:
        for event in self._events:
            if isinstance(event, end):
                return
            yield event

    def _place(self, event: yaml.Event) -> Place:
        mark = event.start_mark
        assert mark is not None
        return Place(self._file, mark.line + 1, mark.column + 1)

    def _problem(
        self, rule: Rule, path: FieldPath, place: Place, what: str, remedy: str, *, also: Place | None = None
    ) -> None:
        named = tuple(step for step in path if step != _ASIDE)
        self._problems.append(Problem(place, "", named, what, remedy, rule, also))


def _forbidden_character(text: str, index: int, file: str) -> Problem:
    line_start = text.rfind("\n", 0, index) + 1
    place = Place(file, text.count("\n", 0, index) + 1, index - line_start + 1)
    what = f"the character U+{ord(text[index]):04X} cannot stand in YAML"
    return Problem(place, "", (), what, 'remove it, or write it as an escape in "double quotes"', YAML_SYNTAX)


def _too_deep(place: Place) -> Problem:
    return Problem(place, "", (), f"values are nested deeper than {DEEPEST} levels", YAML_DEPTH.remedy, YAML_DEPTH)
