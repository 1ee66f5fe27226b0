"""Keeping the order among requests that are throttled: who was refused goes first, and nobody pushes past."""

import asyncio
import heapq
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from backup_reconciler.azure.clock import Clock
from backup_reconciler.azure.sent import Waiting

_PASSED_TO_WIDEN = 4
"""How many requests have to pass, for each that may be on the way, before twice as many may."""


class Lane:
    """The way of requests that share a limit. It is wide until one of them is refused with 429.

    Then it is closed for as long as the refusal says, and opens for one at a time; when some have passed, for two, and
    so on. Requests wait in the order of their tickets, so that one that was refused is ahead of all that came after it.
    Without an order all would wait equally long and collide again, and some would never be among the first.
    """

    def __init__(self, clock: Clock, widest: int, waiting: Waiting) -> None:
        """`waiting` hears how long somebody stood before the closed lane."""
        self._clock = clock
        self._waiting = waiting
        self._widest = self._width = widest
        self._passed = 0
        self._on_the_way = 0
        self._line: list[tuple[int, asyncio.Future[None]]] = []
        self._closed_until: datetime | None = None

    @asynccontextmanager
    async def passage(self, ticket: int) -> AsyncIterator[None]:
        """The block runs when it is the ticket's turn and the lane is open. Raises what the clock's sleep raises."""
        await self._turn(ticket)
        try:
            await self._until_open()
            yield
        finally:
            self._leave()

    def passed(self) -> None:
        """A request was not refused."""
        self._passed += 1
        if self._passed >= _PASSED_TO_WIDEN * self._width:
            self._passed, self._width = 0, min(2 * self._width, self._widest)

    def refused(self, seconds: float) -> bool:
        """A request was refused, and may be sent again after so many seconds; False where others know it."""
        is_news = self._width > 1 or not self._line
        self._passed, self._width = 0, 1
        self.close(seconds)
        return is_news

    def close(self, seconds: float) -> None:
        """The next request may go out after so many seconds."""
        until = self._clock.now() + timedelta(seconds=seconds)
        self._closed_until = max(until, self._closed_until or until)

    async def _turn(self, ticket: int) -> None:
        turn = asyncio.get_running_loop().create_future()
        heapq.heappush(self._line, (ticket, turn))
        self._let_in()
        try:
            await turn
        except asyncio.CancelledError:
            if not turn.cancelled():  # it had been let in already
                self._leave()
            raise

    def _let_in(self) -> None:
        while self._line and self._on_the_way < self._width:
            _, turn = heapq.heappop(self._line)
            if not turn.cancelled():
                self._on_the_way += 1
                turn.set_result(None)

    def _leave(self) -> None:
        """Make room, not before one that was refused has come back to the line: it does so at once."""
        self._on_the_way -= 1
        asyncio.get_running_loop().call_soon(self._let_in)

    async def _until_open(self) -> None:
        while self._closed_until is not None:
            left = (self._closed_until - self._clock.now()).total_seconds()
            if left <= 0:
                self._closed_until = None
            else:
                with self._waiting.until_done(self._clock):
                    await self._clock.sleep(left)
