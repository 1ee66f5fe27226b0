"""Papers: what the service shows of its work on a request, as operations and jobs, beside what the work changes."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.mishaps.copies import groups_at

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import ComputeOperation, Estate, Failure, NetworkOperation

    Books = dict[tuple[str, str], dict[str, Any]]
    """Where papers are kept, each by its id: of the estate, and of each vault at a place."""

_OF_ESTATE = ("vault_operations", "compute_operations", "network_operations")
_OF_VAULT = ("operations", "jobs", "runs")


def books(estate: Estate, place: str) -> Books:
    """The books that the work on a request writes in."""
    found: Books = {("", name): getattr(estate, name) for name in _OF_ESTATE}
    for group in groups_at(estate, place):
        for vault in group.vaults.values():
            found |= {(vault.key, name): getattr(vault, name) for name in _OF_VAULT}
    return found


def copied(from_books: Books) -> Books:
    """The books as they are now, to be put back."""
    return {key: dict(book) for key, book in from_books.items()}


def add_new(mine: Books, theirs: Books) -> None:
    """Take over the papers that are not there yet."""
    for key in mine.keys() & theirs.keys():
        mine[key].update({name: paper for name, paper in theirs[key].items() if name not in mine[key]})


def put_back(mine: Books, theirs: Books) -> None:
    """Take over all papers as they are in other books."""
    for key in mine.keys() & theirs.keys():
        mine[key].clear()
        mine[key].update(theirs[key])


def timed_operations(estate: Estate) -> list[dict[str, Any]]:
    """The operations, of Compute and Network, that end by the clock and not by an effect."""
    return [estate.compute_operations, estate.network_operations]


def names_of_timed(estate: Estate) -> set[str]:
    return {name for operations in timed_operations(estate) for name in operations}


def fail_timed(estate: Estate, known: set[str], failure: Failure) -> None:
    """Let all that are not known end in a failure."""
    for operations in timed_operations(estate):
        for name in operations.keys() - known:
            operations[name] = replace(operations[name], error=failure)


def stretch_timed(estate: Estate, known: set[str], now: datetime, factor: float) -> None:
    """Let all that are not known take so many times as long."""
    for operations in timed_operations(estate):
        for name in operations.keys() - known:
            operation: ComputeOperation | NetworkOperation = operations[name]
            operations[name] = replace(operation, ends=now + (operation.ends - now) * factor)
