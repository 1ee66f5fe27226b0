"""Joining the reports of shards: what each tells, in the order in which one run over all of them would tell it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import reduce
from itertools import chain

from backup_reconciler.plan.coverage import Coverage
from backup_reconciler.plan.finding import Finding, concerning, in_order
from backup_reconciler.plan.limits import RUN, over_the_run, with_findings
from backup_reconciler.plan.measured import Measured
from backup_reconciler.plan.order import in_order as actions_in_order
from backup_reconciler.plan.plan import KeptBackup, Plan, Unchanged
from backup_reconciler.plan.shard import is_shared, owner_of
from backup_reconciler.plan.standing.machine import Machine
from backup_reconciler.report.data.plan import PlanData
from backup_reconciler.report.merge.agreement import refuse_disagreement, shards_missing
from backup_reconciler.report.merge.errors import MergeError
from backup_reconciler.report.merge.files import ShardReport
from backup_reconciler.report.merge.places import place_if
from backup_reconciler.report.merge.rebuilt import (
    coverage_of,
    finding_of,
    kept_of,
    machine_of,
    measured_of,
    reading_of,
    resource_of,
)
from backup_reconciler.report.merge.told import action_of, held_of
from backup_reconciler.report.model.counts import Counts
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.rules.limits import CHANGE_LIMIT
from backup_reconciler.state.reading import Reading

_SAME = {
    "a report of": lambda one: one.about.value,
    "made by version": lambda one: one.part.tool_version,
    "for the day": lambda one: one.data.as_of,
    "of manifests that say": lambda one: one.part.manifests,
}
"""What the reports of one run have in common."""


def joined(reports: Sequence[ShardReport], *, partial: bool = False) -> Report:
    """The report of all shards together; `partial` lets some of them be missing, which the report says.

    Raises `MergeError` where they do not belong together.
    """
    refuse_disagreement(reports, _SAME, partial=partial)
    try:
        return _joined(sorted(reports, key=lambda one: one.shard.number))
    except (ArithmeticError, LookupError, TypeError, ValueError) as error:
        files = ", ".join(one.file for one in reports)
        what = f"{type(error).__name__}: {error}"
        raise MergeError(f"{files}: not as reports are written ({what}); run the shards again") from error


def _joined(reports: Sequence[ShardReport]) -> Report:
    plan = _plan(reports)
    resources = _resources(reports)
    plan = replace(plan, unchanged=tuple(_unchanged(resources)))
    machines = _machines(reports)
    first = reports[0].part
    return Report(
        about=reports[0].about,
        plan=plan,
        resources=resources,
        machines=machines,
        counts=Counts.of(resources, plan.findings, machines),
        tell_sides=lambda: {address: one.sides for report in reports for address, one in report.data.digests.items()},
        manifests_at=place_if(first.manifests_source, first.manifests_column),
    )


def _plan(reports: Sequence[ShardReport]) -> Plan:
    as_of = reports[0].data.as_of
    plans = [one.data for one in reports if isinstance(one.data, PlanData)]
    findings = [finding_of(one) for report in reports for one in report.data.findings]
    actions = (action_of(one, as_of) for data in plans for one in data.actions)
    held = (held_of(one) for report in reports for one in report.part.held_back)
    kept = (kept_of(one) for report in reports for one in report.data.kept_backups)
    plan = Plan(
        as_of=as_of,
        actions=actions_in_order({one.id: one for one in actions}),
        findings=in_order(_once([one for one in findings if one.rule is not CHANGE_LIMIT])),
        held_back=tuple(sorted(held, key=lambda one: one.rank)),
        coverage=_coverage(coverage_of(one.coverage) for one in plans if one.coverage),
        coverage_now=_coverage(_coverages_now(reports)),
        kept=tuple(sorted(kept, key=_of_which_vault)),
        reads=sum(one.data.requests.read for one in reports),
        reading=reduce(Reading.joined, (reading_of(one.data.read) for one in reports)),
        missing=shards_missing(reports),
    )
    measured = [measured_of(one.part.measured) for one in reports if one.part.measured]
    if not measured:
        return plan
    total = reduce(_sum, measured)
    in_vaults = (one for one in findings if one.rule is CHANGE_LIMIT and one.address != RUN)
    return with_findings(plan, chain(in_vaults, over_the_run(total)), total)


def _once(findings: Iterable[Finding]) -> Iterator[Finding]:
    """What several shards tell of what their VMs share is told once, of the VMs of all of them."""
    shared: dict[object, Finding] = {}
    for one in findings:
        if not is_shared(one.address):
            yield one
            continue
        message = one.message.removesuffix(concerning(one.concerns))
        alike = (one.rule.id, one.severity, one.address, message, one.remedy)
        number = one.concerns + (shared[alike].concerns if alike in shared else 0)
        shared[alike] = replace(one, message=message + concerning(number), concerns=number)
    yield from shared.values()


def _sum(one: Measured, other: Measured) -> Measured:
    return replace(
        one, changed=one.changed + other.changed, stopped=one.stopped + other.stopped, held=one.held + other.held
    )


def _of_which_vault(kept: KeptBackup) -> tuple[str, ArmId]:
    vault = owner_of(kept.address)
    return vault.key if vault else "", kept.item.vm


# ---- VMs -----------------------------------------------------------------------------------------------------------


def _coverages_now(reports: Sequence[ShardReport]) -> Iterator[Coverage]:
    for one in reports:
        data = one.part.coverage_now
        if data:
            yield coverage_of(data)


def _coverage(parts: Iterable[Coverage]) -> Coverage | None:
    """All of them as one. A VM that came to be protected between the runs of two shards may be told by both: then it is
    what the vault says that has it.
    """
    found = list(parts)
    if not found:
        return None
    covered = {vm for one in found for vm in one.covered}
    unknown = {vm for one in found for vm in one.unknown} - covered
    exempt = {vm for one in found for vm in one.exempt}
    uncovered = {one.vm: one for part in found for one in sorted(part.uncovered, key=lambda one: one.state is not None)}
    known = covered | unknown | exempt
    return Coverage(
        covered=tuple(sorted(covered)),
        exempt=tuple(sorted(exempt)),
        uncovered=tuple(one for vm, one in sorted(uncovered.items()) if vm not in known),
        unknown=tuple(sorted(unknown)),
        hidden_subscriptions=tuple(sorted({name for one in found for name in one.hidden_subscriptions})),
    )


def _machines(reports: Sequence[ShardReport]) -> tuple[Machine, ...]:
    """By their ids; of a VM that two shards tell of, what the vault says that has it."""
    found = sorted(
        (machine_of(one) for report in reports for one in report.data.vms), key=lambda one: one.vault is not None
    )
    return tuple(one for _, one in sorted({one.vm: one for one in found}.items()))


# ---- resources -----------------------------------------------------------------------------------------------------


def _resources(reports: Sequence[ShardReport]) -> tuple[Resource, ...]:
    found = (resource_of(one) for report in reports for one in report.part.resources)
    return tuple(sorted(found, key=lambda one: one.rank))


def _unchanged(resources: Iterable[Resource]) -> Iterator[Unchanged]:
    for one in resources:
        if one.state is ResourceState.AS_DECLARED:
            yield Unchanged(one.address, one.label, one.reason)
