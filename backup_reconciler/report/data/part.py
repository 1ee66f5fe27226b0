"""What the report of one shard has in JSON beside what every report has: all that 'report merge' needs of it."""

from importlib.metadata import version
from typing import Any, Literal

from pydantic import Field

from backup_reconciler.plan.measured import Limit, Measured
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.changes import ChangeData, change_data, source
from backup_reconciler.report.data.coverage import CoverageData, coverage_data
from backup_reconciler.report.data.held_back import HeldBackData, held_data
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource


class ResourceData(JsonData):
    """One managed resource."""

    address: str = Field(description="The resource.")
    label: str = Field(description="The resource in a person's words.")
    state: Literal["as declared", "missing", "differs", "under way", "unwanted", "blocked"] = Field(
        description="How it is, against what is declared."
    )
    changes: list[ChangeData] = Field(description="from is what Azure has, to what is declared.")
    source: str | None = Field(description="file:line of the manifest; null for what is as declared.")
    column: int | None = Field(description="The column there, counted from 1.")
    reason: str = Field(description="Why nothing needs doing, or what blocks it.")
    blocked_by: str | None = Field(description="What keeps apply from putting it right: a rule or an address.")
    by_graph: bool = Field(description="Whether Resource Graph alone tells how it differs, minutes behind.")
    needs_approval: str | None = Field(description="The Resource Guard that has to approve putting it right.")


class LimitData(JsonData):
    """How many VMs one run may do something to."""

    most: int = Field(description="The number, of all shards together.")
    source: str | None = Field(description="file:line of the settings; null where they do not state it.")
    column: int | None = Field(description="The column there, counted from 1.")


class MeasuredData(JsonData):
    """How much the plan changes, and what has been agreed to."""

    changed: int = Field(description="VMs whose backups it changes.")
    stopped: int = Field(description="Of these the ones whose backups it stops, suspends or deletes.")
    held: int = Field(description="VMs that the vaults of the shard hold.")
    stops: LimitData = Field(description="How many backups one run may stop.")
    changes: LimitData | None = Field(description="How many VMs one run may change; null for any number.")
    max_changes: str | None = Field(description="What --max-changes said.")


class PartData(JsonData):
    """The rest of a shard's report."""

    tool_version: str = Field(description="Version of backup-reconciler that made it.")
    manifests: str = Field(description="Digest of what all manifests say, those of other shards included.")
    manifests_source: str | None = Field(description="file:line where the manifests begin.")
    manifests_column: int | None = Field(description="The column there, counted from 1.")
    resources: list[ResourceData] = Field(description="Every managed resource of the shard.")
    held_back: list[HeldBackData] = Field(description="Actions that are left out, of a drift report too.")
    coverage_now: CoverageData | None = Field(description="Which VMs have a backup now.")
    measured: MeasuredData | None = Field(description="How much a plan changes; null for a drift report.")


def _is_left_out(value: object) -> bool:
    return value is None


MISSING: Any = Field(
    default=None,
    exclude_if=_is_left_out,
    description="The shards whose reports were not joined to it; left out where none is missing.",
)
SHARD: Any = Field(
    default=None,
    exclude_if=_is_left_out,
    description="K/N, the part of the manifests' vaults that it is about; left out where it is about all.",
)
PART: Any = Field(default=None, exclude_if=_is_left_out, description="What 'report merge' needs of a shard's report.")


def shard_data(report: Report) -> dict[str, Any]:
    """What is added to the report of a shard, by the names of the fields."""
    if report.plan.missing:
        return {"missing_shards": list(map(str, report.plan.missing))}
    if report.plan.shard.is_whole:
        return {}
    plan, at = report.plan, report.manifests_at
    part = PartData(
        tool_version=version("backup-reconciler"),
        manifests=report.manifests_digest,
        manifests_source=source(at) if at else None,
        manifests_column=at.column if at else None,
        resources=[_resource(one) for one in report.resources],
        held_back=[held_data(one) for one in plan.held_back],
        coverage_now=coverage_data(plan.coverage_now),
        measured=_measured(plan.measured) if plan.measured else None,
    )
    return {"shard": str(plan.shard), "part": part}


def _resource(one: Resource) -> ResourceData:
    return ResourceData(
        address=one.address,
        label=one.label,
        state=one.state.value,
        changes=[change_data(change) for change in one.changes],
        source=source(one.place) if one.place else None,
        column=one.place.column if one.place else None,
        reason=one.reason,
        blocked_by=one.blocked_by or None,
        by_graph=one.by_graph,
        needs_approval=one.guard or None,
    )


def _measured(measured: Measured) -> MeasuredData:
    return MeasuredData(
        changed=measured.changed,
        stopped=measured.stopped,
        held=measured.held,
        stops=_limit(measured.stops),
        changes=_limit(measured.changes) if measured.changes else None,
        max_changes=str(measured.max_changes) if measured.max_changes else None,
    )


def _limit(limit: Limit) -> LimitData:
    at = limit.place
    return LimitData(most=limit.most, source=source(at) if at else None, column=at.column if at else None)
