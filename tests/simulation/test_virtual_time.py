"""Time that jumps: nobody waits, everybody keeps their turn, and who would wait for ever is found out."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

import pytest

from tests.simulation.virtual_time import VirtualClock, VirtualLoop, run

START = datetime(2026, 11, 23, 8, tzinfo=UTC)


def test_who_sleeps_wakes_in_the_order_of_the_times() -> None:
    woken: list[tuple[str, float]] = []

    async def sleeper(name: str, seconds: float) -> None:
        await VirtualClock(START).sleep(seconds)
        woken.append((name, (VirtualClock(START).now() - START).total_seconds()))

    async def all_of_them() -> None:
        await asyncio.gather(sleeper("a day", 86400), sleeper("a moment", 0.001), sleeper("no time", 0))

    run(all_of_them())
    assert woken == [("no time", 0.0), ("a moment", 0.001), ("a day", 86400.0)]


def test_who_waits_for_nothing_is_told_so() -> None:
    async def waits() -> str:
        loop = asyncio.get_running_loop()
        assert isinstance(loop, VirtualLoop)
        try:
            await loop.create_future()
        except asyncio.CancelledError:
            return loop.given_up
        return "it came"

    assert run(waits()) == "everybody waits for somebody else, and nothing is to come"


def test_what_goes_on_beside_ends_with_it() -> None:
    ended: list[bool] = []

    async def beside() -> None:
        try:
            await asyncio.sleep(1000)
        finally:
            ended.append(True)

    async def main() -> None:
        asyncio.create_task(beside())  # noqa: RUF006 - nobody waits for it, that is the point
        await asyncio.sleep(1)
        raise ValueError("and this is not lost")

    with pytest.raises(ValueError, match="not lost"):
        run(main())
    assert ended == [True]
