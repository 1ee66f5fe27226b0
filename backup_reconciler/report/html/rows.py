"""The rows of a page's tables. Fields that are numbers by nature are told as they are; others are numbers of texts."""

from datetime import UTC, datetime
from typing import NamedTuple

from backup_reconciler.plan.action import AnyAction, Risk
from backup_reconciler.plan.finding import Finding
from backup_reconciler.plan.plan import HeldBack, KeptBackup, WhyHeld
from backup_reconciler.plan.standing.health import age_days
from backup_reconciler.plan.standing.machine import Machine
from backup_reconciler.report.data.changes import source
from backup_reconciler.report.html.pool import Pool
from backup_reconciler.report.html.vault_names import VaultNames
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import BY_GRAPH, Resource
from backup_reconciler.report.model.since import Gone
from backup_reconciler.report.text.plan import LATER
from backup_reconciler.report.verbs import word_for
from backup_reconciler.spec.document import Place


class ActionRow(NamedTuple):
    """What a plan would do."""

    order: int
    verb: int
    label: int
    vault: int
    changes: int
    effect: int
    risk: int
    note: int
    source: int


class HeldRow(NamedTuple):
    """What a plan leaves out."""

    verb: int
    label: int
    vault: int
    why: int
    source: int


class ResourceRow(NamedTuple):
    """A declared resource."""

    state: int
    label: int
    vault: int
    changes: int
    note: int
    source: int
    origin: int
    fresh: int
    """1 for a difference that the earlier report did not have."""


class GoneRow(NamedTuple):
    """A difference of the earlier report that there is no more."""

    state: int
    label: int
    vault: int
    now: int
    origin: int


class FindingRow(NamedTuple):
    """What there is to say beside the differences."""

    severity: int
    label: int
    vault: int
    message: int
    why: int
    remedy: int
    rule: int
    source: int


class MachineRow(NamedTuple):
    """A VM, or a backup whose VM is gone."""

    name: int
    group: int
    subscription: int
    vault: int
    standing: int
    declared: int
    """1 for a VM whose protection is just as an assignment declares it."""
    policy: int
    backup: int
    age: int | None
    allowed: int | None
    health: int
    error: int


class KeptRow(NamedTuple):
    """A backup that is kept without an end."""

    label: int
    vault: int
    why: int
    backup: int
    age: int | None


class Rows:
    """Makes the rows of one report."""

    def __init__(self, report: Report, pool: Pool) -> None:
        self._report = report
        self._pool = pool
        self._text = pool.text
        self._vaults = VaultNames(report)
        self._as_declared = {one.address for one in report.machines if one.as_declared}

    def action(self, order: int, one: AnyAction) -> ActionRow:
        return ActionRow(
            order=order,
            verb=self._text(word_for(one.verb)),
            label=self._text(one.label),
            vault=self._at(one.address),
            changes=self._pool.changes(one.changes),
            effect=self._text(one.data_effect),
            risk=self._text(one.risk.value),
            note=self._text(_marks(one)),
            source=self._source(one.place),
        )

    def held(self, one: HeldBack) -> HeldRow:
        blocked = one.why is WhyHeld.BLOCKED
        return HeldRow(
            verb=self._text(word_for(one.action.verb)),
            label=self._text(one.action.label),
            vault=self._at(one.action.address),
            why=self._text(f"it needs {one.because}, which is blocked" if blocked else LATER[one.why]),
            source=self._source(one.action.place),
        )

    def resource(self, one: Resource) -> ResourceRow:
        since = self._report.since
        return ResourceRow(
            state=self._text(one.state.value),
            label=self._text(one.label),
            vault=self._at(one.address),
            changes=self._pool.changes(one.changes),
            note=self._text(_remark(one)),
            source=self._source(one.place),
            origin=self._text(since.origins[one.address] if since and one.is_difference else ""),
            fresh=int(since is not None and one.address in since.new),
        )

    def gone(self, one: Gone) -> GoneRow:
        return GoneRow(
            state=self._text(one.state),
            label=self._text(one.label),
            vault=self._at(one.address),
            now=self._text(one.now or "not declared"),
            origin=self._text(one.origin.value),
        )

    def finding(self, one: Finding) -> FindingRow:
        return FindingRow(
            severity=self._text(one.severity.value),
            label=self._text(one.label),
            vault=self._at(one.address),
            message=self._text(one.message),
            why=self._text(one.rule.why),
            remedy=self._text(one.remedy),
            rule=self._text(one.rule.id),
            source=self._source(one.place),
        )

    def machine(self, one: Machine) -> MachineRow:
        return MachineRow(
            name=self._text(one.vm.name),
            group=self._text(one.vm.resource_group),
            subscription=self._text(one.vm.subscription),
            vault=self._text(self._vaults.of(one.vault)),
            standing=self._text(one.standing.value),
            declared=int(one.as_declared),
            policy=self._text(one.policy),
            backup=self._text(_told(one.last_backup)),
            age=one.age_days,
            allowed=one.allowed_days,
            health=self._text(one.health.value),
            error=self._text(one.last_error),
        )

    def kept(self, one: KeptBackup) -> KeptRow:
        return KeptRow(
            label=self._text(one.label),
            vault=self._at(one.address),
            why=self._text(f"{one.why.value}, as declared" if one.address in self._as_declared else one.why.value),
            backup=self._text(_told(one.item.last_backup)),
            age=age_days(one.item, self._report.plan.as_of),
        )

    def _at(self, address: str) -> int:
        return self._text(self._vaults.at(address))

    def _source(self, place: Place | None) -> int:
        return self._text(source(place) if place else "")


def _told(moment: datetime | None) -> str:
    """A moment in UTC, to the minute; empty where there is none."""
    return f"{moment.astimezone(UTC):%Y-%m-%d %H:%M}" if moment else ""


def _marks(one: AnyAction) -> str:
    """What there is to know of an action beside what it does."""
    marks = [f"also {risk.value}" for risk in Risk if risk in one.risks and risk is not one.risk]
    if one.guard:
        marks.append(f"the Resource Guard {one.guard} has to approve it; apply leaves it out")
    if one.earliest:
        marks.append(f"earliest: {one.earliest}")
    return "; ".join(marks)


def _remark(one: Resource) -> str:
    """Why a resource is as it is told, or what keeps it so."""
    return "; ".join(filter(None, (_why(one), BY_GRAPH if one.by_graph else "")))


def _why(one: Resource) -> str:
    if one.is_difference and one.blocked_by:
        return f"apply cannot put it right: {one.blocked_by}"
    if one.guard:
        return f"the Resource Guard {one.guard} has to approve it"
    return f"{one.reason} [{one.blocked_by}]" if one.blocked_by else one.reason
