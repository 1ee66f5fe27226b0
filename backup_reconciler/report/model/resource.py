"""A declared resource as a report tells it: one for each address, whatever there is to say of it."""

from dataclasses import dataclass
from enum import StrEnum

from backup_reconciler.plan.action import Change
from backup_reconciler.plan.address import kind_rank
from backup_reconciler.plan.drift import Difference, differences
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.shard import owner_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place


class ResourceState(StrEnum):
    """How a resource is, against what is declared."""

    AS_DECLARED = "as declared"
    MISSING = "missing"
    DIFFERS = "differs"
    UNDER_WAY = "under way"
    UNWANTED = "unwanted"
    BLOCKED = "blocked"
    """Declared, and nothing can be done or compared; a resource that differs too is told by how it differs."""


DIFFERING = frozenset(ResourceState) - {ResourceState.AS_DECLARED, ResourceState.BLOCKED}
"""The states in which Azure has something otherwise than declared."""

BY_GRAPH = "by Resource Graph, minutes behind"


@dataclass(frozen=True, slots=True)
class Resource:
    """One managed resource."""

    address: str
    label: str
    state: ResourceState
    changes: tuple[Change, ...] = ()
    place: Place | None = None
    """Where the manifests declare it; None for what is as declared."""
    reason: str = ""
    """Why nothing needs doing, or what blocks it."""
    blocked_by: str = ""
    """The rule or address that keeps apply from putting it right."""
    guard: str = ""
    """The Resource Guard that has to approve putting it right."""
    by_graph: bool = False
    """Whether Resource Graph alone tells the difference, minutes behind."""

    @property
    def caveats(self) -> tuple[str, ...]:
        """What is to be known of a difference before somebody acts on it."""
        put_right = ["apply cannot put it right"] if self.blocked_by else ["needs approval"] if self.guard else []
        return (*put_right, *([BY_GRAPH] if self.by_graph else ()))

    @property
    def kind(self) -> str:
        """What it is, by the first part of its address: Vault, Policy, Protection, SecurityRule, …"""
        return self.address.partition("/")[0]

    @property
    def told(self) -> str:
        """ "VM web-01 in rsv-prod is missing" """
        return f"{self.label} {'' if self.state is ResourceState.DIFFERS else 'is '}{self.state.value}"

    @property
    def line(self) -> Place | None:
        """Where to look in the manifests: at the first field that differs, or at the whole where all is missing."""
        is_whole = self.state is ResourceState.MISSING or not self.changes
        return self.place if is_whole else self.changes[0].place

    @property
    def is_difference(self) -> bool:
        return self.state in DIFFERING

    @property
    def rank(self) -> tuple[int, int, str]:
        """What resources stand in order by: what differs, what is blocked, what is as declared; of each vaults first,
        then policies.
        """
        state = 0 if self.is_difference else 1 if self.state is ResourceState.BLOCKED else 2
        return state, kind_rank(self.address), self.address


def resources_of(plan: Plan) -> tuple[Resource, ...]:
    """Every managed resource once, in the order of their ranks."""
    by_graph = plan.reading.by_graph.vaults
    found = {one.address: _of_difference(one, by_graph) for one in differences(plan)}
    for finding in plan.findings_of(Severity.BLOCKED):
        blocked = Resource(
            finding.address,
            finding.label,
            ResourceState.BLOCKED,
            finding.changes,
            finding.place,
            finding.message,
            finding.rule.id,
        )
        found.setdefault(finding.address, blocked)
    for same in plan.unchanged:
        unchanged = Resource(same.address, same.label, ResourceState.AS_DECLARED, reason=same.reason)
        found.setdefault(same.address, unchanged)
    return tuple(sorted(found.values(), key=lambda one: one.rank))


def _of_difference(one: Difference, by_graph: frozenset[ArmId]) -> Resource:
    """`by_graph` are the vaults that no list has told of."""
    return Resource(
        one.address,
        one.label,
        ResourceState(one.state.value),
        one.changes,
        one.place,
        blocked_by=one.blocked_by,
        guard=one.guard,
        by_graph=bool(by_graph) and owner_of(one.address) in by_graph,
    )
