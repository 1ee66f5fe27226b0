"""Virtual time, at two paces.

Driven (the default): nobody waits. Time stands still while anything happens and jumps to the next deadline when nothing
does, so a day of backups is over at once and always in the same order. Paced: real time, so many times faster; for a
box that other programs talk to, which cannot be asked when they will be idle.
"""

from __future__ import annotations

import asyncio
import heapq
import time
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUIET_TURNS = 30
"""Turns of the event loop without any sign of life after which nobody is taken to be about to do something.

A request over loopback passes from client to box and back in a handful of turns: connecting, writing, reading.
"""


class VirtualClock:
    """A clock that starts where it is told and moves at its pace."""

    def __init__(self, start: datetime, pace: float | None = None) -> None:
        self._start = start.astimezone(UTC)
        self._pace = pace
        self._began = time.monotonic()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._driver: asyncio.Task[None] | None = None
        self._signs_of_life = 0
        self._busy = 0

    def now(self) -> datetime:
        if self._pace is None:
            return self._start
        return self._start + timedelta(seconds=(time.monotonic() - self._began) * self._pace)

    async def sleep(self, seconds: float) -> None:
        """Sleep in virtual time. Sleepers wake one by one, in the order of their deadlines."""
        if self._pace is not None:
            await asyncio.sleep(max(seconds, 0) / self._pace)
            return
        self._signs_of_life += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        deadline = self._start + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (deadline, self._signs_of_life, woken))
        if self._driver is None or self._driver.done():
            self._driver = asyncio.create_task(self._drive())
        await woken

    @contextmanager
    def busy(self) -> Iterator[None]:
        """While an exchange is served, time stands still."""
        self._busy += 1
        self._signs_of_life += 1
        try:
            yield
        finally:
            self._busy -= 1
            self._signs_of_life += 1

    def stop(self) -> None:
        """Move no more. Whoever still sleeps is cancelled."""
        if self._driver is not None:
            self._driver.cancel()
        for _, _, woken in self._sleepers:
            woken.cancel()

    async def _drive(self) -> None:
        """Wake the next sleeper whenever all is quiet, until nobody sleeps."""
        while self._sleepers:
            await self._quiet()
            deadline, _, woken = heapq.heappop(self._sleepers)
            if not woken.done():
                self._start = max(self._start, deadline)
                woken.set_result(None)

    async def _quiet(self) -> None:
        turns, seen = 0, self._signs_of_life
        while turns < _QUIET_TURNS:
            await asyncio.sleep(0)
            turns = 0 if self._busy or seen != self._signs_of_life else turns + 1
            seen = self._signs_of_life
