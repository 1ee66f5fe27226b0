"""Whose turn it is: among requests that are throttled together, and among subscriptions."""

import asyncio
from collections import Counter
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, cast

import pytest

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph
from backup_reconciler.azure.pace.pace import Pace
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.azure.sent import Sent
from backup_reconciler.sandbox.clock import VirtualClock
from tests.unit.fakes import Answer, FakeClients, FakeClock, road

if TYPE_CHECKING:
    from backup_reconciler.azure.clients import Clients

START = datetime(2026, 11, 23, tzinfo=UTC)
BY_ARM = Answer(429, {"error": {"code": "SubscriptionRequestsThrottled"}}, {"Retry-After": "60"})
LARGE_AND_SMALL = {"large": 500, **{f"small-{number}": 5 for number in range(5)}}
"""Subscriptions, and how many requests are sent to each, the large one's first."""


async def all_of(arm: Arm, paths: list[str]) -> None:
    await asyncio.gather(*(arm.send(get(path, Api.VAULTS)) for path in paths))


def thing(number: int) -> ArmRequest:
    return ArmRequest("PUT", f"/subscriptions/s/providers/Microsoft.X/things/{number:02}", Api.BACKUP, body={})


def test_all_pass_in_order_where_the_service_takes_one_in_five_seconds() -> None:
    taken: list[str] = []

    def answer(request: ArmRequest) -> Answer:
        if clock.now() < start + timedelta(seconds=5 * len(taken)):
            return Answer(429, headers={"Retry-After": "5"})
        taken.append(request.path[-2:])
        return Answer(202)

    arm, clients, clock = road(answer)
    start = clock.now()

    async def all_at_once() -> None:
        await asyncio.gather(*(arm.send(thing(number)) for number in range(40)))

    asyncio.run(all_at_once())
    assert taken == [f"{number:02}" for number in range(40)]
    assert clock.now() - start == timedelta(seconds=5 * 39), "not a second is lost"
    assert max(Counter(sent.path for sent in clients.sent).values()) <= 3, "of the six attempts that each has"


def test_what_azure_counts_apart_is_not_held_up() -> None:
    arm, clients, clock = road(lambda request: Answer(200 if request.method == "GET" else 429, {}))

    async def for_ever(_: float) -> None:
        await asyncio.Event().wait()

    clock.sleep = for_ever  # type: ignore[method-assign]

    async def both() -> None:
        refused, behind = (asyncio.create_task(arm.send(thing(number))) for number in range(2))
        await asyncio.sleep(0)
        await arm.send(get(thing(1).path, Api.BACKUP))
        refused.cancel()
        behind.cancel()

    asyncio.run(both())
    assert [sent.method for sent in clients.sent] == ["PUT", "PUT", "GET"]


def test_a_quota_that_is_told_to_be_used_up_is_waited_for_before_anybody_is_refused() -> None:
    query = ArmRequest("POST", graph.PATH, Api.GRAPH, body={}, reads=True)
    left = iter("210")

    def answer(_: ArmRequest) -> Answer:
        headers = {"x-ms-user-quota-remaining": next(left, "14"), "x-ms-user-quota-resets-after": "00:01:03"}
        return Answer(200, {}, headers)

    arm, _, clock = road(answer)

    async def four() -> None:
        for _ in range(4):
            await arm.send(query)

    asyncio.run(four())
    assert clock.slept == [63]


def test_who_is_cancelled_in_the_line_leaves_his_place_to_the_next() -> None:
    pace, passed = Pace(FakeClock(), 1, Sent()), []

    async def go(ticket: int) -> None:
        async with pace.passage(thing(0), ticket):
            await asyncio.sleep(0)
            passed.append(ticket)

    async def four() -> None:
        first, waiting, next_, last = (asyncio.create_task(go(ticket)) for ticket in range(4))
        await asyncio.sleep(0)
        waiting.cancel()
        await first
        await asyncio.sleep(0)
        next_.cancel()  # it has been let out, and does not know it yet
        await last
        with pytest.raises(asyncio.CancelledError):
            await next_

    asyncio.run(four())
    assert passed == [0, 3]


def test_a_small_subscription_does_not_wait_behind_a_large_one() -> None:
    answered: list[str] = []

    def answer(request: ArmRequest) -> Answer:
        answered.append(request.path.split("/")[2])
        return Answer(200, {})

    arm, _, _ = road(answer, concurrency=4)
    paths = [f"/subscriptions/{name}/providers/x/y" for name, number in LARGE_AND_SMALL.items() for _ in range(number)]
    asyncio.run(all_of(arm, paths))
    last = {name: len(answered) - answered[::-1].index(name) for name in LARGE_AND_SMALL}
    assert last.pop("large") == len(answered) == 525
    assert max(last.values()) == 6 * 5, "each had its turn in each of five rounds"


def test_a_throttled_subscription_holds_no_place_that_others_need() -> None:
    clock, answered = VirtualClock(START), list[tuple[str, datetime]]()

    def answer(request: ArmRequest) -> Answer:
        name = request.path.split("/")[2]
        if name == "large" and clock.now() < START + timedelta(seconds=60):
            return BY_ARM
        answered.append((name, clock.now()))
        return Answer(200, {})

    clients = FakeClients(answer)
    arm = Arm(cast("Clients", clients), clock, concurrency=4)
    paths = [f"/subscriptions/{name}/providers/x/y" for name, number in LARGE_AND_SMALL.items() for _ in range(number)]
    asyncio.run(all_of(arm, paths))
    assert {at for name, at in answered if name != "large"} == {START}
    assert len(clients.sent) - len(answered) <= 4, "refused were those alone that were on the way"
    assert arm.sent.limits["subscription reads"].waiting.time == arm.sent.waiting.time == timedelta(seconds=60)


def test_a_refusal_by_arm_holds_back_all_requests_of_the_kind_and_no_others() -> None:
    clock, sent = VirtualClock(START), list[tuple[str, datetime]]()

    def answer(request: ArmRequest) -> Answer:
        sent.append((request.path.rpartition("/")[2], clock.now()))
        return BY_ARM if len(sent) == 1 else Answer(200, {})

    arm = Arm(cast("Clients", FakeClients(answer)), clock, concurrency=1)

    async def three() -> None:
        requests = (get(thing(0).path, Api.BACKUP), get("/subscriptions/s/providers/x/others", Api.VAULTS), thing(1))
        await asyncio.gather(*map(arm.send, requests))

    asyncio.run(three())
    later = START + timedelta(seconds=60)
    assert sent == [("00", START), ("01", START), ("00", later), ("others", later)]


def test_before_a_limit_is_told_a_few_try_it() -> None:
    on_the_way: list[int] = []

    class Slow(FakeClients):
        there = 0

        async def send(self, request: ArmRequest, client_request_id: str) -> Answer:
            self.there += 1
            on_the_way.append(self.there)
            await asyncio.sleep(0)
            self.there -= 1
            return await super().send(request, client_request_id)

    arm = Arm(cast("Clients", Slow(lambda _: Answer(200, {}))), FakeClock(), concurrency=100)
    asyncio.run(all_of(arm, ["/subscriptions/s/providers/x/y"] * 300))
    assert on_the_way[:8] == [1, 2, 3, 4, 5, 6, 7, 8]
    assert on_the_way[8] < 8
    assert max(on_the_way) == 100


def test_who_waits_for_a_limit_hears_that_the_clock_has_stopped() -> None:
    class Stopped(Exception):
        pass

    async def stop(_: float) -> None:
        raise Stopped

    arm, clients, clock = road(lambda _: Answer(429, {}, {"Retry-After": "7"}))
    clock.sleep = stop  # type: ignore[method-assign]

    async def three() -> list[object]:
        return await asyncio.gather(*(arm.send(thing(number)) for number in range(3)), return_exceptions=True)

    assert {type(result) for result in asyncio.run(three())} == {Stopped}
    assert len(clients.sent) == 3
