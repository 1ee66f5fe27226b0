"""What was seen while a scenario was played: plain data, from which the invariants judge."""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import date, datetime

    from backup_reconciler.plan.outcome import Outcome, Result
    from backup_reconciler.plan.plan import Plan
    from tests.simulation.declared import Declared
    from tests.simulation.scenario import Run

_BY_QUOTA = "429 by a quota"
HAND = "hand"
"""Who asks when it is none of our runs."""

_QUERIES = ("/resources", "/checkpolicyrestrictions", "/backupstatus")
"""How the paths end that are asked with POST and change nothing."""


@dataclass(eq=False)
class Seen:
    """A request as it reached the service."""

    at: datetime
    by: str
    """The name of the run, or `HAND`."""
    method: str
    path: str
    """With its letters folded."""
    query: dict[str, str]
    body: Any
    status: int = 0
    """As the service answered; 0 where the connection was cut before it took effect."""
    code: str = ""
    cut: bool = False
    """The answer never reached the caller."""
    fault: str = ""
    """The kind of fault that it met."""
    changed: frozenset[str] = frozenset()
    """Fields of the vault or policy it writes that are otherwise after it."""
    began: frozenset[str] = frozenset()
    """The operations that it began."""
    repeats: Seen | None = None
    """The equal request of the same process whose operation was still running."""

    @property
    def writes(self) -> bool:
        return self.method != "GET" and not self.path.endswith(_QUERIES)

    @property
    def taken(self) -> bool:
        """Whether the service took it, whatever the caller knows of that."""
        return 200 <= self.status < 300

    def line(self) -> str:
        """As a log tells it."""
        query = "&".join(f"{name}={value}" for name, value in self.query.items() if name != "api-version")
        how = [str(self.status or ""), "cut" if self.cut else "", self.code, f"({self.fault})" if self.fault else ""]
        sent = f"{self.method:<6} {self.path}{'?' if query else ''}{query}"
        return f"{self.at:%d %H:%M:%S.%f} {self.by:<12} {sent} {' '.join(filter(None, how))}"


@dataclass(frozen=True)
class Loss:
    """Recovery points that are gone, or go earlier than they would have."""

    at: datetime
    vault: str
    vm: str
    what: str
    """`deleted`, `shortened` or `vanished`."""


@dataclass(eq=False)
class Told:
    """What a run said of itself when it ended."""

    name: str
    run: Run
    declared: Declared
    began: datetime
    ended: datetime
    day: date
    """The day on which it planned."""
    selected: frozenset[str]
    """The VMs that its manifests selected at any moment of it."""
    plan: Plan | None = None
    result: Result | None = None
    refused: str = ""
    error: BaseException | None = None
    died: bool = False
    reads: int = 0
    writes: int = 0
    facts: dict[str, Any] = field(default_factory=dict)
    """What the world showed right then of the target of each action, by the action's id."""
    left_over: tuple[str, ...] = ()
    """Tasks of it that went on."""
    unheard: tuple[str, ...] = ()
    """Errors of its tasks that nobody asked for."""

    def outcomes(self) -> Iterator[Outcome]:
        return iter(self.result.outcomes if self.result else ())


@dataclass(eq=False)
class Record:
    """All of it."""

    seen: list[Seen] = field(default_factory=list)
    told: list[Told] = field(default_factory=list)
    final: list[Told] = field(default_factory=list)
    """The runs after everything that went wrong was over."""
    by_graph: Told | None = None
    """A plan after that, for which Azure is read by Resource Graph, which knows by then what there is."""
    losses: list[Loss] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    """VMs that were active in two vaults at a moment."""
    strangers: list[str] = field(default_factory=list)
    """What nobody had declared or touched, and is otherwise in the end."""
    stuck: str = ""
    """Why the play itself could not go on."""

    @property
    def runs(self) -> list[Told]:
        """All runs, in the order in which they ended."""
        return [*self.told, *self.final, *filter(None, [self.by_graph])]

    def faults(self) -> Counter[str]:
        """How many requests met which kind of fault, and how many a quota."""
        kinds = ((seen.fault or (_BY_QUOTA if seen.status == 429 else "")) for seen in self.seen)
        return Counter(filter(None, kinds))

    def of(self, told: Told) -> list[Seen]:
        """What a run sent."""
        return [seen for seen in self.seen if seen.by == told.name]

    def digest(self) -> str:
        """Equal for equal traces."""
        return hashlib.sha256("\n".join(seen.line() for seen in self.seen).encode()).hexdigest()
