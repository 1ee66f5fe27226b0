"""`plan`: show the difference between manifests and Azure."""

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from backup_reconciler.cli.collector import uncollected
from backup_reconciler.cli.day import AsOf
from backup_reconciler.cli.most_changes import MostChanges
from backup_reconciler.cli.options import Also, AnyFormat, Output, Paths, Read, WholeFormat
from backup_reconciler.cli.shard_option import ShardOption
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.cli.where import Where, talks_to_azure
from backup_reconciler.spec.shard import WHOLE
from backup_reconciler.state.read_by import ReadBy


@talks_to_azure
@uncollected()
def plan(
    paths: Paths,
    format_: AnyFormat = WholeFormat.TEXT,
    to: Output = None,
    also: Also = None,
    out: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Save the plan to this file, for apply --plan.", show_default=False),
    ] = None,
    detailed_exitcode: Annotated[bool, typer.Option(help="Exit with 2 when there are managed differences.")] = False,
    explain: Annotated[
        str | None,
        typer.Option(metavar="VM", help="Say of one VM why: by its name, group/name or ARM id.", show_default=False),
    ] = None,
    max_changes: MostChanges = None,
    shard: ShardOption = None,
    as_of: AsOf = None,
    read: Read = ReadBy.LISTS,
    *,
    where: Where,
) -> int:
    """Show what apply would do. Azure is read, and nothing is changed."""
    from backup_reconciler.cli.errors import UsageError
    from backup_reconciler.cli.explaining import explain_vm
    from backup_reconciler.cli.planning import Approach, ask, basis_of_plan, plan_against
    from backup_reconciler.cli.reporting import refuse_on_terminal, refuse_same_file, write_report
    from backup_reconciler.cli.saved_plans import check_out, save
    from backup_reconciler.report.model.report import About

    approach = Approach(as_of, read, shard or WHOLE)
    if out is not None:
        check_out(out, explains=explain is not None)
    if explain is not None:
        if also:
            raise UsageError("--explain tells of one VM, and --also writes the whole report; leave one of them out")
        if to is not None:
            raise UsageError("--explain goes to standard output; leave --output out")
        if shard is not None:
            raise UsageError("--explain tells of one VM, whatever shard it is in; leave --shard out")
        explain_vm(explain, ask(basis_of_plan, paths, where, approach), format_)
        return ExitStatus.FINE
    refuse_on_terminal(format_, to)
    refuse_same_file(out, to, *(one.file for one in also or ()))
    basis = ask(partial(plan_against, max_changes=max_changes), paths, where, approach)
    if out is not None:
        save(basis.plan, basis.manifests, where, out)
    report = basis.report(About.PLAN)
    write_report(report, format_, to, also or (), verbose=where.verbose)
    return ExitStatus.DIFFERENCES if detailed_exitcode and report.differences else ExitStatus.FINE
