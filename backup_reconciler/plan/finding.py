"""Findings: what a plan has to say beside its actions, each by a rule of the catalogue."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from backup_reconciler.plan.action import Change
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules import Rule


class DriftState(StrEnum):
    """How a resource is not as declared."""

    MISSING = "missing"
    """Azure does not have it."""
    DIFFERS = "differs"
    """Azure has it otherwise."""
    UNDER_WAY = "under way"
    """Azure is still making it, or deleting it."""
    UNWANTED = "unwanted"
    """Azure has it, and it is declared absent."""


class Severity(StrEnum):
    """How much a finding weighs."""

    BLOCKED = "blocked"
    """The address and what depends on it are left out of the plan."""
    WARNING = "warning"
    INFO = "info"


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding. `message` is what is so here; why it matters is the rule's to say."""

    rule: Rule
    severity: Severity
    address: str
    label: str
    message: str
    place: Place | None = None
    """The manifest's line; None for what no manifest speaks of."""
    drift: DriftState | None = None
    """How the resource differs from what is declared, for a managed resource that cannot be put right."""
    changes: tuple[Change, ...] = ()
    """What Azure has otherwise than declared, where it has the resource."""
    instead: str = ""
    """What to do here, where what the rule advises does not fit."""
    resources: tuple[ArmId, ...] = ()
    """What else it speaks of, such as the vault that holds a VM."""
    concerns: int = 0
    """How many VMs share what it is about, which the message ends with; 0 where it is about one thing."""

    @property
    def remedy(self) -> str:
        return self.instead or self.rule.remedy


def concerning(number: int) -> str:
    """What the message of a finding ends with that is about what so many VMs share."""
    return f" (this concerns {number:,} VM{'s' if number != 1 else ''})"


def in_order(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """The heaviest first, then by what they are about: an order that does not depend on who found them, or when."""
    return tuple(sorted(findings, key=_rank))


_WEIGHT = {severity: weight for weight, severity in enumerate(Severity)}


def _rank(one: Finding) -> tuple[object, ...]:
    is_about_the_run = "/" not in one.address
    return _WEIGHT[one.severity], is_about_the_run, one.address, one.rule.id, one.message
