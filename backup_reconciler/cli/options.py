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
