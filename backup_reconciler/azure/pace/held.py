"""The subscriptions that a limit holds back, and until when."""

import heapq
from collections.abc import Iterator
from itertools import count
from math import inf

from backup_reconciler.azure.clock import Clock
from backup_reconciler.azure.pace.subscription import Subscription
from backup_reconciler.azure.pace.way import Hold
from backup_reconciler.azure.sent import Sent


class Held:
    """Who is held back. For how long is told to `Sent`, by limit, unless an answer decides how long it will be."""

    def __init__(self, sent: Sent, clock: Clock) -> None:
        self._sent = sent
        self._clock = clock
        self._held: dict[Subscription, tuple[int, Hold]] = {}
        self._by_time: list[tuple[float, int, Subscription]] = []
        self._numbers = count()

    def add(self, subscription: Subscription, hold: Hold, now: float) -> None:
        number = next(self._numbers)
        self._held[subscription] = number, hold
        if hold.seconds < inf:
            heapq.heappush(self._by_time, (now + hold.seconds, number, subscription))
            self._sent.held_back(hold.limit, self._clock.now())

    def release(self, subscription: Subscription) -> None:
        """It is looked at anew."""
        _, hold = self._held.pop(subscription, (0, Hold(inf, "")))
        if hold.seconds < inf:
            self._sent.let_go(hold.limit, self._clock.now())

    def due(self, now: float) -> Iterator[Subscription]:
        """Those whose time has come, released."""
        while (until := self.until()) is not None and until <= now:
            _, _, subscription = heapq.heappop(self._by_time)
            self.release(subscription)
            yield subscription

    def until(self) -> float | None:
        """When the next of them is due; None where none is."""
        while self._by_time:
            until, number, subscription = self._by_time[0]
            if self._held.get(subscription, (None,))[0] == number:
                return until
            heapq.heappop(self._by_time)
        return None

    def all_timed(self) -> list[Subscription]:
        """Those that wait for a time to come."""
        return [subscription for subscription, (_, hold) in self._held.items() if hold.seconds < inf]
