"""A few hundred scenarios, each with all invariants. `make simulate` plays as many as one likes."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from tests.simulation.scenario import Scenario
from tests.simulation.telling import scenario_text
from tests.simulation.trial import Trial, try_scenario, try_seed

SEEDS, CHUNKS = 300, 12
FOUND = sorted((Path(__file__).parent / "found").glob("*.yaml"))
_EACH = SEEDS // CHUNKS


def told(trial: Trial) -> str:
    lines = [f"python -m tests.simulation --seed {trial.scenario.seed} --shrink", *map(str, trial.wrongs)]
    return "\n".join([*lines, scenario_text(trial)])


@pytest.mark.parametrize("first", range(0, SEEDS, _EACH))
def test_nothing_that_happens_breaks_an_invariant(first: int) -> None:
    for seed in range(first, first + _EACH):
        trial = try_seed(seed)
        assert not trial.wrongs, told(trial)
        assert not trial.invalid, f"seed {seed}: {trial.invalid}"


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.stem)
def test_what_was_found_once_is_not_so_again(found: Path) -> None:
    """Scenarios that broke an invariant, made small; each tells in its first lines what went wrong."""
    trial = try_scenario(Scenario.from_data(yaml.safe_load(found.read_text())))
    assert not trial.invalid
    assert not trial.wrongs, told(trial)
