"""The log: one event a line for programs, sentences for people, and no secret in either."""

import asyncio
import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.azure.secrets import without_secrets
from backup_reconciler.azure.summary import tell_summary
from backup_reconciler.cli.logs import LogFormat, follow_clock, set_up_logging, tell_error
from tests.unit.fakes import Answer, Cut, FakeClock, Script, in_turn, road

READ = get("/subscriptions/s/things", Api.BACKUP)
TOKEN = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJtZSJ9.c2lnbmVk"
SAYS = {
    f"the header Bearer {TOKEN} is not valid": "the header Bearer *** is not valid",
    f"token {TOKEN}, expired": "token ***, expired",
    "cannot fetch https://a.blob.core.windows.net/c/b?sv=2024&sig=Zm9v%2Bb%3D&se=1": (
        "cannot fetch https://a.blob.core.windows.net/c/b?sv=2024&sig=***&se=1"
    ),
    "url=https%3A%2F%2Fa%3Fsig%3DZm9v": "url=https%3A%2F%2Fa%3Fsig%3D***",
    "AccountName=a;AccountKey=Zm9vYmFy==;EndpointSuffix=x": "AccountName=a;AccountKey=***;EndpointSuffix=x",
    '{"access_token":"abc","expires_in":1}': '{"access_token":"***","expires_in":1}',
    "Authorization: SharedKey account:Zm9vYmFyYmF6": "Authorization: SharedKey ***",
    "no way through http://me:hunter2@proxy:3128/": "no way through http://***@proxy:3128/",
    "no way through http://me:hunter@2@proxy:3128/": "no way through http://***@proxy:3128/",
    "cannot clone https://ghp_0a1b2c@github.com/o/r": "cannot clone https://***@github.com/o/r",
    "a Basic loadBalancer with design=big has no bearer": "a Basic loadBalancer with design=big has no bearer",
}


def events(err: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in err.splitlines()]


def send(script: Script, request: ArmRequest = READ) -> None:
    """Send over a road whose clock the log follows."""
    arm, clients, clock = road(script)
    follow_clock(clock.now)

    async def sent() -> None:
        try:
            await arm.send(request)
        except AzureError as error:
            tell_error(f"error: {error}", 1)
        finally:
            tell_summary(arm.sent)

    asyncio.run(sent())
    assert len(set(clients.ids)) == len(clients.sent), "each attempt has an id of its own"


def test_each_request_is_an_event_with_what_azures_support_asks_for(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.JSON, verbose=True)
    page = ArmRequest("GET", "/subscriptions/s/things", Api.BACKUP, {"$skipToken": "secret-page"})
    send(in_turn(Answer(200, {}, {"x-ms-request-id": "r", "x-ms-correlation-request-id": "c"})), page)
    request, summary = events(capsys.readouterr().err)
    assert request.pop("clientRequestId")
    assert request == {
        "time": "2026-11-23T00:00:00.000Z",
        "level": "debug",
        "event": "request",
        "message": "GET /subscriptions/s/things -> 200 in 0 ms",
        "method": "GET",
        "path": "/subscriptions/s/things",
        "milliseconds": 0.0,
        "attempt": 1,
        "status": 200,
        "requestId": "r",
        "correlationId": "c",
    }
    assert (summary["event"], summary["reads"], summary["writes"]) == ("summary", 1, 0)


def test_waiting_is_told_with_its_reason_and_summed_up(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.JSON, verbose=True)
    throttled = Answer(429, {"error": {"code": "TooMany"}}, {"Retry-After": "324", "x-ms-request-id": "r"})
    send(in_turn(throttled, Cut(), Answer(503), Answer(200, {})))
    told = events(capsys.readouterr().err)
    assert [(one["event"], one.get("attempt")) for one in told] == [
        ("request", 1),
        ("throttled", 1),
        ("request", 2),
        ("retry", 2),
        ("request", 3),
        ("retry", 3),
        ("request", 4),
        ("summary", None),
    ]
    assert {name: told[1][name] for name in ("level", "waitSeconds", "reason", "requestId")} == {
        "level": "warning",
        "waitSeconds": 324,
        "reason": "429 TooMany",
        "requestId": "r",
    }
    assert told[2]["error"] == "Server disconnected"
    assert told[2]["time"] == "2026-11-23T00:05:24.000Z", "it has waited"
    assert {name: told[-1][name] for name in ("reads", "throttled", "sentAgain", "waitedSeconds")} == {
        "reads": 4,
        "throttled": 1,
        "sentAgain": 2,
        "waitedSeconds": 324 + 4 + 8,
    }


def test_people_are_told_of_what_keeps_them_waiting_and_of_the_rest_when_they_ask(
    capsys: pytest.CaptureFixture[str],
) -> None:
    answers = (Answer(503), Answer(200, {}))
    set_up_logging(LogFormat.TEXT, verbose=False)
    send(in_turn(*answers))
    waiting = "00:00:00Z GET /subscriptions/s/things: 503; again in 2 s\n"
    summary = "00:00:02Z requests: 2 to read, 0 to write; 0 throttled, 1 failed and sent again, 2 s waited\n"
    assert capsys.readouterr().err == waiting + summary
    send(in_turn(Answer(200, {})))
    assert capsys.readouterr().err == ""

    set_up_logging(LogFormat.TEXT, verbose=True)
    send(in_turn(*answers))
    assert capsys.readouterr().err == (
        "00:00:00Z GET /subscriptions/s/things -> 503 in 0 ms\n"
        f"{waiting}"
        "00:00:02Z GET /subscriptions/s/things -> 200 in 0 ms\n"
        f"{summary}"
    )
    send(in_turn(Answer(200, {})))
    assert capsys.readouterr().err.endswith("00:00:00Z requests: 1 to read, 0 to write\n")


@pytest.mark.parametrize("format_", LogFormat)
@pytest.mark.parametrize("said", SAYS)
def test_a_secret_that_azure_quotes_is_not_passed_on(
    capsys: pytest.CaptureFixture[str], format_: LogFormat, said: str
) -> None:
    set_up_logging(format_, verbose=True)
    refused = Answer(400, {"error": {"code": "Refused", "message": said}}, {"x-ms-request-id": "Bearer abcdefghij"})
    send(lambda _: refused)
    err = capsys.readouterr().err
    assert (json.dumps(SAYS[said])[1:-1] if format_ is LogFormat.JSON else SAYS[said]) in err
    for secret in ("Zm9v", "eyJ", "hunter2", "abcdefghij", '"abc"'):
        assert secret not in err
    assert without_secrets(SAYS[said]) == SAYS[said], "what is hidden is not hidden again"


def test_control_characters_stay_on_their_line(capsys: pytest.CaptureFixture[str]) -> None:
    for format_ in LogFormat:
        set_up_logging(format_, verbose=True)
        send(lambda _: Answer(200, {}), get("/subscriptions/\x1b[31m\n{}\u202e", Api.BACKUP))
        err = capsys.readouterr().err
        assert err.count("\n") == 2
        assert not set(err) & {"\x1b", "\u202e"}


def test_who_waits_beside_others_adds_nothing_to_the_time_waited() -> None:
    arm, _, clock = road(in_turn(Answer(200, {})))
    waiting = arm.sent.waiting
    with waiting.until_done(clock):
        clock.time += timedelta(seconds=5)
        with waiting.until_done(clock):
            clock.time += timedelta(seconds=5)
    clock.time += timedelta(seconds=60)
    with waiting.until_done(clock):
        clock.time += timedelta(seconds=1)
    assert waiting.time == timedelta(seconds=11)


def test_the_libraries_logs_go_nowhere(capsys: pytest.CaptureFixture[str]) -> None:
    import logging

    set_up_logging(LogFormat.TEXT, verbose=True)
    logging.getLogger("azure.identity").warning("Authorization: Bearer %s", TOKEN)
    told = capsys.readouterr()
    assert (told.out, told.err) == ("", "")


def test_an_error_is_an_event_with_the_exit_status(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging(LogFormat.JSON, verbose=False)
    follow_clock(FakeClock(datetime(2026, 11, 23, tzinfo=UTC)).now)
    tell_error("a.yaml:1:1: wrong\nb.yaml:1:1: wrong", 1)
    assert events(capsys.readouterr().err) == [
        {
            "time": "2026-11-23T00:00:00.000Z",
            "level": "error",
            "event": "error",
            "message": "a.yaml:1:1: wrong\nb.yaml:1:1: wrong",
            "exitStatus": 1,
        }
    ]
