"""What `report merge` does once its arguments are known."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from backup_reconciler.cli.errors import UsageError
from backup_reconciler.cli.options import ReportFile, WholeFormat
from backup_reconciler.cli.reporting import refuse_on_terminal, refuse_same_file, write_report
from backup_reconciler.cli.saved_plans import check_out, write_saved
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.report.earlier import read_earlier, refuse_unrelated
from backup_reconciler.report.merge import joined, joined_plans, read_shard_plan, read_shard_report
from backup_reconciler.report.model.report import About, with_since


@dataclass(frozen=True, slots=True)
class Merged:
    """How the joined report is told."""

    format: WholeFormat
    to: Path | None
    also: tuple[ReportFile, ...]
    since: Path | None
    partial: bool
    verbose: bool


def merge_reports(files: Sequence[Path], told: Merged, *, detailed_exitcode: bool) -> ExitStatus:
    """Join reports and tell the whole; it ends as the verb would that wrote them."""
    refuse_on_terminal(told.format, told.to)
    refuse_same_file(told.to, *(one.file for one in told.also), *dict.fromkeys(files))
    report = joined([read_shard_report(str(file), file.read_bytes()) for file in files], partial=told.partial)
    if told.since:
        if report.about is About.PLAN:
            raise UsageError("--since is about reports of drift, and these are of plan; leave it out")
        earlier = read_earlier(str(told.since), told.since.read_bytes())
        refuse_unrelated(str(told.since), earlier, report)
        report = with_since(report, earlier)
    write_report(report, told.format, told.to, told.also, verbose=told.verbose)
    counts = report.about is About.DRIFT or detailed_exitcode
    return ExitStatus.DIFFERENCES if counts and report.differences else ExitStatus.FINE


def merge_plans(files: Sequence[Path], out: Path, *, others_given: bool) -> None:
    """Join saved plans, and save the whole."""
    if others_given:
        raise UsageError("--out joins saved plans and writes no report; leave the options of reports out")
    check_out(out, explains=False)
    refuse_same_file(out, *dict.fromkeys(files))
    write_saved(joined_plans([read_shard_plan(str(file), file.read_bytes()) for file in files]), out)
