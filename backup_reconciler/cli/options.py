"""The arguments and options that verbs share."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="Manifests: files, or folders that are read through.", show_default=False),
]
Sandbox = Annotated[
    Path | None,
    typer.Option(metavar="WORLD", help="Talk to an Azure in a box made from this world file, not to Azure."),
]
Fresh = Annotated[bool, typer.Option("--fresh", help="With --sandbox: start the world over.")]
ArmEndpoint = Annotated[
    str | None,
    typer.Option(metavar="URL", envvar="BACKUP_RECONCILER_ARM_ENDPOINT", help="Another Azure Resource Manager."),
]
Concurrency = Annotated[int, typer.Option(min=1, max=256, help="Requests at the same time.")]
Verbose = Annotated[bool, typer.Option("--verbose", "-v", help="Say more: requests, and what is unchanged.")]


class CloudName(StrEnum):
    """The clouds that have a name."""

    PUBLIC = "public"
    USGOV = "usgov"
    CHINA = "china"


Cloud = Annotated[CloudName, typer.Option(help="Which Azure.")]


class ReportFormat(StrEnum):
    """How a report is written."""

    TEXT = "text"
    JSON = "json"


Format = Annotated[ReportFormat, typer.Option("--format", help="How to write it.")]
