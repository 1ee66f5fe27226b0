"""Ctrl-C: nothing new is sent, exchanges that are under way finish, and nobody goes on waiting."""

import asyncio
from datetime import datetime

from backup_reconciler.azure.clock import Clock


class Interrupted(Exception):
    """The user asked to stop."""


class Interrupt:
    """Set once, by the user."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def set(self) -> None:
        self._event.set()

    @property
    def is_set(self) -> bool:
        return self._event.is_set()

    def check(self) -> None:
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
