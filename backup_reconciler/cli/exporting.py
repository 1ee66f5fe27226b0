"""What `export` does once its arguments are known."""

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import typer

from backup_reconciler.apply import Interrupt
from backup_reconciler.cli.asked import AskedVaults
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.console import output, progress_console
from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.logs import tell
from backup_reconciler.cli.loop import run
from backup_reconciler.cli.where import Where
from backup_reconciler.live import read_estate
from backup_reconciler.manifest import load
from backup_reconciler.report.export import ExportedVault, export
from backup_reconciler.report.file_names import file_names
from backup_reconciler.report.local_hours import local_hours
from backup_reconciler.report.words import counted
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.snapshot import VaultContents


def exported(
    where: Where, subscriptions: Sequence[str], vaults: Sequence[str], declared: Sequence[Path]
) -> list[ExportedVault]:
    """The vaults that are asked for, as manifests; `declared` are manifests that may tell more than Azure knows."""
    asked = AskedVaults(subscriptions, vaults)
    manifests = load(declared) if declared else Manifests()

    async def read() -> tuple[list[VaultContents], date]:
        async with connect(where.with_settings(manifests), Interrupt()) as arm:
            with progress_console().status("Reading Azure …"):
                return await read_estate(arm, asked.subscriptions, asked.wanted), arm.clock.now().date()

    estate, today = run(read())
    asked.check((contents.vault.id for contents in estate), some=True)
    return export(estate, local_hours(estate, manifests, today))


def refuse_options_of_worlds(names: str | None, seed: int | None) -> None:
    """Options that mean something for a world alone must not pass for having done something."""
    for option, value in (("--names", names), ("--seed", seed)):
        if value is not None:
            raise UsageError(f"{option} is for worlds, and there is no --as-world")


def write_output(vaults: Sequence[ExportedVault]) -> None:
    typer.echo("---\n".join(vault.text for vault in vaults), nl=False)
    _tell_what_to_look_at(vaults)


def write_files(vaults: Sequence[ExportedVault], folder: Path, *, force: bool) -> None:
    """A file for each vault. Files that are there are somebody's work and stay, unless it is forced."""
    names = file_names(vault.handle for vault in vaults)
    files = {folder / names[vault.handle]: vault for vault in vaults}
    there = [str(path) for path in files if path.exists()]
    if there and not force:
        raise UsageError(f"{', '.join(there)} exists; nothing was written; to overwrite, add --force")
    folder.mkdir(parents=True, exist_ok=True)
    for path, vault in files.items():
        path.write_text(vault.text, encoding="utf-8")
    output().print(f"Wrote {counted(len(files), 'file')} to {folder}.", soft_wrap=True)
    _tell_what_to_look_at(vaults)


def _tell_what_to_look_at(vaults: Sequence[ExportedVault]) -> None:
    for vault in vaults:
        for what in vault.left_out:
            tell("leftOut", f"left out of {vault.handle}: {what}")
        for what in vault.warnings:
            tell("warning", f"warning: {vault.handle}: {what}")
