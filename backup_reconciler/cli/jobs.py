"""`jobs`: the backup jobs of the selected VMs."""

from typing import TYPE_CHECKING, Annotated

import typer

from backup_reconciler.cli.options import Format, Paths, ReportFormat
from backup_reconciler.cli.where import Where, talks_to_azure

if TYPE_CHECKING:
    from backup_reconciler.report.job_list import JobList

_MOST_DAYS = 30
"""The service is asked for no more at once by its own clients, and lists no older jobs."""


@talks_to_azure
def jobs(
    paths: Paths,
    format_: Format = ReportFormat.TEXT,
    since: Annotated[
        int, typer.Option(metavar="DAYS", min=1, max=_MOST_DAYS, help="Jobs that started in the last so many days.")
    ] = 1,
    watch: Annotated[bool, typer.Option("--watch", help="Look again and again, until no job is running.")] = False,
    *,
    where: Where,
) -> None:
    """Show the backup jobs of the VMs that manifests select: both phases, and why one failed."""
    from backup_reconciler.cli.console import output
    from backup_reconciler.cli.following import follow_jobs
    from backup_reconciler.cli.loop import run
    from backup_reconciler.manifest import load
    from backup_reconciler.report.data.jobs import jobs_data
    from backup_reconciler.report.text.jobs import write_jobs

    def show(found: "JobList") -> None:
        if format_ is ReportFormat.JSON:
            typer.echo(jobs_data(found).as_json())
        else:
            write_jobs(found, output())

    run(follow_jobs(where, load(paths), days=since, watch=watch, show=show))
