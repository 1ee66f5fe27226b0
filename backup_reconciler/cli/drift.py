"""`drift`: report where Azure differs from what is declared."""

import typer

from backup_reconciler.cli.options import (
    ArmEndpoint,
    Cloud,
    CloudName,
    Concurrency,
    Format,
    Fresh,
    Paths,
    ReportFormat,
    Sandbox,
    Verbose,
)


def drift(
    paths: Paths,
    format_: Format = ReportFormat.TEXT,
    sandbox: Sandbox = None,
    fresh: Fresh = False,
    cloud: Cloud = CloudName.PUBLIC,
    arm_endpoint: ArmEndpoint = None,
    concurrency: Concurrency = 16,
    verbose: Verbose = False,
) -> int:
    """Report where Azure differs from the manifests; exits with 2 when it does."""
    from backup_reconciler.cli.connection import Where
    from backup_reconciler.cli.console import output, set_up_logging
    from backup_reconciler.cli.planning import planned
    from backup_reconciler.plan.drift import differences
    from backup_reconciler.report.drift_json import drift_data
    from backup_reconciler.report.drift_text import write_drift

    set_up_logging(verbose=verbose)
    found = planned(paths, Where(cloud, arm_endpoint, sandbox, fresh, concurrency))
    if format_ is ReportFormat.JSON:
        typer.echo(drift_data(found).model_dump_json(indent=2))
    else:
        write_drift(found, output())
    return 2 if differences(found) else 0
