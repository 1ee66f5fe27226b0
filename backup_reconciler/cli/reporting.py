"""Writing a report in the format that is asked for: to standard output, or to a file."""

import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import typer
from rich.console import Console

from backup_reconciler.cli.console import file_console, output
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.options import ReportFile, WholeFormat
from backup_reconciler.cli.repository import repository
from backup_reconciler.report.model.report import About, Report


def refuse_on_terminal(format_: WholeFormat, to: Path | None) -> None:
    """A page is for a browser: asked for on a terminal it is an error, told before Azure is read."""
    if format_ is WholeFormat.HTML and to is None and sys.stdout.isatty():
        raise UsageError("a page of HTML is for a browser; add --output report.html, or pipe it to a program")


def refuse_same_file(*files: Path | None) -> None:
    """Raises `UsageError` where two of the files to be written are one, before Azure is read."""
    named: set[Path] = set()
    for file in filter(None, files):
        if file.resolve() in named:
            raise UsageError(f"{file} is named twice, and one would overwrite the other; name two files")
        named.add(file.resolve())


def write_report(
    report: Report, format_: WholeFormat, to: Path | None, also: Iterable[ReportFile], *, verbose: bool
) -> None:
    """The whole report, and the same in other files. Raises `OSError` where one of them cannot be written."""
    for one in also:
        _write_one(report, one.format, one.file, verbose=verbose)
    _write_one(report, format_, to, verbose=verbose)


def _write_one(report: Report, format_: WholeFormat, to: Path | None, *, verbose: bool) -> None:
    if format_ is not WholeFormat.TEXT:
        _write(_TOLD[format_](report), to)
    elif to is None:
        _write_text(report, output(), verbose=verbose)
    else:
        with to.open("w", encoding="utf-8") as file:
            _write_text(report, file_console(file), verbose=verbose)


def _write(text: str, to: Path | None) -> None:
    if to is None:
        typer.echo(text.removesuffix("\n"))
    else:
        to.write_text(f"{text.removesuffix(chr(10))}\n", encoding="utf-8")


def _write_text(report: Report, console: Console, *, verbose: bool) -> None:
    from backup_reconciler.report.text.drift import write_drift
    from backup_reconciler.report.text.plan import write_plan

    if report.about is About.PLAN:
        write_plan(report.plan, console, counts=report.counts, verbose=verbose)
    else:
        write_drift(report, console, verbose=verbose)


def _json(report: Report) -> str:
    from backup_reconciler.report.data.drift import drift_data
    from backup_reconciler.report.data.plan import plan_data

    data = plan_data(report) if report.about is About.PLAN else drift_data(report)
    return data.as_json()


def _markdown(report: Report) -> str:
    from backup_reconciler.report.markdown import markdown

    return markdown(report)


def _html(report: Report) -> str:
    from backup_reconciler.report.html.page import html_report

    return html_report(report)


def _junit(report: Report) -> str:
    from backup_reconciler.report.junit import junit

    return junit(report)


def _sarif(report: Report) -> str:
    from backup_reconciler.report.sarif import sarif

    return sarif(report, Path.cwd(), repository())


_TOLD: Mapping[WholeFormat, Callable[[Report], str]] = {
    WholeFormat.MARKDOWN: _markdown,
    WholeFormat.HTML: _html,
    WholeFormat.JSON: _json,
    WholeFormat.JUNIT: _junit,
    WholeFormat.SARIF: _sarif,
}
"""Each format but text; its room is imported when it is asked for."""
