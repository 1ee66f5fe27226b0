"""A few hundred scenarios, each with all invariants. `make simulate` plays as many as one likes."""

from __future__ import annotations

import pytest

from tests.simulation.found import FOUND
from tests.simulation.scenario import Scenario
from tests.simulation.telling import scenario_text
from tests.simulation.trial import Trial, try_scenario, try_seed

SEEDS, CHUNKS = 300, 12
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


@pytest.mark.parametrize("found", FOUND, ids=lambda found: found.what)
def test_what_was_found_once_is_not_so_again(found) -> None:  # type: ignore[no-untyped-def]
    trial = try_scenario(Scenario.from_data(found.scenario))
    assert not trial.invalid
    assert not trial.wrongs, told(trial)
