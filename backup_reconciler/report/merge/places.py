"""Lines of manifests, moments and fields that differ, as the JSON of a report tells them."""

from datetime import UTC, datetime

from backup_reconciler.plan.action import Change
from backup_reconciler.report.data.changes import ChangeData
from backup_reconciler.spec.document import Place


def place_of(source: str, column: int) -> Place:
    """The place that is written as file:line, and a column."""
    file, _, line = source.rpartition(":")
    return Place(file, int(line), column)


def place_if(source: str | None, column: int | None) -> Place | None:
    """The same of what may have none."""
    return place_of(source, column) if source is not None and column is not None else None


def moment_if(moment: datetime | None) -> datetime | None:
    """In UTC, where there is one. Raises `OverflowError` where UTC has no day for it."""
    return moment and moment.astimezone(UTC)


def change_of(data: ChangeData) -> Change:
    return Change(data.path, data.from_, data.to, place_of(data.source, data.column))
