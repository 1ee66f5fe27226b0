"""A check: of every VM that is to be backed up, whether it is ready, and if not, why."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Cause, worst_first
from backup_reconciler.plan.readiness.consistency import Consistency, consistency_of
from backup_reconciler.plan.readiness.from_plan import causes_in, not_barred
from backup_reconciler.plan.readiness.looking import causes_of
from backup_reconciler.plan.readiness.reach import Reach, Surroundings, reaches
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.readiness import NETWORK_NOT_KNOWN, NOT_KNOWN
from backup_reconciler.state.not_read import NotRead
from backup_reconciler.state.readiness import Readiness
from backup_reconciler.state.snapshot_group import SnapshotGroup
from backup_reconciler.state.vm_status import VMStatus

_OF_THE_UNKNOWN = frozenset({NOT_KNOWN, NETWORK_NOT_KNOWN})


class Verdict(StrEnum):
    """Whether a VM is ready to be backed up, from good to bad."""

    READY = "ready"
    NOT_KNOWN = "not known"
    """Nothing speaks against it, and not all that could was to be read."""
    NOT_READY = "not ready"


@dataclass(frozen=True, slots=True)
class Check:
    """What was looked at, and what came of it."""

    as_of: date
    candidates: tuple[Candidate, ...]
    """Every VM that is to be backed up, in the order of their ids."""
    causes: tuple[Cause, ...]
    """The worst first."""
    readiness: Readiness
    reaches: Mapping[ArmId, Reach]
    """What those VMs reach that were looked at further, by their ids."""
    reads: int
    """HTTP requests that reading Azure took."""

    @property
    def passed(self) -> bool:
        """Whether nothing is worse than good to know."""
        return all(cause.said.severity is Severity.INFO for cause in self.causes)

    def verdicts(self) -> dict[ArmId, Verdict]:
        """By VM, in the order of their ids."""
        found = dict.fromkeys((one.vm.id for one in self.candidates), Verdict.READY)
        for cause in self.causes:
            if cause.said.severity is not Severity.INFO:
                verdict = Verdict.NOT_KNOWN if cause.said.rule in _OF_THE_UNKNOWN else Verdict.NOT_READY
                found |= {
                    one.vm.id: max(found[one.vm.id], verdict, key=list(Verdict).index) for one in cause.candidates
                }
        return found

    def status(self, candidate: Candidate) -> VMStatus | None:
        """What runs of a VM, as far as it was read."""
        statuses = self.readiness.statuses.get(candidate.subscription)
        return None if statuses is None or isinstance(statuses, NotRead) else statuses.get(candidate.vm.id)

    def consistency(self, candidate: Candidate) -> Consistency | None:
        return consistency_of(candidate, self.status(candidate))

    def snapshot_groups(self) -> Iterator[SnapshotGroup]:
        """The resource groups that snapshots go to."""
        for names in sorted(self.readiness.snapshot_groups):
            yield from self.readiness.snapshot_groups[names]


def make_check(plan: Plan, candidates: Sequence[Candidate], readiness: Readiness, around: Surroundings) -> Check:
    """What a plan tells of these VMs, and what decides beside that whether their backups succeed."""
    looked_at = not_barred(plan, candidates)
    found = reaches(looked_at, around)
    return Check(
        as_of=plan.as_of,
        candidates=tuple(sorted(candidates, key=lambda one: one.vm.id)),
        causes=tuple(worst_first((*causes_in(plan, candidates), *causes_of(looked_at, readiness, found)))),
        readiness=readiness,
        reaches={one.candidate.vm.id: one for one in found},
        reads=plan.reads + readiness.requests,
    )
