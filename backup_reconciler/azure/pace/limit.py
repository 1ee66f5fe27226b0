"""What is left of a limit: as Azure last told, less what was sent since, and with what has come back.

An answer tells what was left when its request was counted. Others were on the way then, and nobody knows which of them
were counted before it. So it says two things. At the most its number is left, less those that are still on the way. At
the least its number is left, less all that can have been counted after it. What was reckoned is kept between the two.
"""

from abc import ABC, abstractmethod
from math import inf

from backup_reconciler.azure.pace.headers import Told

_A_WHOLE_ONE = 1 - 1e-6
"""Times are told in microseconds, which may leave a token this little short."""
_A_MOMENT = 1e-6
"""Seconds; nothing is shorter on a clock."""
_AT_A_TIME = 3
"""Of what is left a third may be on the way: other runs may be about to use it as well, and only answers tell of them.
What that costs is little, because it is much more than comes back while an answer is awaited."""
_ALWAYS = 4
"""So many may be on the way however little is left."""
_LEAST_SHARE, _REGAINED = 1 / 64, 1 / 16
"""The least part of a bucket that a run takes to be its own, and what it gains whenever there proves to be more."""


class Limit(ABC):
    """So many requests and no more, told in the headers of answers. Times are seconds on any clock."""

    def __init__(self, told: Told, others: int) -> None:
        """As an answer told it for the first time, while so many `others` were on the way that count as well."""
        self.name = told.limit
        self._left = float(told.remaining - others)
        self._most = told.remaining + 1.0
        """The most that was ever seen in it: the request that told so was counted."""
        self._sent, self._answered = others, 0
        self._share = 1.0
        """The part of what comes back that is believed to be there for this run."""

    @abstractmethod
    def wait(self, now: float) -> float:
        """Seconds until one more may go out; infinite when only an answer can tell."""

    @abstractmethod
    def told(self, told: Told, number: int | None, now: float) -> None:
        """What the answer to the request with this number told; None for one of the `others`."""

    @abstractmethod
    def _refill(self, now: float) -> None:
        """Reckon with what has come back."""

    def enter(self, now: float) -> int:
        """A request goes out. The number it gets is for what its answer tells."""
        self._refill(now)
        self._left -= min(1.0, max(self._left, 0.0))
        self._sent += 1
        return self._answered + 1

    def leave(self) -> None:
        """Its answer is here, or will never be."""
        self._answered += 1

    def refused(self, told: Told, number: int | None, now: float) -> None:
        """It was refused, which is not counted, and its answer told so much."""
        if number is not None:
            self._left = min(self._left + 1, self._most)
        self.told(told, number, now)

    def _reconcile(self, told: Told, number: int | None) -> None:
        self._most = max(self._most, told.remaining + 1.0)
        at_least = told.remaining - (self._sent - number) if number is not None else -inf
        at_most = told.remaining - self._on_the_way
        self._left = max(at_least, min(self._left, at_most))

    @property
    def _on_the_way(self) -> int:
        return self._sent - self._answered

    @property
    def _answers_are_due(self) -> bool:
        """Whether so many are on the way that no more should be before some are answered."""
        return self._on_the_way >= max(1.0, self._share * max(_ALWAYS, self._left / _AT_A_TIME))


class Bucket(Limit):
    """A token bucket, which fills evenly."""

    def __init__(self, told: Told, others: int, now: float) -> None:
        """Where no pace is documented it fills within a minute, as those of Compute do (Learn, "Compute throttling
        limits").
        """
        super().__init__(told, others)
        self._at = now
        self._documented = told.per_second
        self._slowed = 0

    def wait(self, now: float) -> float:
        self._refill(now)
        if self._left < _A_WHOLE_ONE:
            return (1 - self._left) / self._per_second + _A_MOMENT
        return inf if self._answers_are_due else 0.0

    def told(self, told: Told, number: int | None, now: float) -> None:
        self._refill(now)
        reckoned = self._left
        self._reconcile(told, number)
        if self._left >= reckoned + 1:
            self._share = min(1.0, self._share + _REGAINED)

    def refused(self, told: Told, number: int | None, now: float) -> None:
        """There should have been a token: it fills more slowly than documented, or others draw from it too.

        The limits of sovereign clouds are still by the hour, and come back at a seventh to a thirtieth of the pace.
        """
        super().refused(told, number, now)
        went_out_together = number is None or number <= self._slowed  # with one for which it was slowed already
        if not told.remaining and not went_out_together:
            self._left = min(self._left, 0.0)
            self._slowed, self._share = self._answered, max(_LEAST_SHARE, self._share / 2)

    @property
    def _per_second(self) -> float:
        return self._share * (self._documented or self._most / 60)

    def _refill(self, now: float) -> None:
        """Nothing comes back to a full bucket, and as long as requests are on the way it may still be full."""
        if now <= self._at:
            return
        full = max(self._left, self._most - self._on_the_way)
        self._left = min(full, self._left + (now - self._at) * self._per_second)
        self._at = now


class Window(Limit):
    """So many in a span of time, after which all are there again."""

    def __init__(self, told: Told, others: int, now: float) -> None:
        super().__init__(told, others)
        self._resets: float | None = now + (told.resets_after or 0.0)
        """When it ends; None when it has ended, and no answer has told of the next."""

    def wait(self, now: float) -> float:
        self._refill(now)
        if self._left < 1 and self._resets is not None:
            return self._resets - now
        if self._left < 1 and self._on_the_way:
            return inf
        return inf if self._answers_are_due else 0.0

    def told(self, told: Told, number: int | None, now: float) -> None:
        self._refill(now)
        resets = now + (told.resets_after or 0.0)
        if self._resets is None or resets > self._resets + 1:  # the next window: whole seconds are told
            self._left = inf
        self._resets = resets
        self._reconcile(told, number)

    def _refill(self, now: float) -> None:
        if self._resets is not None and now >= self._resets:
            self._left, self._resets = self._most, None


def limit_of(told: Told, others: int, now: float) -> Limit:
    """A limit that is told for the first time."""
    return Bucket(told, others, now) if told.resets_after is None else Window(told, others, now)
