"""`check`: whether the VMs that are to be backed up are ready for it."""

import typer

from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.day import AsOf
from backup_reconciler.cli.options import Format, Paths, ReportFormat
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.where import Where, talks_to_azure


@talks_to_azure
@uncollected()
def check(paths: Paths, format_: Format = ReportFormat.TEXT, as_of: AsOf = None, *, where: Where) -> int:
    """Tell whether the selected VMs are ready to be backed up; exits with 2 when some are not, or it is not known."""
    from backup_reconciler.cli.console import output
    from backup_reconciler.cli.planning import Approach, ask, check_against
    from backup_reconciler.report.data.check import check_data
    from backup_reconciler.report.text.check import write_check

    found = ask(check_against, paths, where, Approach(as_of))
    if format_ is ReportFormat.JSON:
        typer.echo(check_data(found).as_json())
    else:
        write_check(found, output(), verbose=where.verbose)
    return ExitStatus.FINE if found.passed else ExitStatus.DIFFERENCES
