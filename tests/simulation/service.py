"""The service: the core of the sandbox, with a witness who writes down what reaches it and what comes of that."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core import Request, Response, handle
from backup_reconciler.sandbox.core.settle import settle
from tests.simulation.portrait import Items, items_of, losses_between, portrait_of, running, twice_active
from tests.simulation.record import HAND, Record, Seen
from tests.simulation.virtual_time import VirtualLoop

if TYPE_CHECKING:
    from collections.abc import Callable
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Fault
    from backup_reconciler.sandbox.state import State

MOST_REQUESTS = 6000
"""Of one scenario; what sends more goes round in circles."""

_KINDS = ("status", "cut", "ignored", "late", "operation", "slow", "pages")


class Service:
    """One estate, as everybody who asks sees it."""

    def __init__(self, state: State) -> None:
        self.estate = state.estate
        self.record = Record()
        self.deeds: defaultdict[int, list[Callable[[], None]]] = defaultdict(list)
        """What people do right after a request of the runs, by its number in the stage."""
        self._requests = 0
        self._rng = state.rng
        self._writes: dict[str, list[Seen]] = {}
        self._revision = -1
        self._items: Items = items_of(self.estate)

    def answer(self, by: str, request: Request, now: datetime) -> Response:
        """Answer one request, and write down what is seen of it."""
        if len(self.record.seen) >= MOST_REQUESTS:
            loop = asyncio.get_running_loop()
            assert isinstance(loop, VirtualLoop)
            loop.give_up("requests are sent without an end")
            raise asyncio.CancelledError
        self.settle(now)
        seen = Seen(now, by, request.method, request.path.casefold(), dict(request.query), request.body)
        before = portrait_of(self.estate, seen.path) if seen.writes else {}
        known = running(self.estate, now)
        met = [fault.met for fault in self.estate.faults]
        response = self._handled(by, request, now)
        seen.fault = next(filter(None, map(_struck, self.estate.faults, met)), "")
        seen.status, seen.cut = response.status, response.cut
        seen.code = _code(response.body)
        if seen.writes:
            after = portrait_of(self.estate, seen.path)
            seen.changed = frozenset(
                name for name in before.keys() | after.keys() if before.get(name) != after.get(name)
            )
            seen.began = running(self.estate, now) - known
            self._note_repetition(seen, known)
        self.record.seen.append(seen)
        self._look(now)
        if by != HAND:
            for deed in self.deeds.pop(self._next_request(), ()):
                deed()
        return response

    def begin_stage(self) -> None:
        """Requests are counted anew; what was to be done at one that never came is not done."""
        self._requests = 0
        self.deeds.clear()

    def _next_request(self) -> int:
        self._requests += 1
        return self._requests

    def settle(self, now: datetime) -> None:
        """Let come true what is due."""
        settle(self.estate, now, self._rng)
        self._look(now)

    def all_is_well(self) -> None:
        """From now on nothing goes wrong any more."""
        self.estate.faults.clear()

    def _handled(self, by: str, request: Request, now: datetime) -> Response:
        if by != HAND:
            return handle(self.estate, request, now, self._rng)
        faults, self.estate.faults = self.estate.faults, []  # the portal is not what is tried here
        try:
            return handle(self.estate, request, now, self._rng)
        finally:
            self.estate.faults = faults

    def _note_repetition(self, seen: Seen, under_way: frozenset[str]) -> None:
        equal = f"{seen.by} {seen.method} {seen.path} {json.dumps(seen.body, sort_keys=True)}"
        for earlier in self._writes.setdefault(equal, []):
            if earlier.began & under_way:
                seen.repeats = earlier
        self._writes[equal].append(seen)

    def _look(self, now: datetime) -> None:
        if self.estate.revision == self._revision:
            return
        self._revision = self.estate.revision
        items = items_of(self.estate)
        self.record.losses += losses_between(self._items, items, now)
        self.record.doubled += twice_active(self.estate)
        self._items = items


def _code(body: Any) -> str:
    error = body.get("error") if isinstance(body, dict) else None
    return str(error.get("code", "")) if isinstance(error, dict) else ""


def _kind(fault: Fault) -> str:
    kind = next(name for name in _KINDS if getattr(fault, name) not in (None, False))
    if kind == "status":
        retry = "with" if fault.retry_after is not None else "without"
        return f"{fault.status} {retry} Retry-After"
    return {
        "cut": f"connection cut {fault.cut} the effect",
        "ignored": "accepted, not applied",
        "late": "applied late",
        "operation": "operation fails",
        "slow": "operation is slow",
        "pages": f"pages {fault.pages} an element",
    }[kind]


def _struck(fault: Fault, met_before: int) -> str:
    """Which kind of fault a request met, if it met this one."""
    turn = fault.met - fault.skip
    struck = fault.met > met_before and 0 < turn <= (fault.times or turn)
    return _kind(fault) if struck else ""
