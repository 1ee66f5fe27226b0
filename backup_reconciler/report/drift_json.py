"""A drift report as JSON, format version 1: fields may be added, never renamed."""

from datetime import date
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.finding import DriftState
from backup_reconciler.report.coverage_json import CoverageData, KeptBackupData, coverage_data, kept_data
from backup_reconciler.report.json_data import JsonData
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource, ResourceState
from backup_reconciler.report.plan_json import (
    ChangeData,
    FindingData,
    RequestsData,
    change_data,
    finding_data,
    source,
)


class DifferenceData(JsonData):
    """One resource that is not as declared."""

    address: str = Field(description="The resource.")
    state: Literal["missing", "differs", "under way", "unwanted"] = Field(description="How it is not as declared.")
    changes: list[ChangeData] = Field(description="from is what Azure has, to what is declared.")
    source: str = Field(description="file:line of the manifest.")
    needs_approval: str | None = Field(
        description="The Resource Guard that has to approve all or part of it; apply leaves that out."
    )
    blocked_by: str | None = Field(description="What keeps apply from putting it right: a rule or an address.")


class DriftData(JsonData):
    """A drift report."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    as_of: date = Field(description="The day that the report is made for, in UTC.")
    summary: dict[str, int] = Field(description="Number of resources by state, and of blocked declarations.")
    differences: list[DifferenceData] = Field(description="The resources that are not as declared.")
    findings: list[FindingData] = Field(description="What there is to say beside the differences.")
    coverage: CoverageData | None = Field(description="Which VMs have a backup now; null where no VMs were looked for.")
    kept_backups: list[KeptBackupData] = Field(
        description="Stopped backups, whose recovery points are kept without an end."
    )
    requests: RequestsData = Field(description="What it took to make the report.")


def drift_data(report: Report) -> DriftData:
    plan = report.plan
    return DriftData(
        as_of=plan.as_of,
        summary={state.value: report.counts.resources[ResourceState(state.value)] for state in DriftState}
        | {"blocked": plan.blocked, "unchanged": len(plan.unchanged)},
        differences=[_difference(one) for one in report.differences],
        findings=[finding_data(finding) for finding in plan.findings],
        coverage=coverage_data(plan.coverage_now),
        kept_backups=[kept_data(one) for one in plan.kept],
        requests=RequestsData(read=plan.reads),
    )


def _difference(one: Resource) -> DifferenceData:
    return DifferenceData.model_validate(
        {
            "address": one.address,
            "state": one.state.value,
            "changes": [change_data(change) for change in one.changes],
            "source": source(one.place) if one.place else None,
            "needs_approval": one.guard or None,
            "blocked_by": one.blocked_by or None,
        }
    )
