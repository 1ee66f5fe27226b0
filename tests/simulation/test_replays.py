"""A seed is the whole story: the same one gives the same trace, in this process and in any other."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

from tests.simulation.making import scenario_of
from tests.simulation.scenario import Scenario
from tests.simulation.trial import try_seed

SEEDS = range(2000, 2008)
_PROGRAM = "from tests.simulation.trial import try_seed; print(*(try_seed(int(s)).digest for s in {seeds!r}))"


def test_the_same_seed_gives_the_same_trace() -> None:
    once, again = [try_seed(seed).digest for seed in SEEDS], [try_seed(seed).digest for seed in SEEDS]
    assert once == again
    assert len(set(once)) == len(SEEDS), "and another one another"


def test_no_order_of_a_set_is_in_a_trace() -> None:
    """Python orders sets of text by a number that it draws anew for each process."""
    program = [sys.executable, "-c", _PROGRAM.format(seeds=[*map(str, SEEDS)])]
    another = "2" if os.environ.get("PYTHONHASHSEED") == "1" else "1"
    environment = {**os.environ, "PYTHONHASHSEED": another}
    told = subprocess.check_output(program, env=environment, cwd=Path(__file__).parents[2], text=True)
    assert told.split() == [try_seed(seed).digest for seed in SEEDS]


def test_a_scenario_can_be_written_down_and_read_again() -> None:
    for seed in SEEDS:
        scenario = scenario_of(seed)
        assert Scenario.from_data(scenario.as_data()) == scenario
