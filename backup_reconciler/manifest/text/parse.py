"""YAML text → trees."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

import yaml

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.text.anchors import Allowance
from backup_reconciler.manifest.text.compose import Composer, RefusedError
from backup_reconciler.manifest.text.syntax import syntax_problem
from backup_reconciler.manifest.text.tree import Tree
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules.file import YAML_SYNTAX

_FORBIDDEN = re.compile("[^\t\n\r\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]")
_LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
    events, allowance = events_of(text), Allowance()
    try:
        for event in events:
            if isinstance(event, yaml.DocumentStartEvent):
                tree = Composer(file, events, allowance).document()
                if tree.data is not None:
                    parsed.trees.append(tree)
    except RefusedError as error:
        parsed.problems.append(error.problem)
    except yaml.YAMLError as error:
        parsed.problems.append(syntax_problem(error, text, file))
    return parsed


def events_of(text: str) -> Iterator[yaml.Event]:
    """What the parser finds in a text, as far as it is YAML; then YAMLError."""
    return iter(yaml.parse(text, Loader=_LOADER))


def _forbidden_character(text: str, index: int, file: str) -> Problem:
    line_start = text.rfind("\n", 0, index) + 1
    place = Place(file, text.count("\n", 0, index) + 1, index - line_start + 1)
    what = f"the character U+{ord(text[index]):04X} cannot stand in YAML"
    return Problem(place, "", (), what, 'remove it, or write it as an escape in "double quotes"', YAML_SYNTAX)
