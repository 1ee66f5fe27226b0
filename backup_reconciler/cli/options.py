"""The arguments and options that several verbs share."""

from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.state.read_by import ReadBy

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Manifests: files, or folders that are read through.", show_default=False),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="Start the world over.")]


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"


Format = Annotated[ReportFormat, typer.Option("--format", help="How to write it.")]


class WholeFormat(StrEnum):
    """How a plan or a drift report is written."""

    TEXT = "text"
    MARKDOWN = "markdown"
    HTML = "html"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"


@dataclass(frozen=True, slots=True)
class ReportFile:
    """A file that a report is written to, beside the report itself."""

    format: WholeFormat
    file: Path


def _written(text: str) -> ReportFile:
    """The file that an option names."""
    name, equals, file = text.partition("=")
    if not (equals and file and name in set(WholeFormat)):
        formats = ", ".join(WholeFormat)
        raise typer.BadParameter(f"'{text}' is not a format and a file such as html=report.html; formats: {formats}.")
    return ReportFile(WholeFormat(name), Path(file))


AnyFormat = Annotated[WholeFormat, typer.Option("--format", help="How to write it.")]
Read = Annotated[
    ReadBy,
    typer.Option(
        "--read",
        help="How to read vaults and VMs: lists, which are consistent; graph, Resource Graph, which takes far fewer "
        "requests and is minutes behind, and lists for all that is to change; auto, whichever the request budget "
        "suggests.",
    ),
]
Output = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write it to this file, not to standard output.", show_default=False),
]
Also = Annotated[
    list[ReportFile] | None,
    typer.Option(
        "--also",
        parser=_written,
        metavar="FORMAT=FILE",
        help="Write it to a file in this format too, from the same look at Azure; any number of times.",
        show_default=False,
    ),
]
