"""How long answers take, and how virtual time passes while they are awaited."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest
import yaml
from aiohttp import ClientSession, TCPConnector

from backup_reconciler.sandbox import Box, open_box
from backup_reconciler.sandbox.clock import VirtualClock

if TYPE_CHECKING:
    from collections.abc import Coroutine
    from pathlib import Path

START = datetime(2026, 11, 23, 8, tzinfo=UTC)
API = "?api-version=2022-12-01"


def seconds(moment: datetime) -> float:
    return (moment - START).total_seconds()


# ---- what the core decides ---------------------------------------------------------------------------------------


def test_a_world_without_latency_answers_at_once(service: Any) -> None:
    assert service.ask("GET", service.vault()).delay == 0


def test_the_first_exception_that_matches_counts(open_service: Any) -> None:
    where = [
        {"method": "GET", "path": "*/BACKUPJOBS", "seconds": 2},
        {"path": "*/backupJobs", "seconds": 3},
        {"path": "*/backupJobs*", "seconds": 4},
    ]
    service = open_service(latency={"seconds": 0.08, "where": where})
    assert service.ask("GET", service.vault()).delay == 0.08
    assert service.ask("GET", f"{service.vault()}/backupJobs").delay == 2
    assert service.ask("POST", f"{service.vault()}/backupJobs").delay == 3
    assert service.ask("GET", f"{service.vault()}/backupJobs/x").delay == 4


def test_jitter_is_spread_about_the_latency_and_comes_from_the_seed(open_service: Any) -> None:
    def run(seed: int) -> list[float]:
        service = open_service(latency={"seconds": 0.08, "jitter": 0.02}, seed=seed)
        return [service.ask("GET", service.vault()).delay for _ in range(200)]

    delays = run(1)
    assert all(0.06 <= delay <= 0.10 for delay in delays)
    assert min(delays) < 0.065
    assert max(delays) > 0.095
    assert delays == run(1) != run(2)


def test_jitter_never_answers_before_the_question(open_service: Any) -> None:
    service = open_service(latency={"seconds": 0.01, "jitter": 1})
    delays = [service.ask("GET", service.vault()).delay for _ in range(50)]
    assert min(delays) == 0


def test_latency_without_jitter_draws_nothing(open_service: Any) -> None:
    plain, slow = open_service(), open_service(latency={"seconds": 3})
    for _ in range(3):
        assert plain.ask("GET", plain.vault()).headers == slow.ask("GET", slow.vault()).headers


def test_the_effect_is_there_on_arrival(open_service: Any) -> None:
    service = open_service(latency={"seconds": 30})
    assert service.ask("PATCH", service.vault(), {"tags": {"a": "b"}}).delay == 30
    assert service.get(service.vault())["tags"] == {"a": "b"}


# ---- the clock -----------------------------------------------------------------------------------------------------


async def exchange(clock: VirtualClock, delay: float, *, held: bool = True) -> datetime:
    """An exchange as client and shell hold the clock for it."""
    if not held:
        with clock.busy():
            await clock.delay(delay)
        return clock.now()
    with clock.busy(), clock.busy():
        await asyncio.sleep(0)
        await clock.delay(delay)
        await asyncio.sleep(0)
        return clock.now()


def after(*exchanges: Any, pace: float | None = None) -> list[float]:
    async def run() -> list[float]:
        clock = VirtualClock(START, pace)
        return [seconds(moment) for moment in await asyncio.gather(*(make(clock) for make in exchanges))]

    return asyncio.run(asyncio.wait_for(run(), 20))


def test_time_passes_when_all_who_hold_it_wait_for_delayed_answers(monkeypatch: pytest.MonkeyPatch) -> None:
    """Because they do, and not because patience has come to its end."""
    monkeypatch.setattr("backup_reconciler.sandbox.clock._PATIENCE", 10**9)
    assert after(lambda clock: exchange(clock, 2), lambda clock: exchange(clock, 1)) == [2, 1]


def test_no_delay_lets_no_time_pass() -> None:
    assert after(lambda clock: exchange(clock, 0), lambda clock: exchange(clock, 0, held=False)) == [0, 0]


def test_time_stands_still_while_somebody_holds_it_who_does_not_wait_for_a_delay() -> None:
    async def busy(clock: VirtualClock) -> datetime:
        with clock.busy():
            await asyncio.sleep(0.03)
            return clock.now()

    assert after(lambda clock: exchange(clock, 5), busy) == [5, 0]


def test_a_client_that_holds_nothing_waits_as_well() -> None:
    assert after(
        lambda clock: exchange(clock, 2, held=False),
        lambda clock: exchange(clock, 3),
        lambda clock: exchange(clock, 1, held=False),
    ) == [2, 3, 1]


def test_who_sleeps_and_who_waits_for_an_answer_wake_in_one_order() -> None:
    async def sleeper(clock: VirtualClock) -> datetime:
        await clock.sleep(2)
        return clock.now()

    assert after(lambda clock: exchange(clock, 3), sleeper, lambda clock: exchange(clock, 1)) == [3, 2, 1]


def test_holding_while_waiting_for_a_connection_that_a_delayed_answer_keeps_is_no_deadlock() -> None:
    async def queued(clock: VirtualClock, connection: asyncio.Semaphore) -> datetime:
        with clock.busy():
            async with connection:
                with clock.busy():
                    await clock.delay(1)
            return clock.now()

    async def run() -> list[float]:
        clock, connection = VirtualClock(START), asyncio.Semaphore(1)
        return [seconds(moment) for moment in await asyncio.gather(*(queued(clock, connection) for _ in range(3)))]

    assert asyncio.run(asyncio.wait_for(run(), 20)) == [1, 2, 3]


def test_a_cancelled_wait_leaves_the_clock_as_it_was() -> None:
    async def run() -> float:
        clock = VirtualClock(START)
        given_up = asyncio.create_task(exchange(clock, 3600))
        for _ in range(3):
            await asyncio.sleep(0)
        given_up.cancel()
        await asyncio.gather(given_up, return_exceptions=True)
        with clock.busy():
            rest = asyncio.create_task(clock.sleep(1))
            await asyncio.sleep(0.02)
            assert clock.now() == START
        await rest
        return seconds(clock.now())

    assert asyncio.run(run()) == 1


def test_paced_the_delay_takes_its_share_of_real_time() -> None:
    async def run() -> timedelta:
        clock = VirtualClock(START, pace=1000)
        before = clock.now()
        with clock.busy():
            await clock.delay(20)
        return clock.now() - before

    assert asyncio.run(run()) >= timedelta(seconds=20)


# ---- the box -------------------------------------------------------------------------------------------------------


@pytest.fixture
def slow_world(tmp_path: Path, world: Any) -> Path:
    path = tmp_path / "slow.world.yaml"
    path.write_text(yaml.safe_dump(world(latency={"seconds": 0.08})))
    return path


async def ask(box: Box, session: ClientSession, *, held: bool = True) -> float:
    """Ask the box for its subscriptions, and tell at what second the answer came."""
    headers = {"Authorization": f"Bearer {box._identity.token}"}
    url = f"{box.endpoint}/subscriptions{API}"
    if held:
        with box.hold():
            async with session.get(url, headers=headers) as response:
                assert response.status == 200
                await response.read()
    else:
        async with session.get(url, headers=headers) as response:
            await response.read()
    return round(seconds(box.now()), 3)


def in_box(world: Path, use: Any, *, connections: int = 100, **options: Any) -> Any:
    async def run() -> Any:
        connector = TCPConnector(limit=connections)
        async with open_box(world, fresh=True, **options) as box, ClientSession(connector=connector) as session:
            return await use(box, session)

    return asyncio.run(asyncio.wait_for(run(), 30))


def together(count: int, **how: Any) -> Any:
    async def use(box: Box, session: ClientSession) -> list[float]:
        return await asyncio.gather(*(ask(box, session, **how) for _ in range(count)))

    return use


def test_thirty_requests_at_once_take_one_latency(slow_world: Path) -> None:
    assert in_box(slow_world, together(30)) == [0.08] * 30
    assert in_box(slow_world, together(30, held=False)) == [0.08] * 30


def test_one_after_another_they_take_one_latency_each(slow_world: Path) -> None:
    async def use(box: Box, session: ClientSession) -> list[float]:
        return [await ask(box, session) for _ in range(5)]

    assert in_box(slow_world, use) == [0.08, 0.16, 0.24, 0.32, 0.4]


def test_more_requests_than_connections_wait_their_turn(slow_world: Path) -> None:
    assert sorted(in_box(slow_world, together(6), connections=2)) == [0.08, 0.08, 0.16, 0.16, 0.24, 0.24]


def test_clients_that_hold_and_clients_that_do_not(slow_world: Path) -> None:
    async def use(box: Box, session: ClientSession) -> list[float]:
        mixed: list[Coroutine[Any, Any, float]] = [ask(box, session, held=bool(number % 2)) for number in range(10)]
        return await asyncio.gather(*mixed)

    assert in_box(slow_world, use) == [0.08] * 10


def test_a_paced_box_delays_too(slow_world: Path) -> None:
    assert in_box(slow_world, together(2, held=False), pace=100)[0] >= 0.08
