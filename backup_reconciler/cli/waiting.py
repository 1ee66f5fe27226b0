"""What `apply --wait` does once the configuration is done."""

from contextlib import suppress
from datetime import datetime, timedelta

from backup_reconciler.apply.interrupt import Interrupted
from backup_reconciler.apply.watching.job_looks import looks_until_over
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.cli.console import output
from backup_reconciler.cli.screen import drawing
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.plan.action import BackUpNow
from backup_reconciler.plan.outcome import Result, Status
from backup_reconciler.report.job_list import JobList, Standing, job_list
from backup_reconciler.report.text.jobs import write_backups
from backup_reconciler.state.job_look import VMInVault

_CLOCKS_APART = timedelta(minutes=10)
"""How far the service's clock may be behind this one."""


async def wait_for_backups(result: Result, arm: Arm, started: datetime) -> ExitStatus:
    """Follow the backups that a run has started to their end, and tell how each ended; fine where it started none."""
    labels = _started(result)
    if not labels:
        return ExitStatus.FINE
    found: JobList | None = None
    status, why, before = ExitStatus.FINE, "", arm.sent.reads
    try:
        with drawing("Waiting for the first backups …") as draw:
            async for look in looks_until_over(arm, labels, started - _CLOCKS_APART, completed_too=True):
                found = job_list(look.of_backups(), labels, arm.sent.reads - before)
                draw(found)
    except Interrupted:
        status, why = ExitStatus.INTERRUPTED, "stopped by Ctrl-C"
    except AzureError as error:
        status, why = ExitStatus.IN_PART, str(error)
    with suppress(OSError):  # a reader that has gone away does not change what was done
        write_backups(found, output(), why)
    return status or (ExitStatus.IN_PART if found and _any_failed(found) else ExitStatus.FINE)


def _started(result: Result) -> dict[VMInVault, str]:
    """The VMs whose first backup this run has started, with their labels; none where nobody waits any more."""
    return {
        VMInVault(outcome.action.vault, outcome.action.vm): outcome.action.label
        for outcome in result.of(Status.DONE)
        if isinstance(outcome.action, BackUpNow) and not result.interrupted
    }


def _any_failed(found: JobList) -> bool:
    return any(found.counts[standing] for standing in (Standing.FAILED, Standing.CANCELLED))
