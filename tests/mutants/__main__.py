"""Mutation testing of what decides: `python -m tests.mutants`. README.md beside this file tells how it works."""

from __future__ import annotations

import argparse
import os
import random
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tests.mutants.children import Ended, Task, each_in_a_child
from tests.mutants.reach import Chooser, Reach
from tests.mutants.reasons import justified
from tests.mutants.results import Outcome, Result, Results
from tests.mutants.scope import ROOT, mutants
from tests.mutants.suite import Item, warm, with_suite
from tests.mutants.table import interval, share, survivors, table
from tests.mutants.trial import Functions, Trial, functions

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.mutants.mutants import Mutant

AT_LEAST = 0.9
_FEW = 100
"""So many tests are run sooner than what they may need is imported."""


@dataclass(frozen=True)
class Asked:
    """What the command line asks for."""

    module: tuple[str, ...]
    sample: int | None
    seed: int
    processes: int
    patience: float
    tests: tuple[str, ...]
    kept: Path

    @property
    def chosen(self) -> list[Mutant]:
        found = mutants(self.module)
        if self.sample is None or self.sample >= len(found):
            return found
        number = {mutant.id: at for at, mutant in enumerate(found)}
        return sorted(random.Random(self.seed).sample(found, self.sample), key=lambda one: number[one.id])


def asked() -> Asked:
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__)
    parser.add_argument("--module", action="append", default=[], help="only modules whose name begins so: plan.limits")
    parser.add_argument("--sample", type=int, help="so many mutants, chosen by chance")
    parser.add_argument("--seed", type=int, default=1, help="another seed makes another sample")
    parser.add_argument("--processes", type=int, default=1)
    parser.add_argument("--patience", type=float, default=60, help="seconds of CPU for the tests of one mutant")
    parser.add_argument("--tests", action="append", default=[], help="only these tests: a file or a folder")
    parser.add_argument("--kept", type=Path, default=ROOT / ".mutants", help="the folder that keeps what is found out")
    given = parser.parse_args()
    return Asked(
        tuple(given.module),
        given.sample,
        given.seed,
        given.processes,
        given.patience,
        tuple(given.tests),
        given.kept,
    )


class Run:
    """One run over some mutants."""

    def __init__(self, asked: Asked) -> None:
        asked.kept.mkdir(exist_ok=True)
        self._asked = asked
        self._console = os.fdopen(os.dup(sys.stdout.fileno()), "w")
        self._reach = Reach(asked.kept / "reach.jsonl")
        self._results = Results(asked.kept / "results.jsonl")
        self.found: list[tuple[Mutant, Result]] = []

    def __call__(self, items: Sequence[Item]) -> None:
        """Try the mutants, with all the tests at hand."""
        if len(items) > _FEW:
            warm()
        chosen = self._asked.chosen
        self._reach.find_out(items, self._asked.processes, self.tell)
        self.tell(f"{len(chosen)} mutants")
        chooser, living, by_id = Chooser(self._reach), functions(), {item.nodeid: item for item in items}
        for ended in each_in_a_child(self._tasks(chosen, chooser, living, by_id), self._asked.processes):
            self._note(ended, chooser)
        place = {mutant.id: at for at, mutant in enumerate(chosen)}
        self.found.sort(key=lambda one: place[one[0].id])

    def tell(self, text: str) -> None:
        print(text, file=self._console, flush=True)

    def _tasks(
        self, chosen: Sequence[Mutant], chooser: Chooser, living: Functions, items: Mapping[str, Item]
    ) -> Iterator[Task]:
        """The trials of mutants of which nothing is known; the others are done with."""
        for mutant in chosen:
            reaching = chooser.tests_for(mutant)
            trial = Trial(mutant, reaching, self._asked.patience)
            if kept := self._results.of(mutant, trial.reaching):
                self.found.append((mutant, kept))
            elif reaching:
                yield trial, lambda trial=trial: trial.run(items, living)
            else:
                self.found.append((mutant, self._results.keep(mutant, Outcome.NO_TEST, "", ())))

    def _note(self, ended: Ended, chooser: Chooser) -> None:
        trial: Trial = ended.task
        outcome = Outcome.TIMED_OUT if ended.result is None else Outcome.KILLED if ended.result else Outcome.SURVIVED
        result = self._results.keep(trial.mutant, outcome, ended.result or "", trial.reaching)
        if result.by:
            chooser.note_killer(trial.mutant, result.by)
        self.found.append((trial.mutant, result))
        self.tell(f"{len(self.found):>6}  {outcome:9}  {trial.mutant.id}  {result.by.rpartition('::')[2]}")


def main() -> int:
    given = asked()
    run = Run(given)
    if status := with_suite(run, *given.tests):
        run.tell("pytest could not collect the tests; run it by itself to see why")
        return status
    reasons = {one.mutant: one.reason for one in justified()}
    killed = share(run.found)
    run.tell("\n".join(["", *table(run.found), *survivors(run.found, reasons), ""]))
    if given.sample:
        low, high = interval(killed, len(run.found))
        run.tell(f"Of all mutants, {low:.1%} to {high:.1%} would be killed (95 %).")
    return 0 if killed >= AT_LEAST else 1


if __name__ == "__main__":
    sys.exit(main())
