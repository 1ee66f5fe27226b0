"""Choosing the priorities of the rules that are written into a network security group.

Lower numbers are asked first, and each number is given once in a direction (source: Azure network security groups).
Nobody's rule is moved but our own.
"""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
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
    """The first of these rules, and those that hold all the priorities before it."""


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


def choose(
    group: SecurityGroup, wanted: Sequence[WantedRule], leaving: Collection[str] = ()
) -> Mapping[str, Choice]:
    """The priority of each wanted rule, by its name.

    A stated priority is taken as it is, or refused. A rule of ours that is there keeps its own while nothing denies
    the traffic before it. Any other gets the highest number that is free before the first rule which would deny its
    traffic, so that people keep the room above; the rules of one document ascend in its order, and documents in the
    order of their names, wherever the same rule stops them.

    `leaving` are the names of rules of ours that this run deletes: their priorities can be stated, but are not chosen.
    """
