"""An event loop on which nobody waits: when nothing is ready, time jumps to the next timer."""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, TypeVar

if TYPE_CHECKING:
    from collections.abc import Coroutine

T = TypeVar("T")


class VirtualLoop(asyncio.BaseEventLoop):
    """A loop without files and sockets. It begins at second 0, and `time()` moves only when nothing is ready.

    Who is ready runs in the order in which they became so, and timers fire in the order of their times: so equal
    programs run equally, turn for turn.
    """

    def __init__(self) -> None:
        super().__init__()
        self._selector = self  # BaseEventLoop asks it what is ready, and for how long to wait
        self._seconds = 0.0
        self._main: asyncio.Task[Any] | None = None
        self.given_up = ""
        """Why what runs was ended before its time."""

    def run_main(self, work: Coroutine[Any, Any, T]) -> T:
        """Run to the end, and end then whatever goes on beside it."""
        self._main = self.create_task(work)
        try:
            return self.run_until_complete(self._main)
        finally:
            self.run_until_complete(_ended(asyncio.all_tasks(self)))

    def give_up(self, why: str) -> None:
        """Cancel what runs."""
        assert self._main is not None, "nothing runs"
        self.given_up = why
        self._main.cancel()

    def time(self) -> float:
        return self._seconds

    def select(self, timeout: float | None) -> list[Any]:
        if timeout is not None:
            self._seconds += max(timeout, 0.0)
        elif self.given_up:
            raise AssertionError("who waits for nothing can be cancelled")
        else:  # in real time this would hang for ever
            self.give_up("everybody waits for somebody else, and nothing is to come")
        return []

    def _process_events(self, _events: list[Any]) -> None:
        """There are no files, so nothing ever happens to one."""

    def _write_to_self(self) -> None:
        """Nobody waits in `select`, so nobody needs to be woken."""


async def _ended(tasks: set[asyncio.Task[Any]]) -> None:
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)


class VirtualClock:
    """The clock of a loop: the moment at which it began, and as many seconds later as the loop says."""

    def __init__(self, start: datetime) -> None:
        self._start = start

    def now(self) -> datetime:
        return self._start + timedelta(seconds=asyncio.get_running_loop().time())

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(max(seconds, 0.0))


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end, in no time."""
    loop = VirtualLoop()
    try:
        return loop.run_main(work)
    finally:
        loop.close()
