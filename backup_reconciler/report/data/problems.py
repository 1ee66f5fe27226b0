"""The problems of manifests as JSON, format version 1: fields may be added, never renamed."""

from typing import Literal

from pydantic import Field

from backup_reconciler.manifest import Inspection, Problem
from backup_reconciler.report.data.base import JsonData
from backup_reconciler.spec.document import Place


class PlaceData(JsonData):
    """A place in a file."""

    file: str = Field(description="As it was named on the command line, or found below what was.")
    line: int = Field(description="Counts from 1.")
    column: int = Field(description="Counts from 1.")


class ProblemData(PlaceData):
    """One broken rule at one place."""

    severity: Literal["error", "warning"] = Field(description="error: the manifests cannot be used.")
    rule: str = Field(description="Id of the rule in docs/rules.md.")
    document: str | None = Field(description="Kind/handle, or null for a problem of a whole file.")
    path: str | None = Field(description="The field, such as spec.retention.daily.days; null where there is none.")
    message: str = Field(description="What is wrong.")
    remedy: str = Field(description="What would be right.")
    also: PlaceData | None = Field(description="The other place of a clash.")


class ProblemsData(JsonData):
    """What `validate` found."""

    format_version: Literal[1] = Field(default=1, description="Version of this format.")
    valid: bool = Field(description="Whether validate ended with status 0.")
    declared: dict[str, int] = Field(description="Number of documents by kind, broken ones included.")
    problems: list[ProblemData] = Field(description="In the order of files, lines and columns.")


def problems_data(inspection: Inspection, *, valid: bool) -> ProblemsData:
    return ProblemsData(
        valid=valid,
        declared=dict(inspection.declared),
        problems=[_problem(problem) for problem in inspection.problems],
    )


def _problem(problem: Problem) -> ProblemData:
    return ProblemData(
        **_place(problem.place).model_dump(),
        severity=problem.severity.value,
        rule=problem.rule.id,
        document=problem.subject or None,
        path=problem.field or None,
        message=problem.what,
        remedy=problem.remedy,
        also=_place(problem.also) if problem.also else None,
    )


def _place(place: Place) -> PlaceData:
    return PlaceData(file=place.file, line=place.line, column=place.column)
