"""Virtual time, driven and paced."""

from __future__ import annotations

import asyncio
import time
from datetime import UTC, datetime, timedelta

import pytest

from backup_reconciler.sandbox.clock import VirtualClock

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


def after(seconds: float) -> datetime:
    return START + timedelta(seconds=seconds)


def test_nobody_waits():
    async def run() -> datetime:
        clock = VirtualClock(START)
        await clock.sleep(30 * 24 * 3600)
        return clock.now()

    began = time.monotonic()
    assert asyncio.run(run()) == START + timedelta(days=30)
    assert time.monotonic() - began < 1


def test_sleepers_wake_in_the_order_of_their_deadlines():
    log: list[tuple[str, datetime]] = []

    async def sleeper(clock: VirtualClock, name: str, *naps: float) -> None:
        for nap in naps:
            await clock.sleep(nap)
            log.append((name, clock.now()))

    async def run() -> None:
        clock = VirtualClock(START)
        await asyncio.gather(sleeper(clock, "a", 10, 10), sleeper(clock, "b", 5, 1, 20), sleeper(clock, "c", 20))

    asyncio.run(run())
    assert log == [
        ("b", after(5)),
        ("b", after(6)),
        ("a", after(10)),
        ("c", after(20)),
        ("a", after(20)),
        ("b", after(26)),
    ]


def test_time_waits_for_whoever_is_about_to_sleep():
    """A task that needs a few turns of the loop before it sleeps is not left behind."""

    async def late(clock: VirtualClock) -> datetime:
        for _ in range(10):
            await asyncio.sleep(0)
        await clock.sleep(1)
        return clock.now()

    async def run() -> tuple[datetime, None]:
        clock = VirtualClock(START)
        return await asyncio.gather(late(clock), clock.sleep(3600))

    assert asyncio.run(run())[0] == after(1)


def test_time_stands_still_while_an_exchange_is_served():
    async def serve(clock: VirtualClock) -> datetime:
        with clock.busy():
            await asyncio.sleep(0.05)
            return clock.now()

    async def run() -> tuple[datetime, None]:
        clock = VirtualClock(START)
        return await asyncio.gather(serve(clock), clock.sleep(60))

    assert asyncio.run(run())[0] == START


@pytest.mark.parametrize(("work", "meanwhile"), [(0.02, 0), (0.5, 60)])
def test_time_waits_for_a_thread_but_not_for_long(work: float, meanwhile: float):
    async def in_thread(clock: VirtualClock) -> datetime:
        await asyncio.to_thread(time.sleep, work)
        return clock.now()

    async def run() -> tuple[datetime, None]:
        clock = VirtualClock(START)
        clock.watch_threads()
        return await asyncio.gather(in_thread(clock), clock.sleep(60))

    assert asyncio.run(run())[0] == after(meanwhile)


def test_what_a_thread_did_comes_back():
    async def run() -> list[object]:
        VirtualClock(START).watch_threads()
        given_up = asyncio.create_task(asyncio.to_thread(time.sleep, 0.01))
        await asyncio.sleep(0)
        given_up.cancel()
        work = asyncio.to_thread(int, "5"), asyncio.to_thread(int, "five"), given_up
        return await asyncio.gather(*work, return_exceptions=True)

    done, failed, cancelled = asyncio.run(run())
    assert done == 5
    assert isinstance(failed, ValueError)
    assert isinstance(cancelled, asyncio.CancelledError)


def test_a_cancelled_sleeper_moves_no_time():
    async def run() -> datetime:
        clock = VirtualClock(START)
        long = asyncio.create_task(clock.sleep(3600))
        await asyncio.sleep(0)
        long.cancel()
        await clock.sleep(1)
        return clock.now()

    assert asyncio.run(run()) == after(1)


def test_no_time_is_no_time_and_the_past_is_now():
    async def run() -> datetime:
        clock = VirtualClock(START)
        await clock.sleep(0)
        await clock.sleep(-5)
        return clock.now()

    assert asyncio.run(run()) == START


def test_stopped_it_cancels_who_still_sleeps():
    async def run() -> None:
        clock = VirtualClock(START)
        sleeping = asyncio.create_task(clock.sleep(5))
        await asyncio.sleep(0)
        clock.stop()
        with pytest.raises(asyncio.CancelledError):
            await sleeping

    asyncio.run(run())


def test_paced_it_runs_so_many_times_faster():
    async def run() -> timedelta:
        clock = VirtualClock(START, pace=1000)
        before = clock.now()
        await clock.sleep(50)
        return clock.now() - before

    assert timedelta(seconds=50) <= asyncio.run(run()) < timedelta(seconds=2000)
