"""The lock of a run: kept while the run goes on, and noticed when it is lost."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta

from backup_reconciler.apply.interrupt import Interrupt
from backup_reconciler.azure.clock import Clock
from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.lease import LEASE_SECONDS, BlobLease
from backup_reconciler.azure.lease_errors import LeaseGone, LockError

log = logging.getLogger(__name__)

_LEASE = timedelta(seconds=LEASE_SECONDS)
_RENEWED_AFTER = 20.0
"""Seconds: a third of the lease, so that a renewal that fails can be tried again."""
_TRIED_AGAIN_AFTER = 5.0


class Hold:
    """What a run has of its lock. Once lost it stays lost.

    The clock is that of the world in which the lease lasts, also where the run itself goes by a sandbox's.
    """

    def __init__(self, lease: BlobLease, clock: Clock, asked: datetime, on_lost: Callable[[str], None]) -> None:
        """`asked` is when the lease was asked for, or earlier: it lasts no longer than a minute from then."""
        self.lost: str | None = None
        """Why it is lost; None while it is not."""
        self._lease = lease
        self._clock = clock
        self._on_lost = on_lost
        self._ends: datetime | None = asked + _LEASE
        self._keeper = asyncio.create_task(self._keep())

    def check(self) -> None:
        """Notice that the lease has ended, whatever kept the renewal away: a machine that slept, or no network."""
        if self.lost is None and self._ends is not None and self._clock.now() >= self._ends:
            self._lose("it was not renewed in time")

    async def confirm(self) -> None:
        """Make sure that nobody else has had the lock since it was taken. Raises `LockError` where somebody has.

        While a question is open nothing is renewed. Azure renews a lease that has ended if nobody took it in between.
        """
        await self._renew()

    async def release(self) -> None:
        """Give the lock back; nothing is changed any more."""
        self._ends = None
        self._keeper.cancel()
        await asyncio.wait([self._keeper])
        await self._lease.release()

    async def _keep(self) -> None:
        """Renew the lease again and again, until it is lost."""
        pause = _RENEWED_AFTER
        while self.lost is None:
            await self._clock.sleep(pause)
            pause = await self._seconds_after_a_renewal()

    async def _seconds_after_a_renewal(self) -> float:
        """Try to renew the lease; seconds until that is to be done again."""
        try:
            await self._renew()
        except LeaseGone as error:
            self._lose(error.what)
        except LockError as error:
            log.warning("the lock was not renewed: %s; again in %g s", error.what, _TRIED_AGAIN_AFTER)
            self.check()
            return _TRIED_AGAIN_AFTER
        return _RENEWED_AFTER

    async def _renew(self) -> None:
        asked = self._clock.now()
        await self._lease.renew()
        self._ends = asked + _LEASE
        log.info("the lock was renewed")

    def _lose(self, why: str) -> None:
        if self.lost is not None:
            return
        self.lost = why
        self._on_lost(why)


@asynccontextmanager
async def held(
    lease: BlobLease, holder: Holder, clock: Clock, interrupt: Interrupt, tell: Callable[[str], None]
) -> AsyncIterator[Hold]:
    """Have the lock within the block, and give it back whatever ends the block.

    Where it is lost the run is interrupted, and `tell` hears why. Raises `LockError` where it cannot be had.
    """

    def lost(why: str) -> None:
        tell(why)
        interrupt.set()

    asked = clock.now()
    try:
        await lease.take(holder)
    except BaseException:  # Ctrl-C included: the lease may have been taken before what came next went wrong
        await lease.release()
        raise
    log.info("the lock %s was taken", lease.blob)
    hold = Hold(lease, clock, asked, lost)
    interrupt.look_before_each_check(hold.check)
    try:
        yield hold
    finally:
        await hold.release()
