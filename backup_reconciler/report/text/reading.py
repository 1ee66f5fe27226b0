"""How Azure was read, in a sentence."""

from collections.abc import Iterable

from backup_reconciler.plan.plan import Plan
from backup_reconciler.report.model.resource import Resource
from backup_reconciler.report.words import counted
from backup_reconciler.state.read_by import ReadBy


def reading_words(plan: Plan, differences: Iterable[Resource] = ()) -> str:
    """Without a full stop: in how many requests, and where Resource Graph was asked what lists have confirmed since.

    `differences` are those that are told beside it; a plan leaves none unconfirmed.
    """
    reading, words = plan.reading, f"Azure was read in {counted(plan.reads, 'request')}"
    if reading.by is not ReadBy.GRAPH:
        return words
    parts = ["by Resource Graph, which is minutes behind"]
    if reading.confirmed:
        parts.append(f"{counted(reading.confirmed, 'vault')} by lists too, to confirm what differs")
    if left := sum(one.by_graph for one in differences):
        parts.append(f"{counted(left, 'difference')} not confirmed, because the hourly limits leave no room for that")
    return f"{words}: {'; '.join(parts)}"
