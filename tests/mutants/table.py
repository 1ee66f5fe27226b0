"""What is told at the end: a table by folder, the share that was killed, and the survivors."""

from __future__ import annotations

from collections import Counter
from math import sqrt
from typing import TYPE_CHECKING

from tests.mutants.results import Outcome
from tests.mutants.scope import ROOT, source_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from tests.mutants.mutants import Mutant
    from tests.mutants.results import Result

Found = "Sequence[tuple[Mutant, Result]]"
_95_PERCENT = 1.96
"""Standard deviations around the mean of a normal distribution that hold 95 % of it."""


def table(found: Sequence[tuple[Mutant, Result]]) -> Iterator[str]:
    """A row for each folder."""
    folders = sorted({_folder(mutant) for mutant, _ in found})
    yield f"{'':28}{'mutants':>9}{'killed':>9}{'timed out':>11}{'survived':>10}{'no test':>9}{'share':>8}"
    for folder in folders:
        yield _row(folder, [result for mutant, result in found if _folder(mutant) == folder])
    yield _row("all", [result for _, result in found])


def share(found: Sequence[tuple[Mutant, Result]]) -> float:
    return sum(result.is_killed for _, result in found) / max(1, len(found))


def interval(part: float, number: int) -> tuple[float, float]:
    """Within what the share of all lies at 95 % certainty, when that of a sample is so much (Wilson's interval)."""
    z = _95_PERCENT
    middle = (part + z * z / (2 * number)) / (1 + z * z / number)
    around = z * sqrt(part * (1 - part) / number + z * z / (4 * number * number)) / (1 + z * z / number)
    return middle - around, middle + around


def survivors(found: Sequence[tuple[Mutant, Result]], reasons: Mapping[str, str]) -> Iterator[str]:
    """Each survivor, what is changed in it, and the reason where one is known."""
    for mutant, result in found:
        if not result.is_killed:
            where = source_of(mutant).path.relative_to(ROOT)
            yield f"\n{mutant.id}  {where}:{mutant.first}  {result.outcome}, {mutant.operator}"
            yield mutant.diff
            if reason := reasons.get(mutant.id):
                yield f"= {reason}"


def _row(name: str, results: Sequence[Result]) -> str:
    number = Counter(result.outcome for result in results)
    part = sum(result.is_killed for result in results) / len(results) if results else 0
    counts = f"{number[Outcome.KILLED]:>9}{number[Outcome.TIMED_OUT]:>11}{number[Outcome.SURVIVED]:>10}"
    return f"{name:28}{len(results):>9}{counts}{number[Outcome.NO_TEST]:>9}{part:>8.1%}"


def _folder(mutant: Mutant) -> str:
    """The folder of its module; of one right below a room, the module."""
    return "/".join(mutant.module.split(".")[:2])
