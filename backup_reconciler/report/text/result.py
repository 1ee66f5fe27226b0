"""What became of a plan, as text: the counts, and every action that was not done with the reason and the way on."""

import json
from collections.abc import Mapping
from typing import Any

from rich.console import Console

from backup_reconciler.plan.outcome import Outcome, Result, Status
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.words import counted, listed
from backup_reconciler.spec.json_text import harmless
from backup_reconciler.spec.policy_rules import JUDGED

_RUN_AGAIN = (Status.FAILED, Status.UNKNOWN, Status.RUNNING, Status.NOT_STARTED)
"""What is skipped waits for one of these, or for a Resource Guard's approval, which no further run has."""


def write_result(result: Result, console: Console) -> None:
    page = Page(console)
    for status in (Status.FAILED, Status.UNKNOWN, Status.RUNNING, Status.SKIPPED, Status.NOT_STARTED):
        for outcome in result.of(status):
            _write_outcome(outcome, page)
    page.line(summary(result), "bold")


def summary(result: Result) -> str:
    """One line with the counts."""
    if shown := result.of(Status.SHOWN):
        requests = sum(outcome.requests for outcome in shown)
        return f"Dry run: {counted(requests, 'request')} would be sent, and none was."
    parts = [f"{len(found)} {status.value}" for status in Status if (found := result.of(status))]
    sent = f"{counted(result.writes, 'write')} and {counted(result.reads, 'read')} were sent"
    again = " Run apply again to go on from here." if any(map(result.of, _RUN_AGAIN)) else ""
    return f"Apply: {listed(parts) or 'nothing to do'}; {sent}.{again}"


def _write_outcome(outcome: Outcome, page: Page) -> None:
    page.heading(outcome.status.value, outcome.action.label, outcome.action.place)
    if outcome.detail or outcome.code:
        page.note(f"{outcome.detail}{f' [{outcome.code}]' if outcome.code else ''}")
    if outcome.remedy:
        page.note(f"fix: {outcome.remedy}", "dim")
    if outcome.refused is not None:
        _write_refused(outcome.refused, page)
    page.line()


def _write_refused(body: Mapping[str, Any], page: Page) -> None:
    page.note(f"It keeps the rules {', '.join(rule.id for rule in JUDGED)}. What was sent is")
    for line in harmless(json.dumps(body, indent=2, ensure_ascii=False)).split("\n"):
        page.verbatim(line)
