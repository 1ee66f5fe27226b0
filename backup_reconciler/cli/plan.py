"""`plan`: show the difference between manifests and Azure."""

from typing import Annotated

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


def plan(
    paths: Paths,
    format_: Format = ReportFormat.TEXT,
    detailed_exitcode: Annotated[bool, typer.Option(help="Exit with 2 when Azure is not as declared.")] = False,
    sandbox: Sandbox = None,
    fresh: Fresh = False,
    cloud: Cloud = CloudName.PUBLIC,
    arm_endpoint: ArmEndpoint = None,
    concurrency: Concurrency = 16,
    verbose: Verbose = False,
) -> int:
    """Show what apply would do. Azure is read, and nothing is changed."""
    from backup_reconciler.cli.connection import Where
    from backup_reconciler.cli.console import output, set_up_logging
    from backup_reconciler.cli.planning import planned
    from backup_reconciler.plan.drift import differences
    from backup_reconciler.report.plan_json import plan_data
    from backup_reconciler.report.plan_text import write_plan

    set_up_logging(verbose=verbose)
    found = planned(paths, Where(cloud, arm_endpoint, sandbox, fresh, concurrency))
    if format_ is ReportFormat.JSON:
        typer.echo(plan_data(found).model_dump_json(indent=2))
    else:
        write_plan(found, output(), verbose=verbose)
    return 2 if detailed_exitcode and differences(found) else 0
