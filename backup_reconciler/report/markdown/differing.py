"""What differs, and what does no more."""

from backup_reconciler.report.markdown.cells import BREAK, differing_fields, line_of
from backup_reconciler.report.markdown.escape import code, prose
from backup_reconciler.report.markdown.page import Section
from backup_reconciler.report.model.report import Report
from backup_reconciler.report.model.resource import Resource
from backup_reconciler.report.text.since import gone_row


def differences(report: Report) -> Section:
    """Every difference with its fields; with an earlier report, which side has changed."""
    since = ("since the last report",) if report.since else ()
    rows = [
        (one.state.value, _name(one), differing_fields(one.changes), *_since(one, report), line_of(one.line))
        for one in report.differences
    ]
    return Section("Differences", len(rows), ("state", "what", "fields", *since, "line"), rows, important=True)


def gone(report: Report) -> Section:
    """The differences of the earlier report that there are no more."""
    rows = [gone_row(one) for one in report.since.gone] if report.since else []
    told = [(code(label), prose(how), prose(why)) for label, how, why in rows]
    return Section("Gone since the last report", len(told), ("what", "how", "why"), told)


def _name(one: Resource) -> str:
    return BREAK.join((code(one.label), *one.caveats))


def _since(one: Resource, report: Report) -> tuple[str, ...]:
    return (prose(report.since.label(one.address)),) if report.since else ()
