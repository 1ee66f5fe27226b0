"""One scenario, played and judged."""

from __future__ import annotations

import traceback
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from backup_reconciler.manifest import ManifestError
from backup_reconciler.sandbox import WorldError
from tests.simulation.invariants import INVARIANTS, Wrong, judge
from tests.simulation.making import scenario_of
from tests.simulation.play import play
from tests.simulation.record import Record

if TYPE_CHECKING:
    from tests.simulation.scenario import Scenario


@dataclass
class Tally:
    """What so many trials came to."""

    scenarios: int = 0
    invalid: int = 0
    """Scenarios whose manifests or world the product's readers do not take."""
    runs: int = 0
    requests: int = 0
    judged: int = 0
    died: int = 0
    interrupted: int = 0
    refused: int = 0
    hands: int = 0
    virtual_seconds: float = 0.0
    actions: Counter[str] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    faults: Counter[str] = field(default_factory=Counter)

    def add(self, other: Tally) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


@dataclass(frozen=True)
class Trial:
    """What came of one scenario."""

    scenario: Scenario
    wrongs: tuple[Wrong, ...]
    digest: str
    tally: Tally
    record: Record
    invalid: str = ""

    @property
    def broken(self) -> frozenset[str]:
        """The invariants that do not hold."""
        return frozenset(wrong.invariant for wrong in self.wrongs)


def try_seed(seed: int) -> Trial:
    return try_scenario(scenario_of(seed))


def try_scenario(scenario: Scenario) -> Trial:
    """Play and judge. A mistake of the simulator is told like one of the product: neither may hide."""
    try:
        record = play(scenario)
        wrongs = tuple(judge(record))
    except (ManifestError, WorldError) as error:
        return Trial(scenario, (), "", Tally(scenarios=1, invalid=1), Record(), str(error))
    except Exception:  # noqa: BLE001 - whatever it is
        return Trial(scenario, (Wrong("the_simulator_itself", traceback.format_exc()),), "", Tally(1), Record())
    return Trial(scenario, wrongs, record.digest(), _tally(scenario, record), record)


def _tally(scenario: Scenario, record: Record) -> Tally:
    told = record.runs
    return Tally(
        scenarios=1,
        runs=len(told),
        requests=len(record.seen),
        judged=len(INVARIANTS),
        died=sum(one.died for one in told),
        interrupted=sum(one.result is not None and one.result.interrupted for one in told),
        refused=sum(bool(one.refused) for one in told),
        hands=sum(len(stage.hands) for stage in scenario.stages),
        virtual_seconds=(told[-1].ended - told[0].began).total_seconds() if told else 0.0,
        actions=Counter(outcome.action.verb for one in told for outcome in one.outcomes()),
        outcomes=Counter(outcome.status.value for one in told for outcome in one.outcomes()),
        faults=record.faults(),
    )
