"""A drift report as JSON, format version 1: fields may be added, never renamed."""

from datetime import date
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.finding import DriftState
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.data.changes import ChangeData, change_data, source
from backup_reconciler.report.data.counts import CountsData
from backup_reconciler.report.data.coverage import CoverageData, KeptBackupData, coverage_data
from backup_reconciler.report.data.digests import DigestsData
from backup_reconciler.report.data.part import MISSING, PART, SHARD, PartData
from backup_reconciler.report.data.plan import (
    FindingData,
    ReadData,
    RequestsData,
    told_alike,
)
from backup_reconciler.report.data.since import DifferenceSinceData, SinceData, difference_since, since_data
from backup_reconciler.report.data.vms import KnownVMData
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.report.model.since import Since


class DifferenceData(JsonData):
    """One resource that is not as declared."""

    address: str = Field(description="The resource.")
    label: str = Field(description="The resource in a person's words.")
    state: Literal["missing", "differs", "under way", "unwanted"] = Field(description="How it is not as declared.")
    changes: list[ChangeData] = Field(description="from is what Azure has, to what is declared.")
    source: str = Field(description="file:line of the manifest.")
    column: int = Field(description="The column there, counted from 1.")
    needs_approval: str | None = Field(
        description="The Resource Guard that has to approve all or part of it; apply leaves that out."
    )
    blocked_by: str | None = Field(description="What keeps apply from putting it right: a rule or an address.")
    by_graph: bool = Field(
        description="Whether Resource Graph alone tells it, minutes behind, because the request budget had no room for "
        "the vault's lists."
    )
    since: DifferenceSinceData | None = Field(
        description="Against the earlier report; null where none was given to --since."
    )


class DriftData(JsonData):
    """A drift report."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    as_of: date = Field(description="The day that the report is made for, in UTC.")
    summary: dict[str, int] = Field(description="Number of resources by state, and of blocked declarations.")
    differences: list[DifferenceData] = Field(description="The resources that are not as declared.")
    findings: list[FindingData] = Field(description="What there is to say beside the differences.")
    coverage: CoverageData | None = Field(description="Which VMs have a backup now; null where no VMs were looked for.")
    kept_backups: list[KeptBackupData] = Field(description="Backups whose recovery points are kept without an end.")
    requests: RequestsData = Field(description="What it took to make the report.")
    read: ReadData = Field(description="How Azure was read.")
    counts: CountsData = Field(description="Every number of the report.")
    undeclared: list[FindingData] = Field(
        description="The findings about what vaults hold and no manifest declares, and about what earlier runs left."
    )
    since: SinceData | None = Field(description="Against the earlier report; null where none was given to --since.")
    vms: list[KnownVMData] = Field(description="Every VM that is known of, by its id.")
    digests: dict[str, DigestsData] = Field(
        description="By address, what is declared and what was found; for a later report to be held against this one."
    )
    missing_shards: list[str] | None = MISSING
    shard: str | None = SHARD
    part: PartData | None = PART


def drift_data(report: Report) -> DriftData:
    plan = report.plan
    return DriftData(
        summary={state.value: report.counts.resources[ResourceState(state.value)] for state in DriftState}
        | {"blocked": plan.blocked, "unchanged": report.counts.resources[ResourceState.AS_DECLARED]},
        differences=[_difference(one, report.since) for one in report.differences],
        coverage=coverage_data(plan.coverage_now),
        since=since_data(report.since),
        **told_alike(report),
    )


def _difference(one: Resource, since: Since | None) -> DifferenceData:
    return DifferenceData.model_validate(
        {
            "address": one.address,
            "label": one.label,
            "state": one.state.value,
            "changes": [change_data(change) for change in one.changes],
            "source": source(one.place) if one.place else None,
            "column": one.place.column if one.place else None,
            "needs_approval": one.guard or None,
            "blocked_by": one.blocked_by or None,
            "by_graph": one.by_graph,
            "since": difference_since(since, one.address),
        }
    )
