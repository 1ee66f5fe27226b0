"""YAML as worlds are written in: no key twice, plain text stays text, and every value knows its place."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import yaml

try:
    from yaml import CSafeLoader as SafeLoader
except ImportError:  # PyYAML without libyaml: the same, ten times slower
    from yaml import SafeLoader  # type: ignore[assignment]

if TYPE_CHECKING:
    from collections.abc import Sequence

Place = tuple[int, int]
"""Line and column, both counted from 1."""


class YamlError(Exception):
    """The text is not YAML, or says a key twice."""

    def __init__(self, place: Place, problem: str) -> None:
        super().__init__(problem)
        self.place = place
        self.problem = problem


class _Loader(SafeLoader):
    """SafeLoader in which only `true`, `false` and numbers are anything but text, and no key stands twice."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Any, Any]:
        """Keys are names: text, whatever they look like."""
        found: dict[str, Any] = {}
        seen: dict[str, yaml.Node] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise YamlError(_place(key), "a key must be plain text")
            if key.value in seen:
                first, _ = _place(seen[key.value])
                raise YamlError(_place(key), f"the key '{key.value}' stands twice; it stands first on line {first}")
            seen[key.value] = key
            found[key.value] = self.construct_object(value, deep=deep)
        return found


_PLAIN = {
    "tag:yaml.org,2002:null": (r"~|null|Null|NULL|", ["~", "n", "N", ""]),
    "tag:yaml.org,2002:bool": (r"true|True|false|False", list("tTfF")),
    "tag:yaml.org,2002:int": (r"[-+]?(0|[1-9][0-9]*)", list("-+0123456789")),
    "tag:yaml.org,2002:float": (r"[-+]?[0-9]+\.[0-9]+([eE][-+]?[0-9]+)?", list("-+0123456789")),
}
_Loader.yaml_implicit_resolvers = {}
for _tag, (_pattern, _first) in _PLAIN.items():
    _Loader.add_implicit_resolver(_tag, re.compile(f"^(?:{_pattern})$"), _first)


def _place(node: yaml.Node) -> Place:
    return node.start_mark.line + 1, node.start_mark.column + 1


class YamlFile:
    """One document: its value, and where each part of it stands."""

    def __init__(self, text: str) -> None:
        loader = _Loader(text)
        try:
            self._root = loader.get_single_node()
            self.value: Any = loader.construct_document(self._root) if self._root else None
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise YamlError(
                (mark.line + 1, mark.column + 1) if mark else (1, 1), f"this is not YAML: {error.problem}"
            ) from error
        finally:
            loader.dispose()

    def place(self, path: Sequence[str | int]) -> Place:
        """Where a value stands; the key where the value is missing, the nearest parent where the key is."""
        node, found = self._root, (1, 1)
        for step in path:
            node, place = _child(node, step)
            if place is None:
                break
            found = place
        return found


def _child(node: yaml.Node | None, step: str | int) -> tuple[yaml.Node | None, Place | None]:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if str(key.value) == str(step):
                return value, _place(key if isinstance(value, yaml.CollectionNode) else value)
    if isinstance(node, yaml.SequenceNode) and isinstance(step, int) and step < len(node.value):
        return node.value[step], _place(node.value[step])
    return None, None
