"""The way of requests that are refused together: wide until one of them is, then narrow."""

from typing import Generic, TypeVar

T = TypeVar("T")

_PASSED_TO_WIDEN = 4
"""How many requests have to pass, for each that may be on the way, before twice as many may."""
_UNTOLD = 8
"""How many may be on the way before the first answer has told what is left."""


class Lane(Generic[T]):
    """How many may be on the way at once.

    After a refusal with 429 it is closed for as long as the refusal says, and opens for one at a time; when some have
    passed, for two, and so on. Times are seconds on any clock.
    """

    def __init__(self, name: str, widest: int, *, probing: bool = False) -> None:
        """`probing`: only a few go out until the first has passed."""
        self.name = name
        self._widest = widest
        self._width = min(_UNTOLD, widest) if probing else widest
        self._probing = probing
        self._passed = 0
        self.on_the_way: set[T] = set()
        self._closed_until = 0.0

    def wait(self, now: float) -> float:
        """Seconds until one more may go out; infinite when one of those on the way has to come back first."""
        if now < self._closed_until:
            return self._closed_until - now
        return 0.0 if len(self.on_the_way) < self._width else float("inf")

    def passed(self) -> None:
        """A request was not refused."""
        if self._probing:
            self._probing, self._width = False, self._widest
        self._passed += 1
        if self._passed >= _PASSED_TO_WIDEN * self._width:
            self._passed, self._width = 0, min(2 * self._width, self._widest)

    def refused(self, now: float, seconds: float) -> None:
        """A request was refused, and may be sent again after so many seconds."""
        self._probing, self._passed, self._width = False, 0, 1
        self._closed_until = max(self._closed_until, now + seconds)

    @property
    def is_wide(self) -> bool:
        """Whether several may be on the way."""
        return self._width > 1
