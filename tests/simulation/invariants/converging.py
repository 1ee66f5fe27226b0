"""In the end, when nothing goes wrong any more and nobody interferes."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING

from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.outcome import Status

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.plan.outcome import Outcome
    from tests.simulation.record import Record, Told

_REFUSED_FOR_GOOD = {
    "UserErrorGuestAgentStatusUnavailable": "the VM itself cannot be protected, in this world",
    "ServiceResourceNotEmptyWithBackendMessage": "soft-deleted backups keep a vault of 2021 from going",
}
"""Codes with which the service refuses what no plan can know beforehand, or says when it will take it."""
_OF_RESUMES = {
    "UserErrorOperationDeniedOnImmutableItem": "it followed a policy that kept more, and the vault is immutable",
    "BMSUserErrorInvalidConfigureProtectionRequest": "it followed an Enhanced policy, from which no way leads back",
}
"""Codes with which it refuses so to resume a VM: which policy a stopped one followed before, Azure does not tell."""


def another_run_converges(record: Record) -> Iterator[str]:
    """A run that is let alone does all it planned, but for what the service refuses for a reason that has a name."""
    for told in record.final:
        if told.refused:
            yield f"{told.name} was refused: {told.refused}"
        for outcome in told.outcomes():
            if outcome.status is not Status.DONE and not _is_excused(outcome, told):
                yield f"{told.name}: {outcome.status.value}: {outcome.action.id}: {outcome.code} {outcome.detail}"


def nothing_is_left_to_do(record: Record) -> Iterator[str]:
    """After such a run a plan is empty, but for what that run's own plan told: as still to come, or as blocked."""
    for before, after in pairwise(record.final):
        if before.plan is None or after.plan is None or before.plan.postponed:
            continue
        undone = {outcome.action.id for outcome in before.outcomes() if outcome.status is not Status.DONE}
        blocked = {finding.address for finding in before.plan.findings_of(Severity.BLOCKED)}
        blocked |= {held.action.address for held in before.plan.held_back}
        for action in after.plan.actions:
            if action.id not in undone and action.address not in blocked:
                yield f"{after.name} plans {action.id} after {before.name}, which postponed nothing"


def resource_graph_tells_the_same(record: Record) -> Iterator[str]:
    """A plan for which Azure is read by Resource Graph, once that knows what there is, is the plan by lists."""
    if record.by_graph is None or record.by_graph.plan is None or not record.final[-1].plan:
        return
    by_lists = {action.id for action in record.final[-1].plan.actions}
    by_graph = {action.id for action in record.by_graph.plan.actions}
    done = {outcome.action.id for outcome in record.final[-1].outcomes() if outcome.status is Status.DONE}
    for id_ in sorted(by_graph ^ (by_lists - done)):
        yield f"{id_} is planned by {'Resource Graph' if id_ in by_graph else 'the lists'} alone"


def _is_excused(outcome: Outcome, told: Told) -> bool:
    if outcome.status is Status.SKIPPED:
        return any(
            each.status is Status.FAILED and _has_a_name(each)
            for each in told.outcomes()
            if each.action.id in outcome.action.depends_on
        )
    return outcome.status is Status.FAILED and _has_a_name(outcome)


def _has_a_name(failed: Outcome) -> bool:
    return failed.code in _REFUSED_FOR_GOOD or (failed.action.verb == "resume" and failed.code in _OF_RESUMES)
