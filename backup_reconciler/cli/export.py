"""`export`: write what Azure has as manifests."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.options import ArmEndpoint, Cloud, CloudName, Concurrency, Fresh, Sandbox, Verbose


def export(
    subscription: Annotated[list[str] | None, typer.Option(help="Id of a subscription; may be repeated.")] = None,
    vault: Annotated[
        list[str] | None, typer.Option(metavar="NAME-OR-ID", help="Only this vault; may be repeated.")
    ] = None,
    output: Annotated[
        Path | None, typer.Option(metavar="DIR", help="A file for each vault in this folder; else standard output.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    sandbox: Sandbox = None,
    fresh: Fresh = False,
    cloud: Cloud = CloudName.PUBLIC,
    arm_endpoint: ArmEndpoint = None,
    concurrency: Concurrency = 16,
    verbose: Verbose = False,
) -> None:
    """Write live vaults, policies and protected VMs as manifests that plan to nothing."""
    from backup_reconciler.cli.connection import Where
    from backup_reconciler.cli.console import set_up_logging
    from backup_reconciler.cli.exporting import exported, write_files, write_output

    set_up_logging(verbose=verbose)
    where = Where(cloud, arm_endpoint, sandbox, fresh, concurrency)
    found = exported(where, subscription or [], vault or [])
    if output is None:
        write_output(found)
    else:
        write_files(found, output, force=force)
