"""`drift`: report where Azure differs from what is declared."""

import typer

from backup_reconciler.cli.day import AsOf
from backup_reconciler.cli.options import Format, Paths, ReportFormat
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.where import Where, talks_to_azure


@talks_to_azure
def drift(paths: Paths, format_: Format = ReportFormat.TEXT, as_of: AsOf = None, *, where: Where) -> int:
    """Report where Azure differs from the manifests; exits with 2 when it does."""
    from backup_reconciler.cli.console import output
    from backup_reconciler.cli.planning import ask, difference_from
    from backup_reconciler.plan.drift import differences
    from backup_reconciler.report.drift_json import drift_data
    from backup_reconciler.report.drift_text import write_drift

    found = ask(difference_from, paths, where, as_of)
    if format_ is ReportFormat.JSON:
        typer.echo(drift_data(found).model_dump_json(indent=2))
    else:
        write_drift(found, output(), verbose=where.verbose)
    return ExitStatus.DIFFERENCES if differences(found) else ExitStatus.FINE
