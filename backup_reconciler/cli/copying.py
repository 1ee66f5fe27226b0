"""What `export --as-world` does once its arguments are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import typer

from backup_reconciler import sandbox
from backup_reconciler.apply import Interrupt
from backup_reconciler.cli.asked import AskedVaults
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.console import output, progress_console
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.logs import tell
from backup_reconciler.cli.loop import run
from backup_reconciler.cli.where import Where
from backup_reconciler.live import read_to_copy
from backup_reconciler.report.copy import Kept, Scrambled, WorldCopy, copy_world
from backup_reconciler.report.words import counted
from backup_reconciler.state.estate_copy import EstateToCopy

_SUFFIX = ".world.yaml"
"""Of world files: by it a folder of manifests tells them from its own."""


@dataclass(frozen=True, slots=True)
class Copying:
    """How the copy is to be made, and where it goes: to standard output where no file is named."""

    scrambled: bool
    seed: int | None
    output: Path | None
    force: bool

    def check(self) -> None:
        """Before anything is read: what does not go together, and a file that is somebody's work."""
        if self.seed is not None and not self.scrambled:
            raise UsageError("--seed is for --names scrambled; names that are kept need none")
        if self.output is None:
            return
        if not self.output.name.endswith(_SUFFIX):
            raise UsageError(f"--output {self.output}: a world's file is called *{_SUFFIX}, so that it is known by it")
        if self.output.exists() and not self.force:
            raise UsageError(f"{self.output} exists; nothing was written; to overwrite, add --force")


def refuse_options_of_manifests(declared: Sequence[Path] | None) -> None:
    """Options that mean something for manifests alone must not pass for having done something."""
    if declared:
        raise UsageError("--declared is for manifests, and --as-world writes none")


def write_world(where: Where, copying: Copying, subscriptions: Sequence[str], vaults: Sequence[str]) -> None:
    """Read the estate, and write it down as a world that has been tried."""
    copying.check()
    asked = AskedVaults(subscriptions, vaults)

    async def read() -> EstateToCopy:
        async with connect(where, Interrupt()) as arm:
            with progress_console().status("Reading Azure …"):
                return await read_to_copy(arm, asked.subscriptions, asked.wanted)

    estate = run(read())
    asked.check((contents.vault.id for contents in estate.vaults), some=False)
    names = Scrambled(copying.seed) if copying.scrambled else Kept()
    made = copy_world(estate, names, sandbox.why_no_policy, only_held=asked.only_some)
    sandbox.parse_world(made.world)
    _write(made, copying.output)
    for what in made.left_out:
        tell("leftOut", f"left out of {what}")


def _write(made: WorldCopy, path: Path | None) -> None:
    if path is None:
        typer.echo(made.text, nl=False)
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(made.text, encoding="utf-8")
    output().print(
        f"Wrote {counted(made.vaults, 'vault')} and {counted(made.machines, 'VM')} to {path}.", soft_wrap=True
    )
