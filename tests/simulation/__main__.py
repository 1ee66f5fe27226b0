"""`make simulate`: many seeds, or one with its log."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from tests.simulation.long_run import run_many
from tests.simulation.scenario import Scenario
from tests.simulation.shrinking import shrunk
from tests.simulation.telling import failure, log_of
from tests.simulation.trial import try_scenario, try_seed

if TYPE_CHECKING:
    from collections.abc import Sequence


def main(arguments: Sequence[str] | None = None) -> int:
    """Exit status 1 if anything failed, 2 for a scenario that the product's own readers do not take."""
    parser = argparse.ArgumentParser(prog="python -m tests.simulation", description=__doc__)
    which = parser.add_mutually_exclusive_group(required=True)
    which.add_argument("--seeds", type=int, metavar="N", help="try so many seeds")
    which.add_argument("--seed", type=int, metavar="S", help="replay one seed, with a log")
    which.add_argument("--scenario", type=Path, metavar="FILE", help="play the scenario of a file, with a log")
    parser.add_argument("--from", dest="first", type=int, default=0, metavar="SEED", help="the first seed; 0")
    parser.add_argument("--jobs", type=int, metavar="N", help="processes; as many as there are cores")
    parser.add_argument("--shrink", action="store_true", help="with --seed, --scenario: make it small if it fails")
    asked = parser.parse_args(arguments)
    if asked.seeds is not None:
        return 1 if run_many(asked.first, asked.seeds, asked.jobs) else 0
    return _one(asked)


def _one(asked: argparse.Namespace) -> int:
    if asked.scenario:
        trial = try_scenario(Scenario.from_data(yaml.safe_load(asked.scenario.read_text())))
    else:
        trial = try_seed(asked.seed)
    print("\n".join(log_of(trial)))
    if trial.invalid:
        print(f"not valid: {trial.invalid}")
        return 2
    print(f"digest {trial.digest}")
    if not trial.wrongs:
        return 0
    print("\n".join(failure(trial, shrunk(trial)) if asked.shrink else map(str, trial.wrongs)))
    return 1


if __name__ == "__main__":
    sys.exit(main())
