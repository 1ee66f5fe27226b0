"""`export`: write what Azure has as manifests, or as a world."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.where import Where, talks_to_azure


class NamesInWorld(StrEnum):
    """What things are called in a world that is made from a real estate."""

    KEPT = "kept"
    SCRAMBLED = "scrambled"


@talks_to_azure
@uncollected()
def export(
    subscription: Annotated[list[str] | None, typer.Option(help="Id of a subscription; may be repeated.")] = None,
    vault: Annotated[
        list[str] | None, typer.Option(metavar="NAME-OR-ID", help="Only this vault; may be repeated.")
    ] = None,
    output: Annotated[
        Path | None,
        typer.Option(
            metavar="PATH",
            help="A folder, for a file for each vault; with --as-world the file. Else standard output.",
        ),
    ] = None,
    declared: Annotated[
        list[Path] | None,
        typer.Option(
            metavar="PATH",
            help="Manifests of some of it, of which those policies are told by their local hour that are declared so; "
            "may be repeated.",
        ),
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite files that are there.")] = False,
    as_world: Annotated[
        bool, typer.Option("--as-world", help="Write a world file instead, to rehearse on with --sandbox.")
    ] = False,
    names: Annotated[
        NamesInWorld | None, typer.Option(help="With --as-world: names as they are, or ones that tell nothing.")
    ] = None,
    seed: Annotated[
        int | None, typer.Option(help="With --names scrambled: equal seeds give equal names to an equal estate.")
    ] = None,
    *,
    where: Where,
) -> None:
    """Write live vaults, policies and protected VMs as manifests that plan to nothing, or as a world for a sandbox."""
    if as_world:
        from backup_reconciler.cli.copying import Copying, refuse_options_of_manifests, write_world

        refuse_options_of_manifests(declared)
        copying = Copying(scrambled=names is NamesInWorld.SCRAMBLED, seed=seed, output=output, force=force)
        write_world(where, copying, subscription or [], vault or [])
        return
    from backup_reconciler.cli.exporting import exported, refuse_options_of_worlds, write_files, write_output

    refuse_options_of_worlds(names, seed)
    found = exported(where, subscription or [], vault or [], declared or [])
    if output is None:
        write_output(found)
    else:
        write_files(found, output, force=force)
