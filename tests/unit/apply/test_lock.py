"""Keeping a lock: renewed in time, tried again while the lease lasts, and lost no later than the lease ends."""

import asyncio
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from backup_reconciler.apply import Interrupt
from backup_reconciler.apply.interrupt import Interrupted
from backup_reconciler.apply.lock import Hold, held
from backup_reconciler.azure.holder import Holder
from backup_reconciler.azure.lease_errors import LeaseGone, LockError
from backup_reconciler.spec.blob_url import BlobUrl

if TYPE_CHECKING:
    from backup_reconciler.azure.lease import BlobLease

BLOB = BlobUrl.written("https://stbackup.blob.core.windows.net/locks/run")
DOWN = LockError(BLOB, "no answer", "wait", passing=True)
GONE = LeaseGone(BLOB, "LeaseIdMismatchWithLeaseOperation")
NOON = datetime(2026, 11, 23, 12, tzinfo=UTC)
Ends = Iterable[LockError | None]
ADA = Holder("ada", "build-07", NOON)


class Lease:
    """Renewals that end as they are told to; the last way stays."""

    blob = BLOB

    def __init__(self, *renewals: LockError | None) -> None:
        self._renewals = list(renewals)
        self.renewed_at: list[int] = []
        self.released = 0
        self.clock = Clock()

    async def take(self, _: Holder) -> None:
        """It is there for the taking."""

    async def renew(self) -> None:
        self.renewed_at.append(self.clock.seconds)
        ends = self._renewals.pop(0) if len(self._renewals) > 1 else self._renewals[0]
        if ends is not None:
            raise ends

    async def release(self) -> None:
        self.released += 1


class Clock:
    """A clock on which whoever sleeps wakes at once, while the others have a turn."""

    def __init__(self) -> None:
        self.seconds = 0

    def now(self) -> datetime:
        return NOON + timedelta(seconds=self.seconds)

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(0)
        self.seconds += int(seconds)


async def kept(lease: Lease, seconds: int) -> tuple[str | None, Interrupt]:
    """Have the lock for so long, or until it is lost; why it was, and what the run hears of it."""
    interrupt, told = Interrupt(), list[str]()
    async with held(cast("BlobLease", lease), ADA, lease.clock, interrupt, told.append) as hold:
        while lease.clock.seconds < seconds and hold.lost is None:  # noqa: ASYNC110 - the keeper moves the clock
            await asyncio.sleep(0)
    assert told == [why for why in [hold.lost] if why]
    assert lease.released == 1
    return hold.lost, interrupt


def test_a_lease_is_renewed_long_before_it_ends() -> None:
    lease = Lease(None)
    lost, interrupt = asyncio.run(kept(lease, 100))
    assert (lost, interrupt.is_set) == (None, False)
    assert lease.renewed_at == [20, 40, 60, 80, 100]


def test_a_renewal_that_fails_is_tried_again_soon() -> None:
    lease = Lease(DOWN, DOWN, None)
    lost, _ = asyncio.run(kept(lease, 50))
    assert (lost, lease.renewed_at) == (None, [20, 25, 30, 50])


@pytest.mark.parametrize(("ends", "why", "at"), [
    ([DOWN], "it was not renewed in time", [20, 25, 30, 35, 40, 45, 50, 55, 60]),
    ([None, DOWN], "it was not renewed in time", [20, 40, 45, 50, 55, 60, 65, 70, 75, 80]),
    ([None, GONE], "somebody else has taken it", [20, 40]),
])  # fmt: skip
def test_a_lock_is_lost_when_somebody_else_may_have_it(
    ends: Iterable[LockError | None], why: str, at: list[int]
) -> None:
    lease = Lease(*ends)
    lost, interrupt = asyncio.run(kept(lease, 1000))
    assert (lost, lease.renewed_at) == (why, at)
    assert interrupt.is_set


def test_nothing_is_sent_once_the_lease_has_ended_and_nobody_has_renewed_it() -> None:
    """Whatever kept the renewal away, such as a machine that slept."""

    async def sleep_too_long() -> None:
        lease, interrupt = Lease(None), Interrupt()
        async with held(cast("BlobLease", lease), ADA, lease.clock, interrupt, lambda _: None) as hold:
            interrupt.check()
            lease.clock.seconds = 60
            with pytest.raises(Interrupted):
                interrupt.check()
            assert hold.lost == "it was not renewed in time"

    asyncio.run(sleep_too_long())


def test_a_lock_that_is_lost_is_told_once() -> None:
    """A renewal was under way when the lease ended, and is refused after that."""

    class Slow(Lease):
        async def renew(self) -> None:
            self.clock.seconds = 60
            with pytest.raises(Interrupted):
                interrupt.check()
            refused.set()
            raise GONE

    async def lose() -> None:
        lease = Slow(None)
        async with held(cast("BlobLease", lease), ADA, lease.clock, interrupt, told.append):
            await refused.wait()
            await asyncio.sleep(0)

    interrupt, refused, told = Interrupt(), asyncio.Event(), list[str]()
    asyncio.run(lose())
    assert told == ["it was not renewed in time"]


def test_what_waits_after_the_lock_was_given_back_is_not_stopped() -> None:
    async def wait_on() -> None:
        lease, interrupt = Lease(GONE), Interrupt()
        async with held(cast("BlobLease", lease), ADA, lease.clock, interrupt, lambda _: None) as hold:
            await hold.release()
            lease.clock.seconds = 7200
            interrupt.check()
            assert hold.lost is None
        assert lease.released == 2, "the second time there is nothing to give back"

    asyncio.run(wait_on())


def test_a_lease_that_was_perhaps_taken_is_given_back() -> None:
    """The lease was had, and telling others who has it went wrong."""

    class NotTold(Lease):
        async def take(self, _: Holder) -> None:
            raise DOWN

    async def take() -> Hold:
        async with held(cast("BlobLease", lease), ADA, lease.clock, Interrupt(), lambda _: None) as hold:
            return hold

    lease = NotTold(None)
    with pytest.raises(LockError):
        asyncio.run(take())
    assert lease.released == 1
