"""`schema`: write the JSON Schemas of manifests and reports."""

from pathlib import Path
from typing import Annotated

import typer


def schema(
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to.")] = Path("schemas"),
) -> None:
    """Write the JSON Schemas: one per kind of document, and one each for the plan and the drift report."""
    from backup_reconciler.report.schemas import schemas

    output.mkdir(parents=True, exist_ok=True)
    for name, text in schemas().items():
        (output / name).write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {len(schemas())} schemas to {output}.")
