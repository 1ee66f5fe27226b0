"""The order among requests that are throttled together."""

import asyncio
from collections import Counter
from datetime import timedelta

import pytest

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import graph
from backup_reconciler.azure.lane import Lane
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.azure.sent import Waiting
from tests.unit.fakes import Answer, FakeClock, road


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
    assert [sent.method for sent in clients.sent] == ["PUT", "GET"]


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
    lane, passed = Lane(FakeClock(), 1, Waiting()), []

    async def go(ticket: int) -> None:
        async with lane.passage(ticket):
            await asyncio.sleep(0)
            passed.append(ticket)

    async def four() -> None:
        first, waiting, next_, last = (asyncio.create_task(go(ticket)) for ticket in range(4))
        await asyncio.sleep(0)
        waiting.cancel()
        await first
        next_.cancel()  # it has been let in, and does not know it yet
        await last
        with pytest.raises(asyncio.CancelledError):
            await next_

    asyncio.run(four())
    assert passed == [0, 3]
