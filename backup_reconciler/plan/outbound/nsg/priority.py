"""Choosing the priorities of the rules that are written into a network security group.

Lower numbers are asked first, and each number is given once in a direction (source: Azure network security groups).
Nobody's rule is moved but our own.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from backup_reconciler.state.network.security_group import SecurityGroup, SecurityRule

FIRST, LAST = 100, 4096
"""Priorities that rules may have (source: Azure network security groups: priority of a rule)."""

Direction = Literal["Inbound", "Outbound"]


@dataclass(frozen=True, slots=True)
class WantedRule:
    """An allow rule that is wanted in a group. Where the group has a rule of that name, it is ours."""

    name: str
    document: str
    """Which document wants it: `OutboundAccess/handle`."""
    stopped_by: tuple[SecurityRule, ...]
    """The rules that it has to come before (see `stopping.stopped_by`)."""
    stated: int | None = None
    """The priority that its document states for it."""
    direction: Direction = "Outbound"

    @property
    def key(self) -> str:
        """The name to compare: ARM names ignore letter case."""
        return self.name.casefold()

    @property
    def limit(self) -> int:
        """The last priority before the rules that would deny the traffic."""
        return min([LAST, *(rule.priority - 1 for rule in self.stopped_by)])


@dataclass(frozen=True, slots=True)
class Chosen:
    """The priority of a rule: the one that it has, or one that is free."""

    priority: int
    after: str | None = None
    """The name of a rule of ours that holds the priority now, and leaves it in the same run."""


@dataclass(frozen=True, slots=True)
class NoRoom:
    """No priority is free before the rules that would deny the traffic."""

    in_the_way: tuple[SecurityRule, ...]
    """Those that hold the priorities before it, and the first rule that would deny the traffic, in their order."""


@dataclass(frozen=True, slots=True)
class Taken:
    """The stated priority is another rule's."""

    priority: int
    holder: SecurityRule
    """May be ours: one that keeps its priority, or two that would have to change places, which Azure does not take."""


@dataclass(frozen=True, slots=True)
class Beaten:
    """A rule with a smaller number would deny the traffic all the same."""

    priority: int
    by: tuple[SecurityRule, ...]


@dataclass(frozen=True, slots=True)
class StatedTwice:
    """Several rules that are wanted state one priority."""

    priority: int
    documents: tuple[str, ...]
    """All of them, in their order."""


Choice = Chosen | NoRoom | Taken | Beaten | StatedTwice


def choose(group: SecurityGroup, wanted: Sequence[WantedRule], leaving: Collection[str] = ()) -> Mapping[str, Choice]:
    """The priority of each wanted rule, by its name.

    A stated priority is taken as it is, or refused. A rule of ours that is there keeps its own while nothing denies
    the traffic before it. Any other gets the highest number that is free before the first rule which would deny its
    traffic, so that people keep the room above; the rules of one document ascend in its order, and documents in the
    order of their names, wherever the same rule stops them.

    `leaving` are the names of rules of ours that this run deletes: their priorities can be stated, but are not chosen.
    """
    ordered = sorted(wanted, key=lambda each: each.document)
    gone = frozenset(map(str.casefold, leaving))
    choices: dict[str, Choice] = {}
    for direction in ("Inbound", "Outbound"):
        held = {rule.priority: rule for rule in group.own_rules() if rule.direction == direction}
        here = [each for each in ordered if each.direction == direction]
        choices |= _Pool(held, here, gone).choices()
    return choices


class _Pool:
    """The priorities of one direction."""

    def __init__(
        self, held: Mapping[int, SecurityRule], wanted: Sequence[WantedRule], leaving: Collection[str]
    ) -> None:
        self._held = held
        self._wanted = wanted
        self._leaving = leaving
        self._own = {rule.name.casefold(): rule.priority for rule in held.values()}
        self._stated: dict[int, list[WantedRule]] = defaultdict(list)
        for each in wanted:
            if each.stated is not None:
                self._stated[each.stated].append(each)
        self._aims: dict[str, int] = {}
        """By name in lower case: the priority that a rule is to have in the end."""

    def choices(self) -> dict[str, Choice]:
        refused = {each.key: refusal for each in self._wanted if (refusal := self._refusal(each))}
        unstated = [each for each in self._wanted if each.stated is None]
        stated = {each.key: number for number, rivals in self._stated.items() for each in rivals}
        self._aims = {key: number for key, number in stated.items() if key not in refused}
        self._aims |= {key: own for key, own in self._kept(unstated) if own not in self._aims.values()}
        for each in reversed(unstated):
            if each.key not in self._aims:
                self._find(each)
        return {each.name: refused.get(each.key) or self._placed(each) for each in self._wanted}

    def _refusal(self, wanted: WantedRule) -> Choice | None:
        """What speaks against a stated priority, whoever has it now."""
        if wanted.stated is None:
            return None
        rivals = self._stated[wanted.stated]
        if len(rivals) > 1:
            return StatedTwice(wanted.stated, tuple(each.document for each in rivals))
        before = tuple(rule for rule in wanted.stopped_by if rule.priority < wanted.stated)
        return Beaten(wanted.stated, before) if before else None

    def _kept(self, chosen: Iterable[WantedRule]) -> Iterator[tuple[str, int]]:
        """The rules that are there, and stand where nothing denies the traffic before them."""
        for each in chosen:
            own = self._own.get(each.key)
            if own is not None and own <= each.limit:
                yield each.key, own

    def _find(self, wanted: WantedRule) -> None:
        """The highest free priority; where there is none, its own, though another one is to have that."""
        taken = {*self._held, *self._stated, *self._aims.values()}
        free = (number for number in range(wanted.limit, FIRST - 1, -1) if number not in taken)
        own = self._own.get(wanted.key, LAST + 1)
        found = next(free, own)
        if found <= wanted.limit:
            self._aims[wanted.key] = found

    def _placed(self, wanted: WantedRule) -> Choice:
        aim = self._aims.get(wanted.key)
        if aim is None:
            before = (rule for number, rule in sorted(self._held.items()) if number <= wanted.limit)
            return NoRoom((*before, *wanted.stopped_by[:1]))
        holder = self._held.get(aim)
        if holder is None or holder.name.casefold() == wanted.key:
            return Chosen(aim)
        leaves = self._leaves(holder, {wanted.key})
        return Chosen(aim, after=holder.name) if leaves else Taken(aim, holder)

    def _leaves(self, holder: SecurityRule, waiting: set[str]) -> bool:
        """Whether a rule gives up its priority before those that wait for it need it."""
        name = holder.name.casefold()
        if name in self._leaving:
            return True
        aim = self._aims.get(name)
        if aim is None or aim == holder.priority or name in waiting:
            return False
        following = self._held.get(aim)
        return following is None or self._leaves(following, waiting | {name})
