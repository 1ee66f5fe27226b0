"""`schema`: write the JSON Schemas of manifests, reports and worlds."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.report.words import visible


def schema(
    output: Annotated[Path, typer.Option(metavar="DIR", help="Folder to write to.")] = Path("schemas"),
) -> None:
    """Write the JSON Schemas: of each kind of document and of all together, of each report and of worlds."""
    from backup_reconciler.report.schemas import schemas
    from backup_reconciler.sandbox.world.schema import world_schema

    texts = {**schemas(), "World.schema.json": world_schema()}
    output.mkdir(parents=True, exist_ok=True)
    for name, text in texts.items():
        (output / name).write_text(text, encoding="utf-8")
    typer.echo(f"Wrote {len(texts)} schemas to {visible(output)}.")
