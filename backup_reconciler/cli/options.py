"""The arguments and options that several verbs share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

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


AnyFormat = Annotated[WholeFormat, typer.Option("--format", help="How to write it.")]
Output = Annotated[
    Path | None,
    typer.Option("--output", metavar="FILE", help="Write it to this file, not to standard output.", show_default=False),
]
