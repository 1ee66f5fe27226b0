"""`fmt`: write manifests in the one way they are written."""

from typing import Annotated

import typer

from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.options import Paths

Check = Annotated[
    bool, typer.Option("--check", help="Write nothing; name the files that are not formatted; exit with 1 if any is.")
]
Diff = Annotated[bool, typer.Option("--diff", help="Write nothing; show what would change.")]


@uncollected()
def fmt(paths: Paths, check: Check = False, diff: Diff = False) -> int:
    """Format manifests: fields in their order, comments kept, no value changed. The path - is standard input."""
    from backup_reconciler.cli.formatting import Formatting

    return Formatting(check=check, diff=diff).run(paths)
