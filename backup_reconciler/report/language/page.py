"""The page of a kind, as far as shapes and rules tell it, in Markdown."""

import inspect
import re
from collections.abc import Mapping, Sequence
from datetime import date
from types import ModuleType

from backup_reconciler.manifest.starting_point import STARTING_POINTS, starting_point
from backup_reconciler.plan.not_acted_on import FIELDS, VALUES, WITHOUT_EFFECT
from backup_reconciler.report.language.shapes import FieldPath, Shape, shapes_of
from backup_reconciler.report.language.values import default_of, value_of
from backup_reconciler.spec.base import Model
from backup_reconciler.spec.rules import SUBJECTS, Rule, rules_of
from backup_reconciler.spec.rules.document import NOT_ACTED_ON

RulesOfFields = Mapping[FieldPath, Sequence[Rule]]
"""The rules that speak of a field, by its path in the document."""

Links = Mapping[type[Model], str]
"""The link to the section of each shape."""

_DAY = date(2026, 1, 31)
"""The day of the example; a page that changed with the calendar would never be fresh."""


def kind_page(kind: str, rules: RulesOfFields) -> str:
    """What follows the introduction of a kind: an example with every field, the fields, the rules."""
    shapes = shapes_of(kind)
    links = {shape.model: f"[{shape.choice or 'mapping'}]({anchor(shape.title)})" for shape in shapes}
    sections = [_section(kind, shape, links, rules) for shape in shapes]
    return "\n\n".join(filter(None, [_effect(kind), _example(kind), "## Fields", *sections, _rules(kind)])) + "\n"


def general_rules_page() -> str:
    """The rules of documents of every kind."""
    of_kinds = {subject for kind in STARTING_POINTS.values() for subject in _subjects(kind.kind)}
    return (
        "\n".join(_told(rule) for subject in SUBJECTS if subject not in of_kinds for rule in rules_of(subject)) + "\n"
    )


def anchor(title: str) -> str:
    """The fragment by which a heading is linked to, as GitHub makes it."""
    return "#" + re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-")


def _effect(kind: str) -> str:
    """What this version does not do yet."""
    if kind in WITHOUT_EFFECT:
        return "This version checks documents of this kind; nothing asks for them yet."
    if kind in FIELDS or kind in VALUES:
        return (
            f"Where a field is *not acted on yet*, it is checked, and a plan blocks the document that states it "
            f"({_link(NOT_ACTED_ON)}): nothing of the document is carried out."
        )
    return ""


def _example(kind: str) -> str:
    (word,) = (word for word, known in STARTING_POINTS.items() if known.kind == kind)
    return (
        f"## To start from\n\n`backup-reconciler new {word}` writes:\n\n```yaml\n{starting_point(word, None, _DAY)}```"
    )


def _section(kind: str, shape: Shape, links: Links, rules: RulesOfFields) -> str:
    head = f"### {shape.title}\n\n{shape.meaning}\n\n| field | takes | meaning |\n| --- | --- | --- |"
    rows = [_row(kind, shape, name, links, rules) for name in shape.fields]
    return "\n".join([head, *rows])


def _row(kind: str, shape: Shape, name: str, links: Links, rules: RulesOfFields) -> str:
    info = shape.fields[name]
    takes = value_of(info, links.__getitem__)
    paths = [(*path, name) for path in shape.paths or [()]]
    default = default_of(info)
    spoken = dict.fromkeys(rule for path in paths for rule in rules.get(path, ()))
    meaning = [
        info.description or "",
        f"Left out: {default}." if default else "",
        _not_acted_on(kind, paths[0], takes),
        f"Rules: {', '.join(map(_link, spoken))}." if spoken else "",
    ]
    cells = [f"`{name}`{' (required)' if info.is_required() else ''}", takes, " ".join(filter(None, meaning))]
    return f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in cells)} |"


def _not_acted_on(kind: str, path: FieldPath, takes: str) -> str:
    """What of a field keeps its document from being carried out: all of it, or some of the values it takes."""
    within = path[1:] if path[0] == "spec" else ()
    values = [f"`{value}`" for value in VALUES.get(kind, {}).get(within, ()) if f"`{value}`" in takes]
    if takes in values or (len(within) == 1 and within[0] in FIELDS.get(kind, ())):
        return "*Not acted on yet.*"
    return f"*Not acted on yet:* {', '.join(sorted(values))}." if values else ""


def _rules(kind: str) -> str:
    rules = [rule for subject in _subjects(kind) for rule in rules_of(subject)]
    head = "What a message about documents of this kind can name; [the rules](../rules.md) have reasons and remedies."
    return f"## Rules\n\n{head}\n\n" + "\n".join(map(_told, rules))


def _subjects(kind: str) -> list[ModuleType]:
    """The subjects of the rule catalogue that a kind's shapes are: a shape and its rules have one name in each room."""
    names = {_name(inspect.getmodule(shape.model)) for shape in shapes_of(kind)} - {"document"}
    return [subject for subject in SUBJECTS if _name(subject) in names]


def _name(module: ModuleType | None) -> str:
    assert module is not None
    return module.__name__.rpartition(".")[2]


def _told(rule: Rule) -> str:
    return f"- {_link(rule)}: {rule.statement}"


def _link(rule: Rule) -> str:
    return f"[{rule.id}](../rules.md{anchor(rule.id)})"
