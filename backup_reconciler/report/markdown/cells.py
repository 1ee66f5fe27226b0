"""Cells that several tables have."""

from collections.abc import Iterable
from typing import Any

from backup_reconciler.plan.action import Change
from backup_reconciler.report.markdown.escape import code
from backup_reconciler.report.words import shown
from backup_reconciler.spec.document import Place

BREAK = "<br>"
_FIELDS = 12
"""Fields that a cell tells one by one; a new policy has fewer."""
_CHARACTERS = 300
"""Of a value; the addresses of a firewall rule have no end."""


def moved_fields(changes: Iterable[Change]) -> str:
    """Each field with what it becomes, a line each."""
    return _first(
        f"{code(one.path)}: {_value(one.declared)}"
        if one.found is None
        else f"{code(one.path)}: {_value(one.found)} → {_value(one.declared)}"
        for one in changes
    )


def differing_fields(changes: Iterable[Change]) -> str:
    """Each field with what is declared and what was found, a line each."""
    return _first(f"{code(one.path)}: declared {_value(one.declared)}, found {_value(one.found)}" for one in changes)


def line_of(place: Place | None) -> str:
    """The manifest's line."""
    return code(f"{place.file}:{place.line}") if place else ""


def _value(value: Any) -> str:
    text = shown(value)
    return code(text if len(text) <= _CHARACTERS else f"{text[:_CHARACTERS]}…")


def _first(fields: Iterable[str]) -> str:
    told = list(fields)
    more = [f"and {len(told) - _FIELDS} more"] if len(told) > _FIELDS else []
    return BREAK.join((*told[:_FIELDS], *more))
