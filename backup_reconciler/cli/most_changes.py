"""How many VMs a run may change."""

from typing import Annotated, TypeAlias

import typer

from backup_reconciler.spec.max_changes import MaxChanges


def written(text: str) -> MaxChanges:
    """The number or the share that an option names."""
    read = MaxChanges.written(text)
    if read is None:
        raise typer.BadParameter(f"'{text}' is neither a number of VMs such as 40 nor a share such as 25%.")
    return read


MostChanges: TypeAlias = Annotated[
    MaxChanges | None,
    typer.Option(
        "--max-changes",
        parser=written,
        metavar="N|N%",
        help="Agree to a run that changes the backups of so many VMs, or of such a share of them, whatever the limits "
        "of the settings.",
    ),
]
