"""The parser's events → one document as a tree.

Built from events rather than by a YAML constructor, because a constructor forgets places, keeps the last of two equal
keys, expands aliases without bound, and overflows on deep nesting.
"""

from collections.abc import Container, Iterator
from copy import deepcopy
from itertools import count

import yaml

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.text.anchors import MOST_ALIASED, Allowance, Anchored, values_in
from backup_reconciler.manifest.text.scalars import plain_value
from backup_reconciler.manifest.text.tree import MERGE_KEY, Tree, Unread
from backup_reconciler.manifest.words import quoted, shown
from backup_reconciler.spec.document import FieldPath, Place
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.document import UNKNOWN_FIELD, WRONG_TYPE
from backup_reconciler.spec.rules.file import DUPLICATE_KEY, YAML_ALIAS, YAML_DEPTH, YAML_EXPANSION, YAML_TAG

DEEPEST = 50


class RefusedError(Exception):
    """The rest of the file is not read."""

    def __init__(self, rule: Rule, place: Place, what: str) -> None:
        super().__init__()
        self.problem = Problem(place, "", (), what, rule.remedy, rule)


class Composer:
    """Reads the events of one document."""

    def __init__(self, file: str, events: Iterator[yaml.Event], allowance: Allowance) -> None:
        self._file = file
        self._events = events
        self._allowance = allowance
        self._anchors: dict[str, Anchored | None] = {}  # None while the value is still being read
        self._places: dict[FieldPath, Place] = {}
        self._keys: dict[FieldPath, Place] = {}
        self._aliases: dict[FieldPath, Place] = {}
        self._problems: list[Problem] = []
        self._asides = count(1)

    def document(self) -> Tree:
        data = self._value(next(self._events), ())
        places = {path: place for path, place in self._places.items() if not _is_aside(path)}
        return Tree(data, places, self._keys, self._aliases, tuple(self._problems))

    def _value(self, event: yaml.Event, path: FieldPath) -> object:
        self._places[path] = self._place(event)
        if isinstance(event, yaml.AliasEvent):
            return self._alias(event, path)
        assert isinstance(event, yaml.NodeEvent)
        if event.anchor is None:
            return self._node(event, path)
        self._anchors[event.anchor] = None
        value = self._node(event, path)
        self._anchors[event.anchor] = Anchored(path, value)
        return value

    def _node(self, event: yaml.NodeEvent, path: FieldPath) -> object:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event, path)
        assert isinstance(event, yaml.CollectionStartEvent)
        self._refuse_tag(event.tag, path)
        self._refuse_depth(path, self._places[path])
        return self._mapping(path) if isinstance(event, yaml.MappingStartEvent) else self._list(path)

    def _alias(self, event: yaml.AliasEvent, path: FieldPath) -> object:
        """The value of the anchor, as if it were written here; its places are those of what is written."""
        name, place = event.anchor or "", self._place(event)
        anchored = self._anchors.get(name)
        if anchored is None:
            self._problem(YAML_ALIAS, path, place, *self._why_nothing(name))
            return Unread.REFUSED
        if not self._allowance.take(anchored.value):
            what = f"the aliases of this file bring more than {MOST_ALIASED:,} values into it"
            raise RefusedError(YAML_EXPANSION, place, what)
        self._aliases[path] = place
        for inner, value in values_in(anchored.value):
            if isinstance(value, dict | list):
                self._refuse_depth((*path, *inner), place)
            self._stand_in(anchored.path, path, inner)
        return deepcopy(anchored.value)

    def _why_nothing(self, name: str) -> tuple[str, str]:
        """Why an alias stands for nothing, and what to do about it."""
        alias = quoted(f"*{name}")
        if name in self._anchors:
            return f"the alias {alias} stands inside its own anchor", YAML_ALIAS.remedy
        what = f"{alias} is an alias, and its anchor is nowhere above it in the document"
        return what, f"add {quoted(f'&{name}')} before the value that is meant; a text that begins with * needs quotes"

    def _stand_in(self, anchored: FieldPath, alias: FieldPath, inner: FieldPath) -> None:
        """Let what an alias stands for have the places of what is written at the anchor."""
        self._places[*alias, *inner] = self._places[*anchored, *inner]
        if inner and (*anchored, *inner) in self._keys:  # the key before the alias is its own
            self._keys[*alias, *inner] = self._keys[*anchored, *inner]

    def _refuse_depth(self, path: FieldPath, place: Place) -> None:
        if len(path) >= DEEPEST:
            raise RefusedError(YAML_DEPTH, place, f"values are nested deeper than {DEEPEST} levels")

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
                self._value(next(self._events), self._aside(path))
            elif key == MERGE_KEY and isinstance(event, yaml.ScalarEvent) and event.implicit[0]:
                data[key] = self._merge(event, (*path, key))
            else:
                self._keys[*path, key] = self._place(event)
                data[key] = self._value(next(self._events), (*path, key))
        return data

    def _key(self, event: yaml.Event, path: FieldPath, known: Container[str]) -> str | None:
        """The key that `event` begins, or None where it cannot be one."""
        place = self._place(event)
        before = len(self._problems)
        key = self._value(event, self._aside(path))
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

    def _merge(self, key: yaml.Event, path: FieldPath) -> Unread:
        self._keys[path] = self._places[path] = self._place(key)
        remedy = "write its fields out: merge keys are no part of YAML 1.2"
        self._problem(UNKNOWN_FIELD, path, self._place(key), f"{quoted(MERGE_KEY)} is a merge key", remedy)
        self._value(next(self._events), self._aside(path))
        return Unread.MERGE

    def _aside(self, path: FieldPath) -> FieldPath:
        """A path for what is read to get past it, or to become a key; no mapping and no list has its last step."""
        return (*path, -next(self._asides))

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
        named = tuple(step for step in path if not _is_aside((step,)))
        self._problems.append(Problem(place, "", named, what, remedy, rule, also))


def _is_aside(path: FieldPath) -> bool:
    return any(isinstance(step, int) and step < 0 for step in path)
