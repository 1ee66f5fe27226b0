"""`drift`: report where Azure differs from what is declared."""

from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.day import AsOf
from backup_reconciler.cli.options import Also, AnyFormat, Output, Paths, Read, WholeFormat
from backup_reconciler.cli.shard_option import ShardOption
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.where import Where, talks_to_azure
from backup_reconciler.spec.shard import WHOLE
from backup_reconciler.state.read_by import ReadBy


@talks_to_azure
@uncollected()
def drift(
    paths: Paths,
    format_: AnyFormat = WholeFormat.TEXT,
    to: Output = None,
    also: Also = None,
    since: Annotated[
        Path | None,
        typer.Option(
            metavar="REPORT",
            help="Tell what is new and what is gone since this report in JSON, and whether Azure or git changed.",
            show_default=False,
        ),
    ] = None,
    shard: ShardOption = None,
    as_of: AsOf = None,
    read: Read = ReadBy.LISTS,
    *,
    where: Where,
) -> int:
    """Report where Azure differs from the manifests; exits with 2 when it does."""
    from backup_reconciler.cli.planning import Approach, ask, difference_from
    from backup_reconciler.cli.reporting import refuse_on_terminal, refuse_same_file, write_report
    from backup_reconciler.report.earlier import read_earlier, refuse_unrelated
    from backup_reconciler.report.model.report import About, with_since

    refuse_on_terminal(format_, to)
    refuse_same_file(to, *(one.file for one in also or ()))
    earlier = read_earlier(str(since), since.read_bytes()) if since else None
    report = ask(difference_from, paths, where, Approach(as_of, read, shard or WHOLE)).report(About.DRIFT)
    if since and earlier:
        refuse_unrelated(str(since), earlier, report)
        report = with_since(report, earlier)
    write_report(report, format_, to, also or (), verbose=where.verbose)
    return ExitStatus.DIFFERENCES if report.differences else ExitStatus.FINE
