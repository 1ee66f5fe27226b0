"""`drift`: report where Azure differs from what is declared."""

from backup_reconciler.cli.day import AsOf
from backup_reconciler.cli.options import AnyFormat, Output, Paths, WholeFormat
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.where import Where, talks_to_azure


@talks_to_azure
def drift(
    paths: Paths, format_: AnyFormat = WholeFormat.TEXT, to: Output = None, as_of: AsOf = None, *, where: Where
) -> int:
    """Report where Azure differs from the manifests; exits with 2 when it does."""
    from backup_reconciler.cli.planning import ask, difference_from
    from backup_reconciler.cli.reporting import write_report
    from backup_reconciler.report.model.report import About

    report = ask(difference_from, paths, where, as_of).report(About.DRIFT)
    write_report(report, format_, to, verbose=where.verbose)
    return ExitStatus.DIFFERENCES if report.differences else ExitStatus.FINE
