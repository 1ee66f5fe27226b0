"""What a plan has found already that keeps VMs from being backed up."""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.readiness.candidate import Candidate
from backup_reconciler.plan.readiness.cause import Cause, Said, by_cause
from backup_reconciler.spec.rules.policy import POLICIES_PER_VAULT
from backup_reconciler.spec.rules.protection import (
    POLICY_NOT_IN_VAULT,
    SELECTS_NOTHING,
    VM_CLAIMED_TWICE,
    VM_IN_OTHER_VAULT,
    VM_MISSING,
    VM_NEEDS_ENHANCED,
    VM_REGION,
    VMS_PER_VAULT,
)
from backup_reconciler.spec.rules.vault import RESOURCE_GROUP_MISSING, VAULT_MISSING, VAULT_NOT_READY

_KEEP_FROM_BACKUP = frozenset(
    {
        POLICIES_PER_VAULT,
        POLICY_NOT_IN_VAULT,
        RESOURCE_GROUP_MISSING,
        VAULT_MISSING,
        VAULT_NOT_READY,
        VMS_PER_VAULT,
        VM_CLAIMED_TWICE,
        VM_IN_OTHER_VAULT,
        VM_NEEDS_ENHANCED,
        VM_REGION,
    }
)
"""By these a VM cannot be backed up at all, whatever else Azure has otherwise than declared."""


def causes_in(plan: Plan, candidates: Iterable[Candidate]) -> list[Cause]:
    """The findings of a plan about what these VMs need in order to be backed up."""
    needing: dict[str, list[Candidate]] = defaultdict(list)
    for candidate in candidates:
        for address in candidate.needs:
            needing[address].append(candidate)
    return by_cause(_told(plan, needing))


def not_barred(plan: Plan, candidates: Iterable[Candidate]) -> list[Candidate]:
    """The VMs of which more is worth knowing: those that the plan does not bar from their vault altogether."""
    barred = {one.address for one in plan.findings_of(Severity.BLOCKED) if one.rule in _KEEP_FROM_BACKUP}
    return [one for one in candidates if one.address not in barred]


def _told(plan: Plan, needing: Mapping[str, list[Candidate]]) -> Iterator[tuple[Said, list[Candidate]]]:
    for finding in plan.findings:
        members = needing.get(finding.address, [])
        if _is_of_a_selection(finding) or (members and finding.rule in _KEEP_FROM_BACKUP):
            yield _said(finding, members), members


def _is_of_a_selection(finding: Finding) -> bool:
    """Whether an assignment brings fewer VMs than it says, so that there may be none to speak of."""
    return finding.rule in {SELECTS_NOTHING, VM_MISSING}


def _said(finding: Finding, members: Iterable[Candidate]) -> Said:
    """The finding; about what several VMs need, or about each of them."""
    said = Said(finding.rule, finding.severity, finding.message, finding.instead)
    shared = all(finding.address != one.address for one in members)
    return said.about(finding.address, finding.label) if shared else said
