"""Whatever the latency, the order of answers and what else draws on a limit: nobody is refused who asks alone, and all
get through.
"""

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from math import ceil
from typing import TYPE_CHECKING, cast

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.errors import Unreachable
from backup_reconciler.azure.request import get
from backup_reconciler.azure.tasks import gather
from backup_reconciler.sandbox.clock import VirtualClock
from tests.unit.fakes import Answer, Cut, FakeClients

if TYPE_CHECKING:
    from backup_reconciler.azure.clients import Clients

START = datetime(2026, 11, 23, tzinfo=UTC)
PER_SECOND = 25
"""How fast the buckets of a subscription's reads fill."""
seconds = st.floats(0, 2)


@dataclass
class Service:
    """A bucket for each subscription, told in the header, behind a network that takes its time."""

    clock: VirtualClock
    size: int
    there: list[float]
    back: list[float]
    per_second: float = PER_SECOND
    cut_every: int = 0
    is_told: bool = True
    statuses: Counter[int] = field(default_factory=Counter)
    most_on_the_way: int = 0
    _on_the_way: int = 0
    _buckets: dict[str, tuple[float, float]] = field(default_factory=dict)
    endpoint: str = "https://arm.example"

    async def send(self, request: object, _: str) -> Answer:
        number = self.statuses.total()
        self.statuses[0] += 1
        self._on_the_way += 1
        self.most_on_the_way = max(self.most_on_the_way, self._on_the_way)
        try:
            await self.clock.sleep(self.there[number % len(self.there)])
            answer = self._answer(request.path.split("/")[2])  # type: ignore[attr-defined]
            await self.clock.sleep(self.back[number % len(self.back)])
        finally:
            self._on_the_way -= 1
        if self.cut_every and not number % self.cut_every:
            return await FakeClients(lambda _: Cut()).send(get("/x", Api.VAULTS), "")
        return answer

    def _answer(self, subscription: str) -> Answer:
        now = self.clock.now().timestamp()
        left, at = self._buckets.get(subscription, (float(self.size), now))
        left = min(self.size, left + (now - at) * self.per_second)
        status = 200 if left > 1 - 1e-4 else 429
        left -= status == 200
        self._buckets[subscription] = left, now
        self.statuses[status] += 1
        name = "x-ms-ratelimit-remaining-subscription-reads"
        body = {"error": {"code": "SubscriptionRequestsThrottled"}} if status == 429 else {}
        retry = {"Retry-After": str(ceil((1 - left) / self.per_second))} if status == 429 else {}
        return Answer(status, body, retry | ({name: str(int(max(left, 0)))} if self.is_told else {}))


async def read_all(service: Service, clock: VirtualClock, concurrency: int, requests: list[int]) -> None:
    """So many reads of each subscription, all asked for at the same moment."""
    arm = Arm(cast("Clients", service), clock, concurrency=concurrency)
    paths = [f"/subscriptions/{index}/providers/x/y" for index, number in enumerate(requests) for _ in range(number)]

    async def one(path: str) -> None:
        try:
            await arm.send(get(path, Api.VAULTS))
        except Unreachable:
            assert service.cut_every == 1

    await asyncio.wait_for(gather(one(path) for path in paths), 60)


def run(concurrency: int, requests: list[int], size: int, **how: object) -> Service:
    async def all_of_it() -> Service:
        clock = VirtualClock(START)
        service = Service(clock, size, **how)  # type: ignore[arg-type]
        await read_all(service, clock, concurrency, requests)
        clock.stop()
        return service

    return asyncio.run(all_of_it())


@settings(max_examples=40)
@given(
    concurrency=st.integers(1, 300),
    requests=st.lists(st.integers(0, 30), min_size=1, max_size=3),
    size=st.integers(9, 40),
    there=st.lists(seconds, min_size=1, max_size=5),
    back=st.lists(seconds, min_size=1, max_size=5),
)
@example(concurrency=256, requests=[300], size=250, there=[0.0], back=[0.0])
@example(concurrency=256, requests=[300], size=250, there=[0.04, 0.9], back=[0.04, 0.0, 0.5])
def test_who_asks_alone_is_never_refused(
    concurrency: int, requests: list[int], size: int, there: list[float], back: list[float]
) -> None:
    service = run(concurrency, requests, size, there=there, back=back)
    assert service.statuses[429] == 0
    assert service.statuses[200] == sum(requests)
    assert service.most_on_the_way <= concurrency


@settings(max_examples=40)
@given(
    concurrency=st.integers(1, 64),
    requests=st.lists(st.integers(0, 30), min_size=1, max_size=3),
    per_second=st.sampled_from([0.5, 3.0, 100.0]),
    cut_every=st.sampled_from([0, 3, 7]),
    is_told=st.booleans(),
    back=st.lists(seconds, min_size=1, max_size=5),
)
def test_all_get_through_whatever_is_told_and_whatever_is_cut(
    concurrency: int, requests: list[int], per_second: float, cut_every: int, is_told: bool, back: list[float]
) -> None:
    how = {"per_second": per_second, "cut_every": cut_every, "is_told": is_told, "there": [0.0], "back": back}
    service = run(concurrency, requests, 20, **how)
    assert service.statuses[200] >= sum(requests)
    assert service.most_on_the_way <= concurrency


@pytest.mark.parametrize(("runs", "refused"), [(2, 8), (4, 120)])
def test_runs_that_share_an_identity_get_through_without_a_storm(runs: int, refused: int) -> None:
    """Each of them at 256 at once. Nobody tells one run of another: they learn it from what is missing."""

    async def all_at_once() -> tuple[Service, float]:
        clock = VirtualClock(START)
        service = Service(clock, 250, there=[0.04], back=[0.04])
        await gather(read_all(service, clock, 256, [200]) for _ in range(runs))
        clock.stop()
        return service, (clock.now() - START).total_seconds()

    service, seconds = asyncio.run(all_at_once())
    assert service.statuses[200] == 200 * runs
    assert service.statuses[429] <= refused
    assert seconds < 1.1 * (200 * runs - 250) / PER_SECOND + 1, "all that comes back is used"
