"""The ways on which requests go out: each action of a subscription has one, and those of a kind share ARM's limits."""

import asyncio
import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from backup_reconciler.azure.pace.headers import Kind, Told, tellers_of_arm, told_by_arm, told_by_provider
from backup_reconciler.azure.pace.lane import Lane
from backup_reconciler.azure.pace.limit import Limit, limit_of


class Hold(NamedTuple):
    """Why nothing goes out: for how many seconds, infinite until an answer comes, and the limit that is waited for."""

    seconds: float
    limit: str


class Together:
    """All requests of one kind to a subscription, or to the tenant: what ARM counts together.

    A request draws on every limit that ARM tells of its kind, but waits only for those that were told on an answer to
    its own action: a provider can have limits of its own at ARM, and whether they come in place of the usual ones or
    count in the same bucket is in no source.
    """

    def __init__(self, subscription: str, kind: Kind, widest: int) -> None:
        self.subscription = subscription
        self.tellers = tellers_of_arm(subscription, kind)
        self.lane: Lane[Passage] = Lane(self.tellers[0].limit, widest, probing=True)
        self.limits: dict[str, Limit] = {}


@dataclass(slots=True)
class Way:
    """The requests of one action, and what holds them back. Times are seconds on any clock."""

    lane: Lane["Passage"]
    together: Together
    of_providers: dict[str, Limit]
    """What resource providers have told of their limits in the subscription."""
    limits: tuple[Limit, ...] | None = None
    """Those that the last answer told of; None before the first."""
    line: list[tuple[int, asyncio.Future["Passage"]]] = field(default_factory=list)

    def first(self) -> int | None:
        """The ticket of the first in the line who has not gone away; None where nobody stands."""
        while self.line and self.line[0][1].done():
            heapq.heappop(self.line)
        return self.line[0][0] if self.line else None

    def hold(self, now: float) -> Hold | None:
        """Why the first has to wait, if so."""
        limits = self.together.limits.values() if self.limits is None else self.limits
        longest = Hold(0.0, "")
        for gate in (self.lane, self.together.lane, *limits):
            seconds = gate.wait(now)
            if seconds > longest.seconds:
                longest = Hold(seconds, gate.name)
        return longest if longest.seconds else None

    def admit(self, now: float) -> None:
        """Let the first go."""
        _, turn = heapq.heappop(self.line)
        turn.set_result(Passage(self, now))


class Passage:
    """A request that may go out, until what came of it is told or it is closed."""

    def __init__(self, way: Way, now: float) -> None:
        self._way = way
        limits = {*way.together.limits.values(), *(way.limits or ())}
        self.numbers: dict[Limit, int | None] = {limit: limit.enter(now) for limit in limits}
        """The limits that it counts against, each with the number it got there; None where it was told of later."""
        self._open = True
        way.lane.on_the_way.add(self)
        way.together.lane.on_the_way.add(self)

    @property
    def subscription(self) -> str:
        return self._way.together.subscription

    def passed(self, headers: Mapping[str, str], now: float) -> list[Told]:
        """It was answered and not refused. Gives what the answer tells of limits."""
        self._way.lane.passed()
        self._way.together.lane.passed()
        return self._learn(headers, now, refused=False)

    def refused(self, headers: Mapping[str, str], now: float, seconds: float, *, by_arm: bool) -> list[Told]:
        """It was answered with 429, and may be sent again after so many seconds. Gives what the answer tells of limits.

        `by_arm`: it is not only its own action that was refused.
        """
        (self._way.together.lane if by_arm else self._way.lane).refused(now, seconds)
        return self._learn(headers, now, refused=True)

    def is_news(self, *, by_arm: bool) -> bool:
        """Whether a refusal is the first, or nobody else waits who has heard of one."""
        return (self._way.together.lane if by_arm else self._way.lane).is_wide or self._way.first() is None

    def close(self) -> None:
        """It is not on the way any more."""
        if self._open:
            self._open = False
            self._way.lane.on_the_way.remove(self)
            self._way.together.lane.on_the_way.remove(self)
            for limit in self.numbers:
                limit.leave()

    def _learn(self, headers: Mapping[str, str], now: float, *, refused: bool) -> list[Told]:
        """Those that the answer told of are what the next of the action waits for; an answer may tell of none."""
        self.close()
        way, together = self._way, self._way.together
        by_arm, by_provider = list(told_by_arm(together.tellers, headers)), list(told_by_provider(headers))
        limits = (
            *self._noted(by_arm, together.limits, together.lane, now, refused=refused),
            *self._noted(by_provider, way.of_providers, way.lane, now, refused=refused),
        )
        if limits or way.limits is None:
            way.limits = limits
        return by_arm + by_provider

    def _noted(
        self, all_told: Iterable[Told], known: dict[str, Limit], lane: Lane["Passage"], now: float, *, refused: bool
    ) -> list[Limit]:
        for told in all_told:
            if limit := known.get(told.limit):
                (limit.refused if refused else limit.told)(told, self.numbers.get(limit), now)
            else:
                known[told.limit] = limit_of(told, len(lane.on_the_way), now)
                for other in lane.on_the_way:
                    other.numbers[known[told.limit]] = None
        return [known[told.limit] for told in all_told]
