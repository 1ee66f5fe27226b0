"""The one thing that every format tells: a plan or a drift report with all that is known of the estate."""

from dataclasses import dataclass
from enum import StrEnum

from backup_reconciler.plan.finding import Finding
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.standing.machine import Machine
from backup_reconciler.plan.standing.machines import machines_of
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.resource import Resource, resources_of
from backup_reconciler.report.model.since import Since
from backup_reconciler.spec.rules.protection import ORPHANED_ITEM, UNDECLARED_ITEM, UNDECLARED_POLICY, VM_MOVED
from backup_reconciler.state.snapshot import Snapshot

_UNDECLARED = frozenset({UNDECLARED_ITEM.id, UNDECLARED_POLICY.id, ORPHANED_ITEM.id, VM_MOVED.id})


class About(StrEnum):
    """What a report is for."""

    PLAN = "plan"
    """What apply would do."""
    DRIFT = "drift"
    """What Azure has otherwise than declared."""


@dataclass(frozen=True, slots=True)
class Report:
    """A plan or a drift report. Formats lay it out; what it says and counts is decided here."""

    about: About
    plan: Plan
    resources: tuple[Resource, ...]
    """Every managed resource, each address once."""
    machines: tuple[Machine, ...]
    """Every VM that is known of, by its id."""
    counts: Counts
    since: Since | None = None
    """Against an earlier report, where one was given."""

    @property
    def differences(self) -> tuple[Resource, ...]:
        return tuple(one for one in self.resources if one.is_difference)

    @property
    def undeclared(self) -> tuple[Finding, ...]:
        """What managed vaults hold and no manifest declares."""
        return tuple(one for one in self.plan.findings if one.rule.id in _UNDECLARED)

    @property
    def title(self) -> str:
        return "Plan" if self.about is About.PLAN else "Drift"


def report_of(about: About, plan: Plan, snapshot: Snapshot) -> Report:
    """The report of a plan that was made from a snapshot."""
    resources, machines = resources_of(plan), machines_of(plan, snapshot)
    return Report(about, plan, resources, machines, Counts.of(resources, plan.findings, machines))
