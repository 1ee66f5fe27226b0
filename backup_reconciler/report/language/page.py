"""The page of a kind, as far as shapes and rules tell it, in Markdown."""

import inspect
from collections.abc import Iterable
from datetime import date
from types import ModuleType

from backup_reconciler.manifest.starting_point import STARTING_POINTS, starting_point
from backup_reconciler.report.language.links import link
from backup_reconciler.report.language.shapes import shapes_of
from backup_reconciler.report.language.table import RulesOfFields, Tables
from backup_reconciler.spec.document import KINDS
from backup_reconciler.spec.rules import SUBJECTS, readiness, rules_of

_DAY = date(2026, 1, 31)
"""The day of the example; a page that changed with the calendar would never be fresh."""


def kind_page(kind: str, rules: RulesOfFields) -> str:
    """What follows the introduction of a kind: an example with every field, the fields, the rules."""
    rules_head = (
        "What a message about documents of this kind can name, beside the rules that its fields name and those [of "
        "every document](README.md#rules-of-every-document); [the rules](../rules.md) have reasons and remedies."
    )
    parts = (
        "## To start from",
        _example(kind),
        "## Fields",
        *Tables(kind, rules).sections(),
        "## Rules",
        rules_head,
        _told(_subjects(kind)),
    )
    return "\n\n".join(parts) + "\n"


def general_rules() -> str:
    """The rules of documents of every kind."""
    of_kinds = {subject for kind in KINDS for subject in _subjects(kind)}
    return _told(subject for subject in SUBJECTS if subject not in of_kinds and subject is not readiness) + "\n"


def _example(kind: str) -> str:
    (word,) = (word for word, known in STARTING_POINTS.items() if known.kind == kind)
    return f"`backup-reconciler new {word}` writes:\n\n```yaml\n{starting_point(word, None, _DAY)}```"


def _subjects(kind: str) -> list[ModuleType]:
    """The subjects of the rule catalogue that are called as a kind's shapes are, by their modules or their fields."""
    of_fields = {path[-1] for shape in shapes_of(kind) for path in shape.paths}
    of_modules = {_name(inspect.getmodule(shape.model)) for shape in shapes_of(kind)}
    names = of_fields | of_modules - {_name(inspect.getmodule(KINDS[kind]))}
    return [subject for subject in SUBJECTS if _name(subject) in names]


def _name(module: ModuleType | None) -> str:
    assert module is not None
    return module.__name__.rpartition(".")[2]


def _told(subjects: Iterable[ModuleType]) -> str:
    return "\n".join(f"- {link(rule)}: {rule.statement}" for subject in subjects for rule in rules_of(subject))
