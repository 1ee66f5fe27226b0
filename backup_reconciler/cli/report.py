"""`report`: do something with reports that other verbs have written."""

from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.options import Also, AnyFormat, Output, WholeFormat
from backup_reconciler.cli.status import ExitStatus


class Doing(StrEnum):
    """What is done with them."""

    MERGE = "merge"


def report(
    doing: Annotated[Doing, typer.Argument(metavar="merge", help="Join the files of all shards of one run to one.")],
    files: Annotated[
        list[Path],
        typer.Argument(
            metavar="FILE...",
            help="Reports in JSON, or saved plans, that 'plan' or 'drift' wrote with --shard.",
            show_default=False,
        ),
    ],
    format_: AnyFormat = WholeFormat.TEXT,
    to: Output = None,
    also: Also = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Join saved plans to this one, for apply --plan.", show_default=False),
    ] = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="REPORT",
            help="Of reports of drift: tell what is new and what is gone since this one, which is of all shards.",
            show_default=False,
        ),
    ] = None,
    partial: Annotated[
        bool, typer.Option("--partial", help="Join what there is of reports, though shards are missing.")
    ] = False,
    detailed_exitcode: Annotated[
        bool, typer.Option(help="Of plans: exit with 2 when there are managed differences.")
    ] = False,
    verbose: Annotated[
        bool, typer.Option("--verbose", "-v", help="Say more: what is unchanged, and long lists.")
    ] = False,
) -> int:
    """Join the reports, or the saved plans, of the shards of one run."""
    from backup_reconciler.cli.merging import Merged, merge_plans, merge_reports

    assert doing is Doing.MERGE
    if out is not None:
        merge_plans(files, out, others_given=bool(to or also or since or partial))
        return ExitStatus.FINE
    return merge_reports(
        files,
        Merged(format_, to, tuple(also or ()), since, partial=partial, verbose=verbose),
        detailed_exitcode=detailed_exitcode,
    )
