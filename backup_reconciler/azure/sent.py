"""What a run has sent, and how long it was kept waiting."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backup_reconciler.azure.clock import Clock

_WORTH_TELLING = timedelta(seconds=1)


@dataclass(slots=True)
class Waiting:
    """The time in which somebody waited before sending. Who waits beside others adds nothing to it."""

    time: timedelta = timedelta(0)
    _waiting: int = 0
    _since: datetime | None = None

    def begin(self, now: datetime) -> None:
        """Somebody waits."""
        self._since = self._since or now
        self._waiting += 1

    def end(self, now: datetime) -> None:
        """Somebody waits no more."""
        self._waiting -= 1
        if not self._waiting and self._since:
            self.time += now - self._since
            self._since = None

    @contextmanager
    def until_done(self, clock: Clock) -> Iterator[None]:
        """Somebody waits until the block ends."""
        self.begin(clock.now())
        try:
            yield
        finally:
            self.end(clock.now())


@dataclass(slots=True)
class Limited:
    """What a run met of one of Azure's limits, over all subscriptions."""

    waiting: Waiting = field(default_factory=Waiting)
    """The time for which it held requests back."""
    fewest: int | None = None
    """The fewest requests that were ever told to be left of it; None where nothing was told."""
    subscription: str = ""
    """Where so few were left."""


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
    limits: dict[str, Limited] = field(default_factory=dict)
    """By name, as the headers have them, or an action."""

    @property
    def kept_waiting(self) -> bool:
        """Whether anything took longer than people would expect."""
        return bool(self.throttled or self.failed_for_now) or self.waiting.time >= _WORTH_TELLING

    def left(self, limit: str, subscription: str, remaining: int) -> None:
        """An answer told how much of a limit is left."""
        limited = self._limited(limit)
        if limited.fewest is None or remaining < limited.fewest:
            limited.fewest, limited.subscription = remaining, subscription

    def held_back(self, limit: str, now: datetime) -> None:
        """Requests to a subscription begin to wait for a limit."""
        self.waiting.begin(now)
        self._limited(limit).waiting.begin(now)

    def let_go(self, limit: str, now: datetime) -> None:
        """They do so no more."""
        self.waiting.end(now)
        self._limited(limit).waiting.end(now)

    def _limited(self, limit: str) -> Limited:
        if limit not in self.limits:
            self.limits[limit] = Limited()
        return self.limits[limit]
