"""A drift report as JSON, format version 1: fields may be added, never renamed."""

from typing import Literal

from pydantic import Field

from backup_reconciler.plan.action import AnyAction
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.plan import Plan
from backup_reconciler.report.plan_json import (
    ChangeData,
    FindingData,
    JsonData,
    RequestsData,
    change_data,
    finding_data,
    source,
)


class DifferenceData(JsonData):
    """One resource that is not as declared."""

    address: str
    state: Literal["differs", "missing"]
    changes: list[ChangeData] = Field(description="from is what Azure has, to what is declared.")
    source: str = Field(description="file:line of the document that declares it.")


class DriftData(JsonData):
    """A drift report."""

    format_version: Literal[1] = 1
    summary: dict[str, int]
    differences: list[DifferenceData]
    findings: list[FindingData]
    requests: RequestsData


def state_of(action: AnyAction) -> Literal["differs", "missing"]:
    """missing: declared, and Azure does not have it; differs: Azure has it otherwise."""
    return "missing" if all(change.found is None for change in action.changes) else "differs"


def drift_data(plan: Plan) -> DriftData:
    differences = [
        DifferenceData(
            address=action.address,
            state=state_of(action),
            changes=[change_data(change) for change in action.changes],
            source=source(action.place),
        )
        for action in plan.actions
    ]
    states = [difference.state for difference in differences]
    return DriftData(
        summary={
            "differs": states.count("differs"),
            "missing": states.count("missing"),
            "blocked": len(plan.findings_of(Severity.BLOCKED)) + len(plan.held_back),
            "unchanged": len(plan.unchanged),
        },
        differences=differences,
        findings=[finding_data(finding) for finding in plan.findings],
        requests=RequestsData(read=plan.reads),
    )
