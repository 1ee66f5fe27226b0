"""`sandbox`: serve a world as an Azure in a box."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.options import Fresh


def sandbox(
    world: Annotated[Path, typer.Argument(help="World file (*.world.yaml).", show_default=False)],
    command: Annotated[
        list[str] | None,
        typer.Argument(help="A command to run inside; the box closes when it ends.", show_default=False),
    ] = None,
    fresh: Fresh = False,
    port: Annotated[int, typer.Option(min=0, max=65535, help="Port on loopback; 0 takes a free one.")] = 0,
    pace: Annotated[float, typer.Option(min=0.001, help="Seconds of the world that pass in a real second.")] = 1.0,
    tls: Annotated[bool, typer.Option("--tls", help="Serve https: az and most other clients want it.")] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Show requests with whole paths and bodies.")
    ] = False,
) -> int:
    """Serve a world until Ctrl-C, or while a command runs: `sandbox WORLD -- python audit.py`."""
    from backup_reconciler.cli.loop import run
    from backup_reconciler.cli.serving import run_inside, serve

    if command:
        return run(run_inside(world, command, fresh=fresh, port=port, pace=pace, tls=tls))
    run(serve(world, fresh=fresh, port=port, pace=pace, tls=tls, verbose=verbose))
    return 0
