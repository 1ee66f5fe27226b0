"""The summary at the top of a page: a panel for each thing that is counted, whose numbers choose what is shown."""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeVar

from backup_reconciler.plan.action import Risk
from backup_reconciler.plan.coverage import Coverage
from backup_reconciler.report.html.tones import TONES
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.model.since import Origin, Since

E = TypeVar("E", bound=StrEnum)

_LEAST_SHARE = 0.012
"""Of a bar, so that one VM of ten thousand is seen."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A number that is a filter: how many rows have this value of a facet."""

    facet: str
    value: str
    number: int

    @property
    def tone(self) -> str:
        return TONES[self.value]


@dataclass(frozen=True, slots=True)
class Segment:
    """A part of a bar, in percent of its length."""

    tone: str
    start: float
    length: float


@dataclass(frozen=True, slots=True)
class Panel:
    """One thing that is counted."""

    title: str
    number: str
    words: str
    choices: tuple[Choice, ...]
    beside: str = ""
    """What else there is to say of it."""

    @property
    def told(self) -> str:
        """All its numbers in words, for who does not see the bar."""
        return ", ".join(f"{one.number:,} {one.value}" for one in self.choices)

    @property
    def bar(self) -> Iterator[Segment]:
        """A segment for each choice, as long as its share but no shorter than can be seen."""
        least = sum(one.number for one in self.choices) * _LEAST_SHARE
        lengths = [max(one.number, least) for one in self.choices]
        start, whole = 0.0, sum(lengths)
        for one, length in zip(self.choices, lengths, strict=True):
            share = 100 * length / whole
            yield Segment(one.tone, round(start, 2), round(share, 2))
            start += share


def panels_of(report: Report) -> tuple[Panel, ...]:
    """The panels of a report, in the order in which a person asks for them."""
    return tuple(_panels(report))


def _panels(report: Report) -> Iterator[Panel]:
    counts = report.counts
    if report.about is About.PLAN:
        risks = Counter(one.risk for one in report.plan.actions)
        yield _panel("Actions", len(report.plan.actions), "action", _choices("risk", {one: risks[one] for one in Risk}))
    yield _panel("Resources", counts.differences, "difference", _choices("state", counts.resources))
    yield _panel("Findings", sum(counts.findings.values()), "finding", _choices("severity", counts.findings))
    if report.machines or report.plan.coverage_now:
        yield _coverage(report)
        number = f"{len(report.ailing):,}"
        yield Panel("Health", number, "due and not backed up", _choices("health", counts.health))
    if report.since:
        yield _since(report, report.since)


def _panel(title: str, number: int, word: str, choices: tuple[Choice, ...]) -> Panel:
    return Panel(title, f"{number:,}", word if number == 1 else f"{word}s", choices)


def _choices(facet: str, numbers: Mapping[E, int]) -> tuple[Choice, ...]:
    """What there is none of is left out."""
    return tuple(Choice(facet, str(value), number) for value, number in numbers.items() if number)


def _coverage(report: Report) -> Panel:
    now, then = report.plan.coverage_now, report.plan.coverage
    beside = []
    if report.about is About.PLAN and then:
        beside.append(f"{_covered(then)} after this plan")
    if now:
        beside += [f"the VMs of subscription {one} are not shown" for one in now.hidden_subscriptions]
    if declared := report.counts.stopped_as_declared:
        beside.append(f"{declared:,} stopped as declared")
    choices = _choices("standing", report.counts.standings)
    return Panel("Coverage", _covered(now or Coverage()), "VMs backed up", choices, "; ".join(beside))


def _covered(coverage: Coverage) -> str:
    return f"{len(coverage.covered):,} of {coverage.number:,}"


def _since(report: Report, since: Since) -> Panel:
    origins = Counter(since.origins[one.address] for one in report.differences)
    choices = _choices("origin", {origin: origins[origin] for origin in Origin})
    gone = f"{len(since.gone):,} gone"
    return Panel(f"Since {since.as_of}", f"{len(since.new):,}", "new", choices, gone)
