"""The pieces of a report, from the JSON that tells them."""

from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.coverage import Coverage, Uncovered
from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.plan.measured import Limit, Measured
from backup_reconciler.plan.plan import KeptBackup, WhyKept
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.report.data.coverage import CoverageData, KeptBackupData
from backup_reconciler.report.data.part import LimitData, MeasuredData, ResourceData
from backup_reconciler.report.data.plan import FindingData, ReadData
from backup_reconciler.report.data.vms import KnownVMData
from backup_reconciler.report.merge.places import change_of, moment_if, place_if
from backup_reconciler.report.model.resource import DIFFERING, Resource, ResourceState
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.rules import CATALOGUE
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.read_by import ReadBy
from backup_reconciler.state.reading import Choice, Reading, Resting


def finding_of(data: FindingData) -> Finding:
    rule = CATALOGUE[data.rule]
    return Finding(
        rule=rule,
        severity=Severity(data.severity),
        address=data.address,
        label=data.label,
        message=data.message,
        place=place_if(data.source, data.column),
        instead="" if data.remedy == rule.remedy else data.remedy,
        resources=tuple(map(ArmId, data.resources)),
        concerns=data.concerns or 0,
    )


def resource_of(data: ResourceData) -> Resource:
    """Raises `ValueError` for a difference that no manifest declares."""
    place = place_if(data.source, data.column)
    if place is None and data.state in DIFFERING:
        raise ValueError(f"{data.address} differs, and no line declares it")
    return Resource(
        address=data.address,
        label=data.label,
        state=ResourceState(data.state),
        changes=tuple(map(change_of, data.changes)),
        place=place,
        reason=data.reason,
        blocked_by=data.blocked_by or "",
        guard=data.needs_approval or "",
        by_graph=data.by_graph,
    )


def reading_of(data: ReadData) -> Reading:
    return Reading(
        choice=Choice(ReadBy(data.by), data.because or ""),
        by_graph=Resting(frozenset(map(ArmId, data.vaults_by_graph))),
        confirmed=data.vaults_confirmed,
        not_shown_whole=frozenset(data.subscriptions_by_lists),
    )


def machine_of(data: KnownVMData) -> Machine:
    vm, vault = ArmId(data.id), ArmId(data.vault) if data.vault else None
    return Machine(
        vm=vm,
        standing=Standing(data.standing),
        health=Health(data.health),
        vault=vault,
        policy=data.policy or "",
        last_backup=moment_if(data.last_backup),
        last_error=data.last_error or "",
        age_days=data.age_days,
        allowed_days=data.allowed_days,
        address=protection_address(vault, vm) if vault else "",
        state=ItemState(data.state) if data.state else None,
        as_declared=data.as_declared,
    )


def coverage_of(data: CoverageData) -> Coverage:
    return Coverage(
        covered=tuple(map(ArmId, data.covered)),
        exempt=tuple(map(ArmId, data.exempt)),
        uncovered=tuple(
            Uncovered(ArmId(one.vm), ItemState(one.state) if one.state else None) for one in data.uncovered
        ),
        unknown=tuple(map(ArmId, data.unknown)),
        hidden_subscriptions=tuple(data.hidden_subscriptions),
    )


def kept_of(data: KeptBackupData) -> KeptBackup:
    """Of the item no more is known than when it was last backed up."""
    why, vm = WhyKept(data.why), ArmId(data.vm)
    state = ItemState.STOPPED if why is WhyKept.STOPPED else ItemState.UNKNOWN
    item = LiveItem(vm, vm, state, "", policy=None, has_points=True, last_backup=moment_if(data.last_backup))
    return KeptBackup(data.address, data.label, item, why)


def measured_of(data: MeasuredData) -> Measured:
    return Measured(
        changed=data.changed,
        stopped=data.stopped,
        held=data.held,
        stops=_limit(data.stops),
        changes=_limit(data.changes) if data.changes else None,
        max_changes=MaxChanges.written(data.max_changes) if data.max_changes else None,
    )


def _limit(data: LimitData) -> Limit:
    return Limit(data.most, place_if(data.source, data.column))
