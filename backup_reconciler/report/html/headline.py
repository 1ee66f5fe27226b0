"""What a report comes down to, in a sentence."""

from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.model.resource import ResourceState
from backup_reconciler.report.verbs import count_words
from backup_reconciler.report.words import counted


def headline(report: Report) -> str:
    """What apply would do, or how many differences there are."""
    if report.about is About.PLAN:
        words = count_words(report.plan)
        return f"{words[0].upper()}{words[1:]}."
    if report.counts.differences:
        return f"{counted(report.counts.differences, 'difference')} between the manifests and Azure."
    if blocked := report.counts.resources[ResourceState.BLOCKED]:
        return f"No differences, and {counted(blocked, 'declaration')} that cannot be carried out."
    return "Azure is as declared."
