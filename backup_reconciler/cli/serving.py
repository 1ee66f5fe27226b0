"""What `sandbox` does once its arguments are known."""

import asyncio
import os
import shlex
import signal
from collections.abc import Sequence
from pathlib import Path

from backup_reconciler import sandbox
from backup_reconciler.cli.connection import only_credentials
from backup_reconciler.cli.console import output
from backup_reconciler.cli.exchange_text import details, line


async def serve(world: Path, *, fresh: bool, port: int, pace: float, tls: bool, verbose: bool) -> None:
    """Serve until Ctrl-C, showing requests as they come: a line each, or with `verbose` whole paths and bodies."""
    console = output()

    def show(exchange: sandbox.Exchange) -> None:
        console.print(line(exchange, console.width if console.is_terminal else None), soft_wrap=True)
        if verbose:
            console.print(details(exchange), style="dim", soft_wrap=True)

    async with sandbox.open_box(world, fresh=fresh, port=port, pace=pace, tls=tls, on_exchange=show) as box:
        console.print(f"An Azure in a box, made from {world}.\nIn another terminal:\n", soft_wrap=True)
        for name, value in box.environment().items():
            console.print(f"export {name}={shlex.quote(value)}", soft_wrap=True)
        console.print("\nRequests (Ctrl-C ends it and keeps its state):")
        stop = asyncio.Event()
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, stop.set)
        await stop.wait()


async def run_inside(world: Path, command: Sequence[str], *, fresh: bool, port: int, pace: float, tls: bool) -> int:
    """Run a command with the box's credentials and no others in its environment; returns its exit status."""
    async with sandbox.open_box(world, fresh=fresh, port=port, pace=pace, tls=tls) as box:
        with only_credentials(box.environment()):
            process = await asyncio.create_subprocess_exec(*command, env=dict(os.environ))
        return await process.wait()
