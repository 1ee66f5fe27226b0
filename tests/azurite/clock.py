"""Time for the lock, which is not the box's: it stands still until a test moves it."""

import asyncio
from datetime import UTC, datetime, timedelta


class SteppedClock:
    """Whoever sleeps on it wakes when it is moved far enough."""

    def __init__(self) -> None:
        self._now = datetime(2026, 11, 23, 9, tzinfo=UTC)
        self._sleepers: list[tuple[datetime, asyncio.Future[None]]] = []
        self._asleep = asyncio.Event()

    def now(self) -> datetime:
        return self._now

    async def sleep(self, seconds: float) -> None:
        woken: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        self._sleepers.append((self._now + timedelta(seconds=seconds), woken))
        self._asleep.set()
        await woken

    def move(self, seconds: float) -> None:
        self._now += timedelta(seconds=seconds)
        self._asleep.clear()
        for until, woken in self._sleepers:
            if until <= self._now and not woken.done():
                woken.set_result(None)

    async def pass_(self, seconds: float) -> None:
        """Move, and wait until whoever woke has done its work and sleeps again."""
        self.move(seconds)
        await self._asleep.wait()
