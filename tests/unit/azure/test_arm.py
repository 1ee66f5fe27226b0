"""Sending: what is sent again and what is not, and what a failure says."""

import asyncio
from typing import Any

import pytest

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.errors import (
    AzureError,
    InDoubt,
    NotAllowed,
    NotArm,
    Refused,
    ServiceFailed,
    Throttled,
    Unreachable,
)
from backup_reconciler.azure.request import ArmRequest, get
from tests.unit.fakes import Answer, Cut, in_turn, road

READ = get("/subscriptions/s/things", Api.BACKUP)
PUT = ArmRequest("PUT", "/subscriptions/s/things/a", Api.BACKUP, body={})
POST = ArmRequest("POST", "/subscriptions/s/things/a/backup", Api.BACKUP, body={})
QUERY = ArmRequest("POST", "/providers/graph", Api.GRAPH, body={}, reads=True)


def error(code: str, message: str = "it is so") -> dict[str, Any]:
    return {"error": {"code": code, "message": message}}


@pytest.mark.parametrize("request_", [READ, PUT, QUERY], ids=["GET", "PUT", "query"])
@pytest.mark.parametrize("failing", [Answer(503), Answer(500), Answer(502), Answer(504), Answer(429), Cut()])
def test_what_may_be_repeated_is(request_: ArmRequest, failing: Answer) -> None:
    arm, clients, clock = road(in_turn(failing, failing, Answer(200, {"ok": 1})))
    assert asyncio.run(arm.send(request_)).body == {"ok": 1}
    assert len(clients.sent) == 3
    assert clock.slept == [2, 4]


@pytest.mark.parametrize(("failing", "kind"), [(Answer(503), ServiceFailed), (Cut(), InDoubt)])
def test_a_post_that_writes_is_never_sent_twice(failing: Answer, kind: type[AzureError]) -> None:
    """A second "back up now" is a second backup."""
    arm, clients, _ = road(in_turn(failing))
    with pytest.raises(kind):
        asyncio.run(arm.send(POST))
    assert len(clients.sent) == 1


def test_a_post_that_was_throttled_was_not_carried_out_and_is_sent_again() -> None:
    arm, clients, clock = road(in_turn(Answer(429, headers={"Retry-After": "9"}), Answer(202)))
    assert asyncio.run(arm.send(POST)).status == 202
    assert (len(clients.sent), clock.slept) == (2, [9])


def test_the_wait_doubles_to_a_minute_and_ends() -> None:
    arm, clients, clock = road(in_turn(Answer(503, error("ServiceUnavailable"))))
    with pytest.raises(ServiceFailed, match="503 ServiceUnavailable: it is so; Azure itself is failing"):
        asyncio.run(arm.send(READ))
    assert clock.slept == [2, 4, 8, 16, 32]
    assert len(clients.sent) == 6


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, Refused),
        (404, Refused),
        (409, Refused),
        (401, NotAllowed),
        (403, NotAllowed),
        (429, Throttled),
        (501, ServiceFailed),
    ],
)
def test_a_status_has_an_error_of_its_own(status: int, kind: type[AzureError]) -> None:
    arm, _, _ = road(in_turn(Answer(status, error("Code"), {"x-ms-request-id": "abc"})))
    with pytest.raises(AzureError) as caught:
        asyncio.run(arm.send(READ))
    assert type(caught.value) is kind
    assert caught.value.code == "Code"
    assert str(caught.value).startswith(f"GET /subscriptions/s/things: {status} Code: it is so; ")
    assert str(caught.value).endswith("(x-ms-request-id abc)")


@pytest.mark.parametrize("body", [b"<html>sign in</html>", {"nothing": 1}, {"value": None}, [1], None])
def test_an_answer_that_is_no_list_is_not_an_empty_list(body: Any) -> None:
    arm, _, _ = road(in_turn(Answer(200, body)))
    with pytest.raises(NotArm):
        asyncio.run(arm.list(READ))


def test_an_error_that_is_not_json_is_still_told() -> None:
    arm, _, _ = road(in_turn(Answer(400, b"<html>")))
    with pytest.raises(Refused, match="GET /subscriptions/s/things: 400: the answer is not JSON"):
        asyncio.run(arm.send(READ))


def test_pages_are_followed_at_the_same_endpoint_with_the_same_version() -> None:
    link = "https://elsewhere.example/subscriptions/s/it%3Bems?api-version=1999-01-01&$skipToken=a%2Fb"
    arm, clients, _ = road(in_turn(Answer(200, {"value": [1], "nextLink": link}), Answer(200, {"value": [2]})))
    assert asyncio.run(arm.list(READ)) == [1, 2]
    assert clients.sent[1].target == "/subscriptions/s/it;ems?api-version=2026-10-01&$skipToken=a%2Fb"


def test_a_write_that_was_cut_off_is_in_doubt_and_a_read_is_not() -> None:
    arm, _, _ = road(in_turn(Cut()))
    with pytest.raises(InDoubt, match="PUT /subscriptions/s/things/a: it was sent, and whether Azure took it"):
        asyncio.run(arm.send(PUT))
    with pytest.raises(Unreachable, match="GET /subscriptions/s/things: Server disconnected; check network"):
        asyncio.run(arm.send(READ))


@pytest.mark.parametrize(
    ("failing", "doubt"), [(Cut(), True), (Answer(502), True), (Answer(503), False), (Answer(429), False)]
)
def test_who_stops_waiting_after_a_write_was_perhaps_taken_is_told_so(failing: Answer, doubt: bool) -> None:
    class Stopped(Exception):
        pass

    async def stop(_: float) -> None:
        raise Stopped

    arm, clients, clock = road(in_turn(failing))
    clock.sleep = stop  # type: ignore[method-assign]
    with pytest.raises(InDoubt if doubt else Stopped):
        asyncio.run(arm.send(PUT))
    assert len(clients.sent) == 1


def test_a_write_needs_a_permit_at_the_last_moment() -> None:
    class Forbidden(Exception):
        pass

    def permit() -> None:
        raise Forbidden

    arm, clients, _ = road(in_turn(Answer(200, {})))
    arm._permit = permit
    asyncio.run(arm.send(READ))
    with pytest.raises(Forbidden):
        asyncio.run(arm.send(PUT))
    assert len(clients.sent) == 1


def test_reads_and_writes_are_counted_apart() -> None:
    arm, _, _ = road(in_turn(Answer(200, {})))

    async def both() -> None:
        await arm.send(READ)
        await arm.send(QUERY)
        await arm.send(PUT)

    asyncio.run(both())
    assert (arm.sent.reads, arm.sent.writes) == (2, 1)


def test_pages_that_go_round_in_a_circle_are_not_followed_for_ever() -> None:
    arm, _, _ = road(in_turn(Answer(200, {"value": [1], "nextLink": "https://x/y?$skipToken=1"})))
    with pytest.raises(NotArm, match="circle"):
        asyncio.run(arm.list(READ))
