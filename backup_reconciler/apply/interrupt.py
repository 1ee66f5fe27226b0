"""Ctrl-C: nothing new is sent, exchanges that are under way finish, and nobody goes on waiting."""

import asyncio
from collections.abc import Callable
from datetime import datetime

from backup_reconciler.azure.clock import Clock


class Interrupted(Exception):
    """The run is to stop."""


class Interrupt:
    """Set once: by the user, or because the run has lost its lock."""

    def __init__(self) -> None:
        self._event = asyncio.Event()
        self._look: Callable[[], None] = lambda: None

    def look_before_each_check(self, look: Callable[[], None]) -> None:
        """Have something called before each check, which may set this."""
        self._look = look

    def set(self) -> None:
        self._event.set()

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
        self._look()
        if self.is_set:
            raise Interrupted

    async def wait(self) -> None:
        await self._event.wait()


class InterruptibleClock:
    """A clock whose sleepers wake with `Interrupted` when the user asks to stop; retries and watching sleep on it."""

    def __init__(self, clock: Clock, interrupt: Interrupt) -> None:
        self._clock = clock
        self._interrupt = interrupt

    def now(self) -> datetime:
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        self._interrupt.check()
        sleeping = asyncio.ensure_future(self._clock.sleep(seconds))
        asked = asyncio.ensure_future(self._interrupt.wait())
        try:
            await asyncio.wait((sleeping, asked), return_when=asyncio.FIRST_COMPLETED)
        finally:
            sleeping.cancel()
            asked.cancel()
        self._interrupt.check()
