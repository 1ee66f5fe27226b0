"""What a browser that runs no scripts is shown: the first differences and findings."""

from dataclasses import dataclass

from backup_reconciler.plan.finding import Finding
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource

_MOST = 200


@dataclass(frozen=True, slots=True)
class Static:
    """The beginning of what there is, and how much more."""

    resources: tuple[Resource, ...]
    more_resources: int
    findings: tuple[Finding, ...]
    more_findings: int


def static_part(report: Report) -> Static:
    resources, findings = report.differences, report.plan.findings
    return Static(resources[:_MOST], len(resources[_MOST:]), findings[:_MOST], len(findings[_MOST:]))
