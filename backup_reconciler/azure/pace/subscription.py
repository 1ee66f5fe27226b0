"""The requests to one subscription: none of them holds up those to another."""

from typing import TYPE_CHECKING

from backup_reconciler.azure.ledger import action_of
from backup_reconciler.azure.pace.headers import Kind, kind_of
from backup_reconciler.azure.pace.lane import Lane
from backup_reconciler.azure.pace.way import Hold, Together, Way
from backup_reconciler.azure.request import ArmRequest

if TYPE_CHECKING:
    from backup_reconciler.azure.pace.limit import Limit


class Subscription:
    """Who waits to send to a subscription; those without one, of queries say, are the tenant's and have an empty id."""

    def __init__(self, id_: str, widest: int) -> None:
        """`widest` is how many requests may be on the way at all."""
        self.id = id_
        self._widest = widest
        self._together: dict[Kind, Together] = {}
        self._of_providers: dict[str, Limit] = {}
        self._ways: dict[str, Way] = {}

    def way(self, request: ArmRequest, action: str) -> Way:
        """The way of a request whose action is this one."""
        if action not in self._ways:
            kind = kind_of(request.method)
            if kind not in self._together:
                self._together[kind] = Together(self.id, kind, self._widest)
            self._ways[action] = Way(Lane(action_of(request), self._widest), self._together[kind], self._of_providers)
        return self._ways[action]

    def next(self, now: float) -> Way | Hold | None:
        """The way on which the next may go: of those that are open the one on which somebody has waited longest.

        Otherwise what holds back the one that may go soonest, and None where nobody waits.
        """
        soonest: Hold | None = None
        waiting = [(ticket, way) for way in self._ways.values() if (ticket := way.first()) is not None]
        for _, way in sorted(waiting, key=lambda one: one[0]):
            hold = way.hold(now)
            if hold is None:
                return way
            soonest = hold if soonest is None else min(soonest, hold)
        return soonest

    def send_away(self, error: BaseException) -> None:
        """Nobody who waits is let out any more."""
        for way in self._ways.values():
            for _, turn in way.line:
                if not turn.done():
                    turn.set_exception(error)
            way.line.clear()
