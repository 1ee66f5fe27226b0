"""What the program prints: of one scenario, and of many."""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from tests.simulation.invariants import INVARIANTS

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator

    from tests.simulation.record import Told
    from tests.simulation.trial import Tally, Trial

_PROGRAM = "python -m tests.simulation"
_MOST_TOLD = 3


class _WithoutAliases(yaml.SafeDumper):
    """Writes what stands in two places twice, so that people can read it."""

    def ignore_aliases(self, _data: object) -> bool:
        return True


def log_of(trial: Trial) -> Iterator[str]:
    """Every request in its order, and what each run told."""
    record = trial.record
    yield from (seen.line() for seen in record.seen)
    for told in record.runs:
        yield from _of_run(told)


def failure(trial: Trial, small: Trial) -> Iterator[str]:
    """A failing seed: how to see it again, what is wrong, and the smallest scenario in which that is so."""
    seed = trial.scenario.seed
    yield f"seed {seed} fails; to see it again: {_PROGRAM} --seed {seed}"
    yield from _first_of(trial)
    yield "  the same, smaller:"
    yield from _first_of(small)
    yield from (f"    {line}" for line in scenario_text(small).splitlines())


def _first_of(trial: Trial) -> Iterator[str]:
    """What is wrong; the same thing is often so in one run after the other."""
    yield from (f"  {wrong}" for wrong in trial.wrongs[:_MOST_TOLD])
    if len(trial.wrongs) > _MOST_TOLD:
        yield f"  and {len(trial.wrongs) - _MOST_TOLD} more"


def scenario_text(trial: Trial) -> str:
    """A scenario as a file that `--scenario` reads."""
    data = _plain(trial.scenario.as_data())
    return yaml.dump(data, Dumper=_WithoutAliases, sort_keys=False, allow_unicode=True, width=110)


def table(tally: Tally, seconds: float, failures: int) -> Iterator[str]:
    """The figures of many trials."""
    rows = [
        ("scenarios", f"{tally.scenarios:,}"),
        ("not valid, and left out", f"{tally.invalid:,}"),
        ("runs", f"{tally.runs:,}"),
        ("… that died", f"{tally.died:,}"),
        ("… that were interrupted", f"{tally.interrupted:,}"),
        ("… that were refused, or ended in an error", f"{tally.refused:,}"),
        ("changes by hand", f"{tally.hands:,}"),
        ("requests", f"{tally.requests:,}"),
        ("invariants, each judged for each scenario", f"{len(INVARIANTS)}, {tally.judged:,} times"),
        ("virtual time", f"{tally.virtual_seconds / 86400 / 365.25:,.1f} years"),
        ("real time", f"{seconds:,.0f} s"),
        ("failures", f"{failures:,}"),
    ]
    yield from _columns(rows)
    for title, counts in (
        ("actions", tally.actions),
        ("what became of them", tally.outcomes),
        ("requests that met a fault", tally.faults),
    ):
        yield f"\n{title}"
        yield from _columns(_counted(counts))


def _of_run(told: Told) -> Iterator[str]:
    ending = " died" if told.died else f" refused: {told.refused}" if told.refused else ""
    yield f"{told.name} began {told.began:%d %H:%M:%S}, ended {told.ended:%d %H:%M:%S}{ending}"
    for outcome in told.outcomes():
        yield f"  {outcome.status.value}: {outcome.action.id} {outcome.code} {outcome.detail}".rstrip()


def _counted(counts: Counter[str]) -> list[tuple[str, str]]:
    return [(name, f"{count:,}") for name, count in sorted(counts.items(), key=lambda one: (-one[1], one[0]))]


def _columns(rows: list[tuple[str, str]]) -> Iterator[str]:
    widest = max((len(name) for name, _ in rows), default=0)
    yield from (f"  {name:<{widest}}  {value:>12}" for name, value in rows)


def _plain(value: object) -> object:
    """The same in lists and mappings alone."""
    if isinstance(value, dict):
        return {name: _plain(each) for name, each in value.items()}
    return [_plain(each) for each in value] if isinstance(value, list | tuple) else value
