"""Changes of an Azure Firewall as text: each rule collection as an outline, a line for each field."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backup_reconciler.plan.action import Change
from backup_reconciler.report.words import moved

_STEP = "  "
_REMOVED = "removed"


def outline(changes: Iterable[Change]) -> Iterator[tuple[str, str]]:
    """What becomes of rule collections, as rows of a field and its value; what is inside another is indented below it.

    Of a rule collection, or a rule in one, that is taken away stands what it said.
    """
    for change in changes:
        yield from _rows(change.path, change.found, change.declared)


def _rows(name: str, found: Any, declared: Any) -> Iterator[tuple[str, str]]:
    shown = found if declared is None else declared
    if not isinstance(shown, Mapping):
        yield name, moved(found, declared)
        return
    is_removed = declared is None
    yield name, _REMOVED if is_removed else ""
    for inner, value in shown.items():
        for field, text in _rows(inner, None, value):
            yield _STEP + field, text
