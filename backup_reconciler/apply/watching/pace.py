"""When a vault is looked at, and whether through its lists or through Resource Graph: what the hourly quota allows."""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from backup_reconciler.apply.watching.budget import Budget
from backup_reconciler.apply.watching.cadence import AT_LEAST, TOO_SLOW, seconds_between_looks
from backup_reconciler.apply.watching.graph_looks import GraphLooks
from backup_reconciler.apply.watching.sight import Sight
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.ledger import Key, counted_as
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId

_SHORTEST = 1.0
"""Seconds; what is left of a wait may be too little for a clock to tell."""

_COUNTED_FOR = timedelta(seconds=1)
"""How long what others read is taken to be the same: they all wake at about the same time, and each wants to know."""

Costs = tuple[tuple[ArmRequest, int], ...]
"""The reads that a look takes: one of each kind, and how many such."""


class Watched(Protocol):
    """A vault that is watched."""

    @property
    def vault(self) -> ArmId: ...

    @property
    def open(self) -> bool:
        """Whether it is still to be looked at."""
        ...

    @property
    def waited(self) -> float:
        """Seconds that the one who waits longest for a look has waited."""
        ...

    def costs(self) -> Costs:
        """What a look at its lists takes."""
        ...


@dataclass(slots=True)
class _Together:
    """The vaults of one subscription that are watched, and what a look at all of them takes, by action."""

    watched: list[Watched] = field(default_factory=list)
    reads: Counter[Key] = field(default_factory=Counter)
    counted: datetime | None = None
    """When `reads` was counted; None when it has to be counted anew."""

    def reads_of_a_look(self, now: datetime) -> Counter[Key]:
        if self.counted is None or now - self.counted > _COUNTED_FOR:
            self.reads, self.counted = Counter(), now
            for one in self.watched:
                for request, number in one.costs() if one.open else ():
                    self.reads[counted_as(request)] += number
        return self.reads


class Pace:
    """What the watches of one run share: the quota of each subscription, and the looks through Resource Graph.

    `vaults` are those that the run may watch.
    """

    def __init__(self, arm: Arm, vaults: Iterable[ArmId]) -> None:
        self.budget = Budget(arm)
        self._clock = arm.clock
        self._graph = GraphLooks(arm, vaults)
        self._by_subscription: defaultdict[str, _Together] = defaultdict(_Together)

    def join(self, watched: Watched) -> None:
        self._beside(watched).watched.append(watched)

    def changed(self, watched: Watched) -> None:
        """More or fewer wait for a vault than before."""
        self._beside(watched).counted = None

    def affords_lists(self, watched: Watched) -> bool:
        """Whether the lists can be read as often as it is worth it."""
        return self._seconds(watched) <= TOO_SLOW

    async def graph(self, watched: Watched) -> Sight | None:
        """What Resource Graph knows of a vault, minutes behind."""
        return await self._graph.sight_of(watched.vault)

    async def until_worth_a_look(self, watched: Watched, worth: Callable[[Sight], bool]) -> Sight | None:
        """Return when the lists are to be read again.

        That is when their time has come. Where that is too far away Resource Graph is looked at, and the lists are
        read, or one of them, as soon as it shows something that is worth it: then what it shows is given.
        """
        began, too_slow, waited = self._clock.now(), False, watched.waited
        while (left := self._pause(watched, waited) - (self._clock.now() - began).total_seconds()) > 0:
            await self._clock.sleep(max(_SHORTEST, min(AT_LEAST, left)))
            too_slow = too_slow or not self.affords_lists(watched)
            if too_slow:  # also when others are done meanwhile: it knows sooner still
                seen = await self.graph(watched)
                if seen is not None and worth(seen):
                    return seen
        return None

    def _pause(self, watched: Watched, waited: float) -> float:
        """Seconds until the next look at the lists, when somebody had waited so long at the last one.

        Most are done within a minute, so what the hour has left is not spread evenly: the first looks come soon, each
        pause as long as all the waiting before it, until that is as seldom as an even spread.
        """
        even = self._seconds(watched)
        return even if even > TOO_SLOW else max(AT_LEAST, min(even, waited))

    def _seconds(self, watched: Watched) -> float:
        """Seconds between two looks at the lists, evenly spread, with all that are watched now in the subscription."""
        reads = self._beside(watched).reads_of_a_look(self._clock.now())
        return max(
            seconds_between_looks(reads[counted_as(request)], self.budget.left(request))
            for request, _ in watched.costs()
        )

    def _beside(self, watched: Watched) -> _Together:
        return self._by_subscription[watched.vault.subscription.casefold()]
