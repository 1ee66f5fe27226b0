"""An Azure in a box, opened from a world file: what the package gives to those who use it."""

from __future__ import annotations

from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox import state as states
from backup_reconciler.sandbox.certificate import Tls, make_tls
from backup_reconciler.sandbox.clock import VirtualClock
from backup_reconciler.sandbox.core import Request, Response, anonymous, dressed, handle
from backup_reconciler.sandbox.identity import ManagedIdentity
from backup_reconciler.sandbox.shell import serving
from backup_reconciler.sandbox.world_file import load_world

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Mapping
    from contextlib import AbstractContextManager
    from datetime import datetime
    from pathlib import Path

_UNAUTHENTICATED = Response(
    401,
    {
        "error": {
            "code": "AuthenticationFailed",
            "message": "Authentication failed. The 'Authorization' header is missing or its token is not of this box.",
        }
    },
    {
        "WWW-Authenticate": 'Bearer authorization_uri="https://login.windows.net/", error="invalid_token", '
        'error_description="The access token is missing or invalid."',
        "x-ms-failure-cause": "gateway",
    },
)


@dataclass(frozen=True)
class Exchange:
    """One request that reached the box and how it was answered; status 0 where the connection was cut."""

    method: str
    path: str
    query: Mapping[str, str]
    status: int
    at: datetime
    request: Any
    code: str = ""
    """Why it was refused: the code of the error that it was answered with."""
    answer: Any = field(default=None, repr=False, compare=False)
    """What it was answered with. Shown to who watches, and not kept: lists are long, and there are many."""


class _Desk:
    """Where requests are received: lets in who has the token, has the core answer, keeps the book."""

    def __init__(
        self, state: states.State, clock: VirtualClock, on_exchange: Callable[[Exchange], None] | None
    ) -> None:
        self.identity = ManagedIdentity()
        self.exchanges: list[Exchange] = []
        self._state = state
        self._clock = clock
        self._on_exchange = on_exchange

    def answer(self, request: Request) -> Response:
        now, estate, rng = self._clock.now(), self._state.estate, self._state.rng
        if anonymous(request) or self.identity.admits(request.headers):
            response = handle(estate, request, now, rng)
        else:
            response = dressed(_UNAUTHENTICATED, estate, request, now, rng)
        status = 0 if response.cut else response.status
        seen = Exchange(request.method, request.path, request.query, status, now, request.body, _code(response))
        self.exchanges.append(seen)
        if self._on_exchange:
            self._on_exchange(seen if response.cut else replace(seen, answer=response.body))
        return response


def _code(response: Response) -> str:
    error = response.body.get("error") if isinstance(response.body, dict) else None
    refused = response.status >= 400 and not response.cut and isinstance(error, dict)
    return str(error.get("code", "")) if refused and error else ""


class Box:
    """An open box."""

    def __init__(self, endpoint: str, desk: _Desk, clock: VirtualClock, tls: Tls | None = None) -> None:
        self.endpoint = endpoint
        self.exchanges = desk.exchanges
        self._identity = desk.identity
        self._clock = clock
        self._tls = tls

    def environment(self) -> dict[str, str]:
        """What a client needs to find the box, and to be let in by it alone."""
        return {
            "BACKUP_RECONCILER_ARM_ENDPOINT": self.endpoint,
            **self._identity.environment(self.endpoint),
            **(self._tls.environment() if self._tls else {}),
        }

    def now(self) -> datetime:
        """The moment in virtual time."""
        return self._clock.now()

    async def sleep(self, seconds: float) -> None:
        """Sleep in virtual time."""
        await self._clock.sleep(seconds)

    def hold(self) -> AbstractContextManager[None]:
        """Hold virtual time, as long as a client waits for an answer that is not here yet."""
        return self._clock.busy()


@asynccontextmanager
async def open_box(
    world: Path,
    *,
    fresh: bool = False,
    pace: float | None = None,
    port: int = 0,
    tls: bool = False,
    on_exchange: Callable[[Exchange], None] | None = None,
) -> AsyncIterator[Box]:
    """Open a world on a port of loopback. State is kept beside the world file, whatever ends the visit.

    `fresh` forgets what was kept. `pace` makes time run so many times faster than it does; without it nobody waits.
    `tls` serves https, with a certificate that is made for this visit.
    """
    described = load_world(world)
    with states.locked(world):
        state = states.new_state(described) if fresh else states.load_state(world, described)
        clock = VirtualClock(state.clock, pace)
        clock.watch_threads()
        desk = _Desk(state, clock, on_exchange)
        shown = make_tls(states.state_path(world).with_suffix(".ca.pem")) if tls else None
        try:
            async with serving(desk.answer, desk.identity, clock, port, shown.context if shown else None) as endpoint:
                yield Box(endpoint, desk, clock, shown)
        finally:
            state.clock = clock.now()
            states.save_state(world, described, state)
            clock.stop()
