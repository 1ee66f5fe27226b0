"""Virtual time, at two paces.

Driven (the default): nobody waits. Time stands still while anything happens and jumps to the next deadline when nothing
does, so a day of backups is over at once and always in the same order. Paced: real time, so many times faster; for a
box that other programs talk to, of which nobody can tell when they are idle.
"""

from __future__ import annotations

import asyncio
import contextlib
import heapq
import time
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, ParamSpec, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

P = ParamSpec("P")
T = TypeVar("T")

_QUIET_TURNS = 30
"""Turns of the event loop without any sign of life after which nobody is taken to be about to do something.

A request over loopback passes from client to box, or back, in ten turns at most.
"""

_SHORT_WAIT, _PATIENCE = 0.001, 100
"""Seconds of a short real wait, and how many of them work in a thread is given to end. Longer work is not on the way
to a request. Counted in waits and not by the clock, so that a busy machine is given more time.
"""
_HOLDS_OF_AN_EXCHANGE = 2
"""The client's, while it awaits the answer, and the server's, while it serves."""


class VirtualClock:
    """A clock that starts where it is told and moves at its pace. Made inside the loop it is used in."""

    def __init__(self, start: datetime, pace: float | None = None) -> None:
        self._now = start.astimezone(UTC)
        self._pace = pace
        self._began = time.monotonic()
        self._sleepers: list[tuple[datetime, int, asyncio.Future[None]]] = []
        self._driver: asyncio.Task[None] | None = None
        self._signs_of_life = 0
        self._held = _Count()
        self._delayed = 0
        self._in_threads = _Count()

    def now(self) -> datetime:
        if self._pace is None:
            return self._now
        return self._now + timedelta(seconds=(time.monotonic() - self._began) * self._pace)

    async def sleep(self, seconds: float) -> None:
        """Sleep in virtual time. Sleepers wake one by one, in the order of their deadlines."""
        if self._pace is not None:
            await asyncio.sleep(max(seconds, 0) / self._pace)
            return
        self._signs_of_life += 1
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        deadline = self._now + timedelta(seconds=max(seconds, 0))
        heapq.heappush(self._sleepers, (deadline, self._signs_of_life, woken))
        if self._driver is None or self._driver.done():
            self._driver = asyncio.create_task(self._drive())
        await woken

    @contextlib.contextmanager
    def busy(self) -> Iterator[None]:
        """While an exchange is served, or its answer awaited, time stands still."""
        self._change(self._held, +1)
        try:
            yield
        finally:
            self._change(self._held, -1)

    async def delay(self, seconds: float) -> None:
        """Let time pass before an exchange that is `busy` is answered.

        Two hold the clock for one exchange, who serves it and who awaits it, and for so long neither does anything: so
        each delay lifts two holds. A client that holds nothing lifts one too many, which can only free a moment for
        which somebody else's request is on its way; that is a matter of a few turns of the loop, and `_quiet` waits
        for more.
        """
        if seconds <= 0:
            return
        self._change(self._held, -_HOLDS_OF_AN_EXCHANGE)
        self._delayed += 1
        try:
            await self.sleep(seconds)
        finally:
            self._delayed -= 1
            self._change(self._held, +_HOLDS_OF_AN_EXCHANGE)

    def watch_threads(self) -> None:
        """Let time stand still, too, for what the loop has done in a thread.

        aiohttp does: with `trust_env`, as the Azure SDK has it, it looks for a .netrc in a thread before each request.
        """
        if self._pace is None:
            asyncio.get_running_loop().set_default_executor(_WatchedThreads(self._thread_work))

    def _thread_work(self, change: int) -> None:
        self._change(self._in_threads, change)

    def _change(self, count: _Count, change: int) -> None:
        self._signs_of_life += 1
        count.add(change)

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
                self._now = max(self._now, deadline)
                woken.set_result(None)

    async def _quiet(self) -> None:
        """Return when nobody is about to do anything.

        Time stands still for as long as somebody holds it. Only while answers are delayed patience has an end: a client
        that holds the clock may be waiting for a connection, and all connections for those answers.
        """
        turns, waits, seen = 0, 0, -1
        while turns < _QUIET_TURNS:
            if not self._delayed:
                await self._held.none.wait()
            if seen != self._signs_of_life:
                turns, waits, seen = 0, 0, self._signs_of_life
            if waits < _PATIENCE and not (self._held.none.is_set() and self._in_threads.none.is_set()):
                waits += 1
                await asyncio.sleep(_SHORT_WAIT)
            else:
                turns += 1
                await asyncio.sleep(0)


class _Count:
    """How many things go on, and a way to wait until none does."""

    def __init__(self) -> None:
        self._number = 0
        self.none = asyncio.Event()
        self.none.set()

    def add(self, change: int) -> None:
        self._number += change
        if self._number > 0:
            self.none.clear()
        else:
            self.none.set()


class _WatchedThreads(ThreadPoolExecutor):
    """The threads of the running loop, which tell it when they begin and end a piece of work."""

    def __init__(self, tell: Callable[[int], None]) -> None:
        super().__init__(thread_name_prefix="sandbox")
        self._tell = tell
        self._loop = asyncio.get_running_loop()

    def submit(self, fn: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> Future[T]:
        """Called in the loop. The future it gives is not the work's own: whoever awaits it is to hear of the end before
        the clock does, or time moves on while the news is on its way from thread to thread.
        """
        self._tell(+1)
        told: Future[T] = Future()
        super().submit(fn, *args, **kwargs).add_done_callback(lambda work: self._ended(work, told))
        return told

    def _ended(self, work: Future[T], told: Future[T]) -> None:
        if told.set_running_or_notify_cancel():
            error = work.exception()
            if error is None:
                told.set_result(work.result())
            else:
                told.set_exception(error)
        with contextlib.suppress(RuntimeError):  # the loop has been closed
            self._loop.call_soon_threadsafe(self._tell, -1)
