"""`unlock`: take the lock from the run that has it."""

from typing import Annotated

import typer

from backup_reconciler.cli.where import Where, talks_to_azure


@talks_to_azure
def unlock(
    what: Annotated[
        list[str],
        typer.Argument(
            metavar="URL|PATH...", help="The blob; or manifests, whose settings name it.", show_default=False
        ),
    ],
    auto_approve: Annotated[bool, typer.Option("--auto-approve", help="Do not ask.")] = False,
    *,
    where: Where,
) -> int:
    """Show which run has the lock, ask, and take it from there: that run sends nothing new."""
    from backup_reconciler.cli.loop import run
    from backup_reconciler.cli.unlocking import break_lock

    return run(break_lock(where, what, auto_approve=auto_approve))
