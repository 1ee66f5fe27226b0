"""What a run has sent, and how long it was kept waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backup_reconciler.azure.clock import Clock


@dataclass(slots=True)
class Waiting:
    """The time in which somebody waited before sending again. Who waits beside others adds nothing to it."""

    time: timedelta = timedelta(0)
    _waiting: int = 0
    _since: datetime | None = None

    @contextmanager
    def until_done(self, clock: Clock) -> Iterator[None]:
        """Somebody waits until the block ends."""
        self._since = self._since or clock.now()
        self._waiting += 1
        try:
            yield
        finally:
            self._waiting -= 1
            if not self._waiting:
                self.time += clock.now() - self._since
                self._since = None


@dataclass(slots=True)
class Sent:
    """Requests that went over the wire, retries included, and what came in their way."""

    reads: int = 0
    writes: int = 0
    throttled: int = 0
    """How many were answered with 429."""
    failed_for_now: int = 0
    """How many got a 5xx or no answer at all, and were sent again."""
    waiting: Waiting = field(default_factory=Waiting)

    @property
    def kept_waiting(self) -> bool:
        return bool(self.throttled or self.failed_for_now)
