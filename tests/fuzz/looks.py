"""A report as each format tells it, and what none of them may hold."""

import json
from io import StringIO
from pathlib import Path
from xml.etree import ElementTree as ET

from rich.console import Console

from backup_reconciler.report.data.drift import drift_data
from backup_reconciler.report.data.plan import plan_data
from backup_reconciler.report.html.page import html_report
from backup_reconciler.report.junit import junit
from backup_reconciler.report.markdown import markdown
from backup_reconciler.report.model.report import About, Report
from backup_reconciler.report.sarif import sarif
from backup_reconciler.report.text.drift import write_drift
from backup_reconciler.report.text.plan import write_plan


def in_every_format(report: Report) -> dict[str, str]:
    """What is written, by format. Formats for programs can be read, and in those for people nothing acts."""
    written = {
        "text": _text(report),
        "markdown": markdown(report),
        "html": html_report(report),
        "json": (plan_data(report) if report.about is About.PLAN else drift_data(report)).as_json(),
        "junit": junit(report),
        "sarif": sarif(report, Path("/w"), Path("/w")),
    }
    for text in written.values():
        assert_harmless(text)
    json.loads(written["json"])
    json.loads(written["sarif"])
    ET.fromstring(written["junit"])
    return written


def _text(report: Report) -> str:
    told = StringIO()
    console = Console(file=told, width=100, color_system=None, markup=False, emoji=False, highlight=False)
    if report.about is About.PLAN:
        write_plan(report.plan, console, counts=report.counts, verbose=True)
    else:
        write_drift(report, console, verbose=True)
    return told.getvalue()


def assert_harmless(text: str) -> None:
    """Nothing that a terminal, an editor or a browser would act on, and nothing that cannot be written as UTF-8."""
    acting = {character for character in text if not character.isprintable()} - {"\n"}
    assert not acting, sorted(map(ascii, acting))


def assert_told(error: Exception, longest: int = 1_500) -> None:
    """A refusal is some words that people can read: not none, not without end, and none that acts."""
    for line in str(error).split("\n"):
        assert line.isprintable(), ascii(line[:300])
        assert 0 < len(line) < longest, f"{len(line)} characters: {line[:300]}"
