"""The gate that every write passes: what is sent, how often, and what becomes of it."""

import asyncio
from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, cast

import pytest

from backup_reconciler.apply.failure import Failure, InPart, NotConfirmed
from backup_reconciler.apply.gate import DryRunGate, LiveGate, Write
from backup_reconciler.apply.interrupt import Interrupt, Interrupted, InterruptibleClock
from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.errors import AzureError, InDoubt, Refused
from backup_reconciler.azure.request import ArmRequest, ArmResponse
from backup_reconciler.plan.outcome import Status
from tests.unit.fakes import FakeClock

if TYPE_CHECKING:
    from backup_reconciler.azure.arm import Arm

FIRST = ArmRequest("PUT", "/first", Api.BACKUP)
REQUEST = ArmRequest("PUT", "/second", Api.BACKUP)
INSTEAD = ArmRequest("PUT", "/instead", Api.BACKUP)
DONE = ArmResponse(200, None, {})
BARRED = Refused(REQUEST, "wait", code="BMSUserErrorObjectLocked")
DENIED = Refused(REQUEST, "no", code="Denied")
LOST = InDoubt(REQUEST, "lost")


class Road:
    """Stands where Arm stands: gives answers in turn, the last one for good."""

    def __init__(self, *answers: ArmResponse | Exception) -> None:
        self.answers = list(answers) or [DONE]
        self.sent: list[str] = []
        self.clock = FakeClock()

    async def send(self, request: ArmRequest) -> ArmResponse:
        self.sent.append(request.path)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


def says(*answers: Any) -> Callable[..., Awaitable[Any]]:
    """A part of a write that returns or raises this, and the last of it for good."""
    left = list(answers)

    async def part(*_: Any) -> Any:
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, Exception):
            raise answer
        return answer

    return part


def carried_out(road: Road, interrupt: Interrupt | None = None, **parts: Any) -> Status:
    write = Write(**{"request": REQUEST, "confirm": says(None), **parts})
    return asyncio.run(LiveGate(cast("Arm", road), interrupt or Interrupt()).carry_out(write))


def test_what_is_there_already_is_not_sent() -> None:
    road = Road()
    assert carried_out(road, prepare=says(True), confirm=says(DENIED)) is Status.DONE
    assert road.sent == []


def test_what_is_sent_is_confirmed_by_its_answer() -> None:
    heard: list[ArmResponse | None] = []

    async def confirm(response: ArmResponse | None) -> None:
        heard.append(response)

    road = Road()
    assert carried_out(road, confirm=confirm, before=FIRST) is Status.DONE
    assert (road.sent, heard) == (["/first", "/second"], [DONE])
    assert carried_out(road, confirm=confirm, request=None) is Status.DONE
    assert (len(road.sent), heard) == (2, [DONE, None])


def test_a_refused_second_request_is_told_as_a_part() -> None:
    with pytest.raises(InPart) as told:
        carried_out(Road(DONE, DENIED), before=FIRST)
    assert told.value.cause is DENIED
    with pytest.raises(Refused):
        carried_out(Road(DENIED), before=FIRST)


@pytest.mark.parametrize(("request_", "accepted"), [(REQUEST, True), (None, False)])
def test_what_azure_took_and_did_not_do_is_accepted(request_: ArmRequest | None, accepted: bool) -> None:
    with pytest.raises(Failure) as told:
        carried_out(Road(), request=request_, confirm=says(Failure("not so")))
    assert told.value.accepted is accepted


def test_what_cannot_be_read_back_is_not_confirmed() -> None:
    with pytest.raises(NotConfirmed) as told:
        carried_out(Road(), confirm=says(DENIED))
    assert told.value.cause is DENIED


def test_a_write_that_is_barred_is_sent_ten_times_at_most() -> None:
    road = Road(BARRED)
    with pytest.raises(Refused):
        carried_out(road)
    assert (len(road.sent), road.clock.slept) == (10, [30.0] * 9)
    road = Road(*[BARRED] * 9, DONE)
    assert carried_out(road) is Status.DONE
    assert len(road.sent) == 10


def test_a_write_that_is_barred_waits_for_what_bars_it(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level("INFO", "backup_reconciler")
    road = Road(BARRED, DONE)
    assert carried_out(road, after_conflict=says(False)) is Status.DONE
    assert (len(road.sent), road.clock.slept) == (2, [])
    assert caplog.messages == ["PUT /second: BMSUserErrorObjectLocked; it waits its turn"]
    road = Road(BARRED, DONE)
    assert carried_out(road, after_conflict=says(True), confirm=says(DENIED)) is Status.DONE
    assert len(road.sent) == 1


def test_what_is_refused_is_not_sent_again() -> None:
    road = Road(DENIED)
    with pytest.raises(Refused):
        carried_out(road, after_conflict=says(True), after_doubt=says(True))
    assert (len(road.sent), road.clock.slept) == (1, [])


def test_what_may_be_sent_instead_is_sent_once() -> None:
    road = Road(DENIED, DONE)
    assert carried_out(road, instead={"Denied": INSTEAD, "Other": FIRST}) is Status.DONE
    assert road.sent == ["/second", "/instead"]
    road = Road(DENIED, DENIED)
    with pytest.raises(Refused):
        carried_out(road, instead={"Denied": INSTEAD})
    assert road.sent == ["/second", "/instead"]


@pytest.mark.parametrize(("seen", "is_done"), [(says(True), True), (says(False), False), (None, False)])
def test_a_request_whose_answer_was_lost_is_not_sent_twice(seen: Any, is_done: bool) -> None:
    road = Road(LOST, DONE)
    if is_done:
        assert carried_out(road, after_doubt=seen, confirm=says(DENIED)) is Status.DONE
    else:
        with pytest.raises(InDoubt):
            carried_out(road, after_doubt=seen)
    assert len(road.sent) == 1


def test_a_request_is_made_current_right_before_each_sending() -> None:
    road = Road(BARRED, DONE)
    made = iter((FIRST, INSTEAD))
    assert carried_out(road, current=lambda _: next(made)) is Status.DONE
    assert road.sent == ["/first", "/instead"]


def test_nothing_is_sent_once_somebody_asked_to_stop() -> None:
    road, interrupt = Road(), Interrupt()
    interrupt.set()
    with pytest.raises(Interrupted):
        carried_out(road, interrupt)
    assert road.sent == []


def test_what_looks_before_each_check_may_stop_the_run() -> None:
    road, interrupt = Road(), Interrupt()
    interrupt.look_before_each_check(interrupt.set)
    with pytest.raises(Interrupted):
        carried_out(road, interrupt)
    assert (road.sent, interrupt.is_set) == ([], True)


class Turns(FakeClock):
    """A clock on which some turns of the loop pass while somebody sleeps."""

    async def sleep(self, seconds: float) -> None:
        for _ in range(5):
            await asyncio.sleep(0)
        await super().sleep(seconds)


async def slept(clock: FakeClock, interrupt: Interrupt) -> None:
    """Sleep a minute, and leave nothing behind."""
    try:
        await InterruptibleClock(clock, interrupt).sleep(60)
    finally:
        await asyncio.sleep(0)
        assert asyncio.all_tasks() == {asyncio.current_task()}


def test_a_sleeper_wakes_when_somebody_asks_to_stop() -> None:
    interrupt = Interrupt()

    class Asked(FakeClock):
        async def sleep(self, _: float) -> None:
            interrupt.set()
            await asyncio.Event().wait()

    with pytest.raises(Interrupted):
        asyncio.run(slept(Asked(), interrupt))


def test_who_may_go_on_sleeps_as_long_as_asked() -> None:
    clock, interrupt = Turns(), Interrupt()
    asyncio.run(slept(clock, interrupt))
    assert clock.slept == [60]
    assert InterruptibleClock(clock, interrupt).now() == datetime(2026, 11, 23, 0, 1, tzinfo=UTC)
    interrupt.set()
    with pytest.raises(Interrupted):
        asyncio.run(slept(clock, interrupt))
    assert clock.slept == [60]


def test_a_dry_run_shows_all_and_sends_nothing() -> None:
    shown: list[ArmRequest] = []
    write = Write(REQUEST, says(AzureError(None, "never asked")), before=FIRST)
    assert asyncio.run(DryRunGate(shown.append).carry_out(write)) is Status.SHOWN
    assert shown == [FIRST, REQUEST]
    assert asyncio.run(DryRunGate(shown.append).carry_out(Write(None, says(None)))) is Status.SHOWN
    assert len(shown) == 2
