"""Watching by list until what is expected is so: one look serves everybody who waits for the same vault."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Generic, Protocol, TypeVar

from backup_reconciler.apply.failure import Failure

S_contra = TypeVar("S_contra", contravariant=True)
S = TypeVar("S")


class Expectation(Protocol[S_contra]):
    """Something that is expected to become so."""

    def met(self, sight: S_contra) -> bool:
        """Whether it is so in what was seen. Raises `Failure` once it is known that it will not be."""
        ...


class Watch(Generic[S]):
    """Looks again and again while somebody waits. Each look is a pause and then one reading, whoever waits."""

    def __init__(self, look: Callable[[], Awaitable[S]], pause: Callable[[], Awaitable[None]]) -> None:
        self._look = look
        self._pause = pause
        self._waiting: dict[asyncio.Future[None], Expectation[S]] = {}
        self._looking: asyncio.Task[None] | None = None

    async def until(self, expectation: Expectation[S]) -> None:
        """Return when the expectation is met. Raises what the look, the pause or the expectation raise."""
        future = asyncio.get_running_loop().create_future()
        self._waiting[future] = expectation
        if self._looking is None:
            self._looking = asyncio.create_task(self._keep_looking())
        try:
            await future
        finally:
            self._waiting.pop(future, None)

    async def _keep_looking(self) -> None:
        try:
            while self._waiting:
                await self._pause()
                # Who comes while the look is under way waits for the next: this one may be older than his write.
                waiting = list(self._waiting)
                self._tell(waiting, await self._look())
        except Exception as error:  # noqa: BLE001 - everybody who waits is told, whatever it was
            for future in self._waiting:
                if not future.done():
                    future.set_exception(error)
        finally:
            self._looking = None

    def _tell(self, waiting: list[asyncio.Future[None]], sight: S) -> None:
        for future in waiting:
            expectation = self._waiting.get(future)
            try:
                if expectation is None or future.done() or not expectation.met(sight):
                    continue
            except Failure as failure:
                future.set_exception(failure)
            else:
                future.set_result(None)
            del self._waiting[future]
