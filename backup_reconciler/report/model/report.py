"""The one thing that every format tells: a plan or a drift report with all that is known of the estate."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from functools import cache, partial

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.saved.manifests import manifests_digest
from backup_reconciler.plan.shard import Part, is_document
from backup_reconciler.plan.sides.side import Sides
from backup_reconciler.plan.sides.sides import sides_of
from backup_reconciler.plan.standing.machine import Machine
from backup_reconciler.plan.standing.machines import machines_of
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.resource import Resource, resources_of
from backup_reconciler.report.model.since import Earlier, Since, since
from backup_reconciler.report.words import titled
from backup_reconciler.spec.document import Manifests, Place
from backup_reconciler.spec.rules.network import OWNED_LEFT
from backup_reconciler.spec.rules.protection import (
    ORPHANED_ITEM,
    UNDECLARED_ITEM,
    UNDECLARED_POLICY,
    VM_HIDDEN,
    VM_MOVED,
)
from backup_reconciler.state.snapshot import Snapshot

_UNDECLARED = frozenset(
    rule.id for rule in (UNDECLARED_ITEM, UNDECLARED_POLICY, ORPHANED_ITEM, VM_MOVED, VM_HIDDEN, OWNED_LEFT)
)
"""Of what a vault holds, and of what earlier runs wrote into networks and VMs. Where these block, something that is
declared is meant."""


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
    tell_sides: Callable[[], Mapping[str, Sides]] = field(default=dict, repr=False)
    """Works `sides` out."""
    manifests_at: Place | None = None
    """Where the manifests begin, for formats in which all has a place; None where nothing is declared."""
    manifests_digest: str = ""
    """Of what all manifests say, in the report of a shard, so that it is joined with no stranger's."""

    @property
    def sides(self) -> Mapping[str, Sides]:
        """Digests of what is declared and of what was found, by address; for a later report to be held against.

        Worked out when they are asked for, which few formats do: they take as long as all else that a report tells.
        """
        return self.tell_sides()

    @property
    def differences(self) -> tuple[Resource, ...]:
        return tuple(one for one in self.resources if one.is_difference)

    @property
    def undeclared(self) -> tuple[Finding, ...]:
        """What managed vaults hold and no manifest declares, and what earlier runs wrote and none needs any more."""
        return tuple(one for one in self.plan.findings if _is_of_undeclared(one))

    @property
    def remarks(self) -> tuple[Finding, ...]:
        """Warnings and information about what is declared."""
        return tuple(
            one for one in self.plan.findings if one.severity is not Severity.BLOCKED and not _is_of_undeclared(one)
        )

    @property
    def ailing(self) -> tuple[Machine, ...]:
        """The VMs whose backups are due and not made."""
        return tuple(one for one in self.machines if one.ails)

    @property
    def title(self) -> str:
        return titled("Plan" if self.about is About.PLAN else "Drift", self.plan.shard, self.plan.missing)


def _is_of_undeclared(finding: Finding) -> bool:
    return finding.rule.id in _UNDECLARED and finding.severity is not Severity.BLOCKED


def report_of(about: About, plan: Plan, snapshot: Snapshot, manifests: Manifests | None = None) -> Report:
    """The report of a plan that was made from a snapshot.

    Without the manifests that it was made from it cannot be held against another one.
    """
    resources, machines = resources_of(plan), machines_of(plan, snapshot)
    counts = Counts.of(resources, plan.findings, machines)
    if manifests is None:
        return Report(about, plan, resources, machines, counts)
    sides = cache(partial(_sides, manifests, plan, snapshot, resources))
    at = min((one.place for one in manifests.declarations), default=None)
    digest = "" if plan.shard.is_whole else manifests_digest(manifests)
    return Report(about, plan, resources, machines, counts, tell_sides=sides, manifests_at=at, manifests_digest=digest)


def _sides(manifests: Manifests, plan: Plan, snapshot: Snapshot, resources: Iterable[Resource]) -> Mapping[str, Sides]:
    """Of documents all, in each shard: a later report of this one is held against them too."""
    part = Part(plan.shard)
    found = sides_of(manifests, snapshot, (one.address for one in resources))
    return {address: sides for address, sides in found.items() if is_document(address) or part.tells(address)}


def with_since(report: Report, earlier: Earlier) -> Report:
    """The report held against an earlier one."""
    return replace(report, since=since(earlier, report.resources, report.sides))
