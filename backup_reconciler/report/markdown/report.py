"""The page of a plan and of a drift report: what weighs most stands first, and is folded or cut last."""

from collections.abc import Iterator

from backup_reconciler.report.counts_text import findings_line, resources_line
from backup_reconciler.report.coverage_text import coverage_line
from backup_reconciler.report.drift_text import drift_summary
from backup_reconciler.report.health_text import health_line, standings_line
from backup_reconciler.report.markdown import estate, planned
from backup_reconciler.report.markdown.differing import differences, gone
from backup_reconciler.report.markdown.escape import prose
from backup_reconciler.report.markdown.page import Section, written
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.plan_text import summary

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
    coverage = report.plan.coverage if report.about is About.PLAN else report.plan.coverage_now
    when = "after this plan" if report.about is About.PLAN else "now"
    lines = [coverage_line(coverage, when)] if coverage else []
    lines += [standings_line(report.counts), health_line(report.counts)] if report.machines else []
    lines += [resources_line(report.counts), findings_line(report.counts)]
    return "".join(f"\n{prose(line)}\n" for line in lines)
