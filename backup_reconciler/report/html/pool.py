"""Texts and differences that many rows of a page share, kept once each."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from backup_reconciler.plan.action import Change
from backup_reconciler.report.data.changes import source
from backup_reconciler.report.words import shown, visible

T = TypeVar("T")


class _Kept(Generic[T]):
    """Values by the order in which they were first met."""

    def __init__(self) -> None:
        self._places: dict[T, int] = {}

    def place_of(self, value: T) -> int:
        return self._places.setdefault(value, len(self._places))

    @property
    def values(self) -> list[T]:
        return list(self._places)


class Pool:
    """What rows refer to by number: of 10,000 VMs most share their vault, their policy and what differs."""

    def __init__(self) -> None:
        self._texts: _Kept[str] = _Kept()
        self._changes: _Kept[tuple[tuple[int, ...], ...]] = _Kept()
        self.text("")

    def text(self, text: object) -> int:
        """The number of a text, its control characters written out."""
        return self._texts.place_of(visible(text))

    def changes(self, changes: Iterable[Change]) -> int:
        """The number of a list of differences: path, declared value, found value and the manifest's line of each."""
        return self._changes.place_of(
            tuple(
                (
                    self.text(change.path),
                    self.text(shown(change.declared)),
                    self.text(shown(change.found)),
                    self.text(source(change.place)),
                )
                for change in changes
            )
        )

    @property
    def texts(self) -> list[str]:
        """Every text, the empty one first."""
        return self._texts.values

    @property
    def differences(self) -> list[tuple[tuple[int, ...], ...]]:
        return self._changes.values
