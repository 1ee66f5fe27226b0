"""What may keep backups from succeeding: each cause once, with all the VMs that it concerns."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from backup_reconciler.plan.finding import Finding, Severity, concerning
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.spec.rules import CATALOGUE, Rule

_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}
_PLACE = {id_: place for place, id_ in enumerate(CATALOGUE)}


@dataclass(frozen=True, slots=True)
class Said:
    """One thing that there is to say. Equal ones of several VMs are one cause."""

    rule: Rule
    severity: Severity
    message: str
    instead: str = ""
    """What to do here, where what the rule advises does not fit."""
    address: str = ""
    """What it is about, where that is something that VMs share; empty where it is each VM itself."""
    label: str = ""

    @property
    def remedy(self) -> str:
        return self.instead or self.rule.remedy

    def about(self, address: str, label: str) -> "Said":
        """The same of something that VMs share."""
        return replace(self, address=address, label=label)


@dataclass(frozen=True, slots=True)
class Cause:
    """What is the matter, and with which VMs."""

    said: Said
    candidates: tuple[Candidate, ...]
    """In the order of their ids; none where a selection is at fault."""

    def findings(self) -> list[Finding]:
        """The cause as findings of a plan: one for each VM, or one for what they share."""
        said, number = self.said, len(self.candidates)
        if said.address:
            message = said.message + concerning(number)
            finding = Finding(said.rule, said.severity, said.address, said.label, message, instead=said.instead)
            return [replace(finding, concerns=number)]
        return [
            Finding(said.rule, said.severity, one.address, one.label, said.message, one.place, instead=said.instead)
            for one in self.candidates
        ]


def by_cause(told: Iterable[tuple[Said, Sequence[Candidate]]]) -> list[Cause]:
    """Each thing that is said once, with all the VMs of which it is said."""
    concerned: dict[Said, list[Candidate]] = defaultdict(list)
    for said, candidates in told:
        concerned[said] += candidates
    return [Cause(said, tuple(sorted(found, key=lambda one: one.vm.id))) for said, found in concerned.items()]


def worst_first(causes: Iterable[Cause]) -> list[Cause]:
    """By severity, then by rule, then by what is said of what."""
    return sorted(causes, key=_rank)


def _rank(cause: Cause) -> tuple[object, ...]:
    said = cause.said
    return _WEIGHT[said.severity], _PLACE[said.rule.id], said.label, said.message
