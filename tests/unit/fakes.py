"""A road to ARM without Azure: scripted answers, and a clock that is at once where it is asked to be."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, cast

from azure.core.exceptions import ServiceRequestError

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.request import ArmRequest

if TYPE_CHECKING:
    from backup_reconciler.azure.clients import Clients


@dataclass
class Answer:
    """One scripted answer."""

    status_code: int = 200
    body: Any = None
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def content(self) -> bytes:
        return (
            self.body if isinstance(self.body, bytes) else b"" if self.body is None else json.dumps(self.body).encode()
        )


class Cut(Answer):
    """The connection is cut instead."""


Script = Callable[[ArmRequest], Answer]


@dataclass
class FakeClients:
    """Stands where the SDK's clients stand."""

    script: Script
    sent: list[ArmRequest] = field(default_factory=list)
    ids: list[str] = field(default_factory=list)
    endpoint: str = "https://arm.example"

    async def send(self, request: ArmRequest, client_request_id: str) -> Answer:
        self.sent.append(request)
        self.ids.append(client_request_id)
        answer = self.script(request)
        if isinstance(answer, Cut):
            raise ServiceRequestError("Server disconnected\nwith advice")
        return answer


@dataclass
class FakeClock:
    """Sleeping is being there."""

    time: datetime = datetime(2026, 11, 23, tzinfo=UTC)
    slept: list[float] = field(default_factory=list)

    def now(self) -> datetime:
        return self.time

    async def sleep(self, seconds: float) -> None:
        self.slept.append(seconds)
        self.time += timedelta(seconds=seconds)


def road(script: Script, concurrency: int = 16) -> tuple[Arm, FakeClients, FakeClock]:
    clients, clock = FakeClients(script), FakeClock()
    return Arm(cast("Clients", clients), clock, concurrency=concurrency), clients, clock


def in_turn(*answers: Answer) -> Script:
    """The answers one after the other; the last stays."""
    left = list(answers)
    return lambda _: left.pop(0) if len(left) > 1 else left[0]
