"""`export`: write what Azure has as manifests."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.where import Where, talks_to_azure


@talks_to_azure
def export(
    subscription: Annotated[list[str] | None, typer.Option(help="Id of a subscription; may be repeated.")] = None,
    vault: Annotated[
        list[str] | None, typer.Option(metavar="NAME-OR-ID", help="Only this vault; may be repeated.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A file for each vault in this folder; else standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    *,
    where: Where,
) -> None:
    """Write live vaults, policies and protected VMs as manifests that plan to nothing."""
    from backup_reconciler.cli.exporting import exported, write_files, write_output

    found = exported(where, subscription or [], vault or [])
    if output is None:
        write_output(found)
    else:
        write_files(found, output, force=force)
