"""The steps of the check: each is taken, timed and written down, and a failure does not end those that follow."""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
GROUP = "rg-web"
GROUP_ID = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/{GROUP}"


class Difference(Exception):
    """What a client got is not what it should have got."""


def same(found: Any, expected: Any) -> None:
    """Raise what differs."""
    if found != expected:
        raise Difference(f"{found!r} where {expected!r} was expected")


@dataclass
class Steps:
    """What has been done so far, and how it went."""

    failures: int = 0
    taken: int = 0
    _began: float = field(default_factory=time.monotonic)

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """One step: a line of the table as soon as it ends."""
        began = time.monotonic()
        self.taken += 1
        trouble = ""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - whatever a client raises is a line of the table
            self.failures += 1
            trouble = f"{type(error).__name__}: {error}"
        print(f"{'FAILED' if trouble else 'ok':<7}{time.monotonic() - began:6.1f} s  {what}", flush=True)
        for line in trouble.splitlines():
            print(f"{'':17}{line}", flush=True)

    def summary(self) -> str:
        seconds = time.monotonic() - self._began
        return f"{self.taken} steps in {seconds:.0f} s: {self.taken - self.failures} ok, {self.failures} failed"
