"""`new`: write a manifest to start from."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli import day
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.report.words import visible


def new(
    kind: Annotated[
        str, typer.Argument(metavar="KIND", help="vault, policy, assignment, outbound, exemption or settings.")
    ],
    name: Annotated[
        str | None, typer.Argument(metavar="NAME", help="Its handle: how other documents refer to it.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="FILE", help="File to write to. Else standard output.", show_default=False)
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite a file that is there.")] = False,
) -> None:
    """Write a manifest to start from, with every field of its kind in it, most of them commented out."""
    from backup_reconciler.manifest.starting_point import starting_point

    text = starting_point(kind, name, day.today())
    if output is None:
        typer.echo(text, nl=False)
        return
    if output.is_dir():
        raise UsageError(f"{output} is a folder; name a file in it")
    if output.exists() and not force:
        raise UsageError(f"{output} exists; nothing was written; to overwrite, add --force")
    output.parent.mkdir(parents=True, exist_ok=True)
    output.write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {visible(output)}.")
