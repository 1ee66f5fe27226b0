"""The page of a plan and of a drift report: what weighs most stands first, and is folded or cut last."""

from collections.abc import Iterator

from backup_reconciler.report.markdown import estate, planned
from backup_reconciler.report.markdown.differing import differences, gone
from backup_reconciler.report.markdown.escape import prose
from backup_reconciler.report.markdown.page import Section, written
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.text.counts import findings_line, resources_line
from backup_reconciler.report.text.coverage import coverage_line
from backup_reconciler.report.text.drift import drift_summary
from backup_reconciler.report.text.health import health_line, standings_line
from backup_reconciler.report.text.plan import summary

LIMIT = 65_000
"""Bytes of a page. GitHub takes a comment of 65,536 characters, as its answer to a longer one says; a pipeline may
want to add a line of its own."""


def markdown(report: Report) -> str:
    """The report, with a mark in its first line by which a pipeline finds its own comment again."""
    head = f"<!-- backup-reconciler {report.about.value} -->\n### {prose(_first_line(report))}\n"
    return written(head, _sections(report), _last_lines(report), LIMIT)


def _first_line(report: Report) -> str:
    return summary(report.plan) if report.about is About.PLAN else drift_summary(report)


def _sections(report: Report) -> Iterator[Section]:
    if report.about is About.PLAN:
        yield planned.needing_consent(report.plan)
        yield estate.blocked(report)
        yield planned.left_out(report.plan)
        yield estate.warnings(report)
        yield planned.others(report.plan)
        yield planned.postponed(report.plan)
    else:
        yield differences(report)
        yield estate.blocked(report)
        yield estate.warnings(report)
        yield gone(report)
        yield estate.uncovered(report)
        yield estate.ailing(report)
    yield estate.undeclared(report)
    yield estate.remarks(report)
    yield estate.kept(report)


def _last_lines(report: Report) -> str:
    """The counts. A plan tells coverage as it will be, so that it says of all else that it is so now."""
    counts, is_plan = report.counts, report.about is About.PLAN
    now = " now" if is_plan else ""
    lines = []
    if coverage := report.plan.coverage if is_plan else report.plan.coverage_now:
        lines.append(coverage_line(coverage, "after this plan" if is_plan else "now"))
    if report.machines:
        lines += [standings_line(counts, now), health_line(counts, now)]
    lines += [resources_line(counts, now), findings_line(counts)]
    return "".join(f"\n{prose(line)}\n" for line in lines)
