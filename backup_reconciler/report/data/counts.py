"""The numbers of a report as JSON."""

from collections.abc import Mapping
from enum import StrEnum
from typing import TypeVar

from pydantic import Field

from backup_reconciler.report.data.base import JsonData
from backup_reconciler.report.model.counts import Counts

E = TypeVar("E", bound=StrEnum)


class CountsData(JsonData):
    """How many of what; every word is a key, also of what there is none."""

    resources: dict[str, int] = Field(
        description="Resources: as declared, missing, differs, under way, unwanted, blocked; each counts once."
    )
    findings: dict[str, int] = Field(description="Findings: blocked, warning, info.")
    standings: dict[str, int] = Field(
        description="VMs: protected, wrong policy, uncovered, stopped, orphan, exempt, not looked for, unknown; each "
        "counts once."
    )
    health: dict[str, int] = Field(
        description="The same VMs: in time, overdue, failed, no backup yet, none due, unknown."
    )
    stopped_as_declared: int = Field(description="Of the VMs that are stopped, those of which a manifest declares it.")


def counts_data(counts: Counts) -> CountsData:
    return CountsData(
        resources=_by_word(counts.resources),
        findings=_by_word(counts.findings),
        standings=_by_word(counts.standings),
        health=_by_word(counts.health),
        stopped_as_declared=counts.stopped_as_declared,
    )


def _by_word(counted: Mapping[E, int]) -> dict[str, int]:
    return {word.value: number for word, number in counted.items()}
