"""Whose request goes out next, and when."""

import asyncio
import heapq
from collections import OrderedDict
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

from backup_reconciler.azure.clock import Clock
from backup_reconciler.azure.ledger import counted_as
from backup_reconciler.azure.pace.held import Held
from backup_reconciler.azure.pace.subscription import Subscription
from backup_reconciler.azure.pace.way import Passage, Way
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.azure.sent import Sent

_SHORTEST = 0.02
"""Seconds; to wake for each single token would cost more than it brings."""


class Pace:
    """Lets requests out: so many at once and no more, the subscriptions in turn, none before its limits allow it.

    Who waits for a limit holds no place of those that go out at once. Of one subscription the request goes first that
    has the lowest ticket, so that one that was refused is ahead of all that came after it. Without an order all would
    wait equally long and collide again, and some would never be among the first.
    """

    def __init__(self, clock: Clock, concurrency: int, sent: Sent) -> None:
        """`sent` hears how long which limit has held requests back, and what was left of it."""
        self._clock = clock
        self._began = clock.now()
        self._concurrency = self._places = concurrency
        self._sent = sent
        self._subscriptions: dict[str, Subscription] = {}
        self._ready: OrderedDict[Subscription, None] = OrderedDict()
        """Those that may have something to send; the first is the next."""
        self._held = Held(sent, clock)
        self._is_called = False
        self._alarm: asyncio.Task[None] | None = None
        self._alarm_at = 0.0

    @asynccontextmanager
    async def passage(self, request: ArmRequest, ticket: int) -> AsyncIterator[Passage]:
        """The block runs when it is the ticket's turn. Raises what the clock's sleep raises."""
        id_, action = counted_as(request)
        subscription = self._subscriptions.get(id_) or self._new(id_)
        passage = await self._turn(subscription, subscription.way(request, action), ticket)
        try:
            yield passage
        finally:
            self._leave(subscription, passage)

    def passed(self, passage: Passage, headers: Mapping[str, str]) -> None:
        """A request was answered, and not refused."""
        for told in passage.passed(headers, self._now()):
            self._sent.left(told.limit, passage.subscription, told.remaining)

    def refused(self, passage: Passage, headers: Mapping[str, str], seconds: float, *, by_arm: bool) -> bool:
        """A request was refused with 429, and may be sent again after so many seconds; False where others know it."""
        is_news = passage.is_news(by_arm=by_arm)
        for told in passage.refused(headers, self._now(), seconds, by_arm=by_arm):
            self._sent.left(told.limit, passage.subscription, told.remaining)
        return is_news

    def _new(self, id_: str) -> Subscription:
        self._subscriptions[id_] = Subscription(id_, self._concurrency)
        return self._subscriptions[id_]

    async def _turn(self, subscription: Subscription, way: Way, ticket: int) -> Passage:
        turn: asyncio.Future[Passage] = asyncio.get_running_loop().create_future()
        heapq.heappush(way.line, (ticket, turn))
        self._look_at(subscription)
        try:
            return await turn
        except asyncio.CancelledError:
            if turn.cancelled() or turn.exception():
                self._look_at(subscription)
            else:  # it had been let out already
                self._leave(subscription, turn.result())
            raise

    def _leave(self, subscription: Subscription, passage: Passage) -> None:
        passage.close()
        self._places += 1
        self._look_at(subscription)

    def _look_at(self, subscription: Subscription) -> None:
        """Somebody came or went. Nobody is let out before one that was refused is back in line: it is so at once."""
        self._held.release(subscription)
        self._ready.setdefault(subscription)
        if not self._is_called:
            self._is_called = True
            asyncio.get_running_loop().call_soon(self._let_out)

    def _let_out(self) -> None:
        self._is_called, now = False, self._now()
        for subscription in self._held.due(now):
            self._ready.setdefault(subscription)
        while self._places and self._ready:
            subscription, _ = self._ready.popitem(last=False)
            found = subscription.next(now)
            if isinstance(found, Way):
                self._places -= 1
                found.admit(now)
                self._ready[subscription] = None
            elif found is not None:
                self._held.add(subscription, found, now)
        self._set_alarm(now)

    def _set_alarm(self, now: float) -> None:
        """Wake when the next is due, and not at all where none is: a clock that stands still would move on for it."""
        until = self._held.until()
        if self._alarm is not None and (until is None or until < self._alarm_at):
            self._alarm.cancel()
            self._alarm = None
        if self._alarm is None and until is not None:
            self._alarm_at = until
            self._alarm = asyncio.get_running_loop().create_task(self._clock.sleep(max(until - now, _SHORTEST)))
            self._alarm.add_done_callback(self._wake)

    def _wake(self, alarm: asyncio.Task[None]) -> None:
        if alarm is not self._alarm or alarm.cancelled():  # another has taken its place, or the run ends
            return
        self._alarm = None
        if error := alarm.exception():
            for subscription in self._held.all_timed():
                subscription.send_away(error)
                self._look_at(subscription)
        self._let_out()

    def _now(self) -> float:
        """Seconds since the beginning: moments would lose the microseconds."""
        return (self._clock.now() - self._began).total_seconds()
