"""The priorities of rule collections: stated, kept, or chosen.

A chosen one comes before everything in the same place that denies the traffic, is free, and stays what it is from run
to run for as long as that is so.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from backup_reconciler.plan.finding import DriftState, Finding, Severity
from backup_reconciler.plan.network.flow import Space
from backup_reconciler.plan.outbound.finding import finding_of
from backup_reconciler.plan.outbound.firewall.place import Place
from backup_reconciler.plan.outbound.firewall.site import Part
from backup_reconciler.plan.outbound.firewall.traffic import denies
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.firewall import FIREWALL_NO_ROOM, FIREWALL_PRIORITY_UNFIT
from backup_reconciler.state.network.firewall import RuleCollection

_LOWEST, _HIGHEST = 100, 65000
"""Source: Azure Firewall rule processing."""
_USUAL = 1000
"""What is chosen where nothing speaks against it: it leaves room on both sides for what others will write."""


@dataclass(slots=True)
class Choice:
    """What was chosen."""

    numbers: dict[str, int] = field(default_factory=dict)
    """By the name of the rule collection."""
    refused: dict[str, Finding] = field(default_factory=dict)
    """Documents for which there is no priority, by their addresses; what is there for them stays as it is."""


def choose_priorities(parts: Sequence[Part], place: Place, staying: Sequence[RuleCollection], space: Space) -> Choice:
    """A priority for each part; `staying` is all that the place holds, less what is taken away."""
    refused: dict[str, Finding] = {}
    while True:
        # What is there for a refused document keeps its priority, which may be in the way of another document's.
        numbering = _Numbering([part for part in parts if str(part.document) not in refused], place, staying, space)
        finding = numbering.number_all()
        if finding is None:
            return Choice(numbering.numbers, refused)
        refused[finding.address] = finding


class _Numbering:
    """One attempt to give every part a priority."""

    def __init__(self, parts: Sequence[Part], place: Place, staying: Iterable[RuleCollection], space: Space) -> None:
        self.numbers: dict[str, int] = {}
        self._parts, self._place, self._space = parts, place, space
        movable = {part.wanted.name.casefold() for part in parts}
        self._fixed = [one for one in staying if one.name.casefold() not in movable]
        self._taken = {(place.space(one.kind), one.priority): one.name for one in self._fixed}

    def number_all(self) -> Finding | None:
        """Stated priorities first, then those that can be kept; a finding where there is none for a document."""
        limits = {part.wanted.name: self._limit(part) for part in self._parts}
        for part in self._parts:
            if part.stated is not None and part.stated >= limits[part.wanted.name]:
                return self._beaten(part, part.stated)
            if part.stated is not None and not self._take(part, part.stated):
                return self._held(part, part.stated)
        left = [part for part in self._parts if part.stated is None and not self._keep(part, limits[part.wanted.name])]
        for part in left:
            limit = limits[part.wanted.name]
            if not any(self._take(part, number) for number in _preferred(limit)):
                return self._no_room(part, limit)
        return None

    def _take(self, part: Part, number: int) -> bool:
        """Whether it can have a priority; then it has it."""
        key = self._place.space(part.wanted.kind), number
        if key in self._taken:
            return False
        self._taken[key] = part.wanted.name
        self.numbers[part.wanted.name] = number
        return True

    def _keep(self, part: Part, limit: int) -> bool:
        return part.live is not None and part.live.priority < limit and self._take(part, part.live.priority)

    def _limit(self, part: Part) -> int:
        """What its priority has to be less than: that of the first collection, of its kind, that denies its traffic."""
        return min((one.priority for one in self._denying(part)), default=_HIGHEST + 1)

    def _denying(self, part: Part) -> Iterator[RuleCollection]:
        kind = part.wanted.kind
        return (one for one in self._fixed if one.kind == kind and denies(one, part.traffic, self._space))

    def _held(self, part: Part, number: int) -> Finding:
        other = self._taken[self._place.space(part.wanted.kind), number]
        message = f"{part.wanted.name} is to have priority {number} in {self._place.label}, which {other} has"
        return _refusal(part, FIREWALL_PRIORITY_UNFIT, message)

    def _beaten(self, part: Part, number: int) -> Finding:
        denying = ", ".join(f"{one.name} ({one.priority})" for one in self._denying(part) if one.priority <= number)
        where = f"is to have priority {number} in {self._place.label}"
        message = f"{part.wanted.name} {where}, and its traffic is denied by {denying}"
        return _refusal(part, FIREWALL_PRIORITY_UNFIT, message)

    def _no_room(self, part: Part, limit: int) -> Finding:
        space = self._place.space(part.wanted.kind)
        denying = next((one.name for one in self._denying(part) if one.priority == limit), "")
        holders = sorted({name for (where, number), name in self._taken.items() if where == space and number < limit})
        taken = f", and the priorities before it are taken by {', '.join(holders)}" if holders else ""
        message = f"in {self._place.label}, {denying} denies this traffic at priority {limit}{taken}"
        return _refusal(part, FIREWALL_NO_ROOM, message)


def _preferred(limit: int) -> Iterator[int]:
    """The priorities below a limit, the best first."""
    highest = min(limit - 1, _USUAL)
    yield from range(highest, _LOWEST - 1, -1)
    yield from range(highest + 1, limit)


def _refusal(part: Part, rule: Rule, message: str) -> Finding:
    drift = DriftState.DIFFERS if part.live else DriftState.MISSING
    return finding_of(part.document, rule, Severity.BLOCKED, message, "firewall", "priority", drift=drift)
