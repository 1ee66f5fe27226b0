"""What became of mutants, kept so that a run can go on where another ended."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, replace
from enum import StrEnum
from hashlib import sha256
from typing import TYPE_CHECKING

from tests.mutants.reach import digest_of
from tests.mutants.scope import source_of

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from tests.mutants.mutants import Mutant


class Outcome(StrEnum):
    """What became of a mutant."""

    KILLED = "killed"
    TIMED_OUT = "timed out"
    """A test took many times as long as it does, or more memory than there is for it."""
    SURVIVED = "survived"
    NO_TEST = "no test"
    """No test runs the changed statement."""


@dataclass(frozen=True)
class Result:
    """What became of one mutant."""

    id: str
    outcome: Outcome
    by: str
    """The test that failed."""
    rests_on: str
    """A digest of the module, and of the test that failed or of the tests that were run."""

    @property
    def is_killed(self) -> bool:
        return self.outcome in (Outcome.KILLED, Outcome.TIMED_OUT)


class Results:
    """The results of all runs, in a file that has a line for each."""

    def __init__(self, file: Path) -> None:
        self._file = file
        lines = file.read_text().splitlines() if file.exists() else []
        kept = (Result(**json.loads(line)) for line in lines)
        self._kept = {one.id: replace(one, outcome=Outcome(one.outcome)) for one in kept}

    def of(self, mutant: Mutant, tests: Iterable[str]) -> Result | None:
        """The result for a mutant, where what it rests on is as it was; a killed one may be reached by other tests."""
        kept = self._kept.get(mutant.id)
        if kept is None:
            return None
        rests_on = _rests_on(mutant, [kept.by] if kept.outcome is Outcome.KILLED else tests)
        return kept if kept.rests_on == rests_on else None

    def keep(self, mutant: Mutant, outcome: Outcome, by: str, tests: Iterable[str]) -> Result:
        result = Result(mutant.id, outcome, by, _rests_on(mutant, [by] if outcome is Outcome.KILLED else tests))
        self._kept[mutant.id] = result
        with self._file.open("a") as file:
            file.write(json.dumps(asdict(result)) + "\n")
        return result


def _rests_on(mutant: Mutant, tests: Iterable[str]) -> str:
    files = sorted({test.partition("::")[0] for test in tests})
    digests = (digest_of(file) if file.endswith(".py") else file for file in files)
    return sha256("\n".join((source_of(mutant).digest, *digests)).encode()).hexdigest()[:16]
