"""Both sides of everything a report speaks of, as digests in JSON: what `--since` holds against a later report."""

from collections.abc import Mapping
from typing import Literal

from pydantic import Field

from backup_reconciler.plan.sides.side import Sides
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import ResourceState

State = Literal["as declared", "missing", "differs", "under way", "unwanted", "blocked"]


class DigestsData(JsonData):
    """One address."""

    state: State | None = Field(description="How the resource is; null for what is no resource, or not declared.")
    declared: str | None = Field(
        description="Digest of what manifests state; none where nothing is declared, null where it cannot be told."
    )
    found: str | None = Field(
        description="Digest of what Azure has; none where it has nothing, null where it cannot be told."
    )
    selected_by: list[str] = Field(
        default=[], description="The documents that mean the resource by selecting it in Azure."
    )

    @property
    def sides(self) -> Sides:
        return Sides(self.declared, self.found, tuple(self.selected_by))


def digests_data(report: Report) -> Mapping[str, DigestsData]:
    """By address."""
    states = {one.address: one.state for one in report.resources}
    return {
        address: _of(states.get(address), report.sides.get(address, Sides(None, None)))
        for address in sorted({*report.sides, *states})
    }


def _of(state: ResourceState | None, sides: Sides) -> DigestsData:
    return DigestsData(
        state=state.value if state else None,
        declared=sides.declared,
        found=sides.found,
        selected_by=list(sides.selected_by),
    )
