"""`validate`: check manifests offline."""

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from backup_reconciler.cli import day
from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.options import Paths
from backup_reconciler.cli.repository import repository
from backup_reconciler.cli.status import ExitStatus

if TYPE_CHECKING:
    from backup_reconciler.manifest import Inspection


class ProblemsFormat(StrEnum):
    """How problems are written."""

    TEXT = "text"
    JSON = "json"
    GITHUB = "github"


@uncollected()
def validate(
    paths: Paths,
    format_: Annotated[
        ProblemsFormat, typer.Option("--format", help="How to write problems; github: as annotations.")
    ] = ProblemsFormat.TEXT,
    strict: Annotated[bool, typer.Option("--strict", help="Let warnings fail, too.")] = False,
    as_of: day.AsOf = None,
) -> int:
    """Check manifests without asking Azure anything."""
    from backup_reconciler.manifest import inspect

    inspection = inspect(paths, as_of=as_of or day.today())
    valid = not (inspection.problems if strict else inspection.errors)
    if format_ is ProblemsFormat.JSON:
        from backup_reconciler.report.data.problems import problems_data

        typer.echo(problems_data(inspection, valid=valid).as_json())
    else:
        _tell(inspection, github=format_ is ProblemsFormat.GITHUB, valid=valid)
    return ExitStatus.FINE if valid else ExitStatus.ERROR


def _tell(inspection: "Inspection", *, github: bool, valid: bool) -> None:
    """Text goes to standard error, commands for GitHub to standard output, where it reads them."""
    from backup_reconciler.report.problems_github import problems_github
    from backup_reconciler.report.text.problems import problems_text, valid_text

    if inspection.problems:
        text = problems_github(inspection, Path.cwd(), repository()) if github else problems_text(inspection)
        typer.echo(text, err=not github)
    if valid:
        typer.echo(valid_text(inspection))
