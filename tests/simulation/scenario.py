"""A scenario: all that is to happen in one simulation, as plain data."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

Json = dict[str, Any]


@dataclass(frozen=True)
class Run:
    """One process that applies manifests, from its start to its end."""

    operator: str
    """Who starts it. Runs of the same one never overlap."""
    version: int
    """Which version of the manifests it has checked out."""
    after: float = 0.0
    """Seconds from the beginning of its stage."""
    destructive: bool = False
    one_way: bool = False
    strict: bool = False
    max_changes: int | None = None
    only_plans: bool = False
    """Whether it ends with the plan, as `plan` does."""
    thinks: float = 0.0
    """Seconds between the plan and the answer to the question."""
    saved: bool = False
    """Whether the plan is saved to a file, thought about, and applied as it was approved."""
    reads: str = "lists"
    """How Azure is read for the plan: as --read has it."""
    shard: str = "1/1"
    """Which part of the vaults is meant: as --shard has it."""
    interrupted_at: int | None = None
    """The request with which Ctrl-C is pressed."""
    dies_at: int | None = None
    """The request after which the process is gone."""


@dataclass(frozen=True)
class Hand:
    """Something that somebody does in the portal."""

    after: float
    """Seconds from the beginning of its stage."""
    deed: str
    """Which of the deeds in `hands`."""
    vault: str = ""
    vm: str = ""
    value: Any = None
    at_request: int | None = None
    """Not after some time, but right after so many requests of the stage's runs: between a look and a write, say."""


@dataclass(frozen=True)
class Stage:
    """What happens side by side. A stage ends when all of it has ended, and some seconds have passed."""

    runs: tuple[Run, ...] = ()
    hands: tuple[Hand, ...] = ()
    rest: float = 60.0


@dataclass(frozen=True)
class Scenario:
    """A world, what is declared for it at different times, and what happens."""

    seed: int
    world: Json
    versions: tuple[tuple[Json, ...], ...]
    """Each is the documents of one state of the repository; the last is what shall come true in the end."""
    stages: tuple[Stage, ...] = ()

    def as_data(self) -> Json:
        """The same, to be written as JSON or YAML."""
        return asdict(self)

    @classmethod
    def from_data(cls, data: Json) -> Scenario:
        return cls(
            data["seed"],
            data["world"],
            tuple(tuple(version) for version in data["versions"]),
            tuple(
                Stage(
                    tuple(Run(**run) for run in stage.get("runs", ())),
                    tuple(Hand(**hand) for hand in stage.get("hands", ())),
                    stage.get("rest", 60.0),
                )
                for stage in data.get("stages", ())
            ),
        )
