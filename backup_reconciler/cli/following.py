"""What `jobs` does once its arguments are known."""

from collections.abc import Callable
from datetime import timedelta

from backup_reconciler.apply import Interrupt
from backup_reconciler.apply.watching.job_looks import looks_until_over
from backup_reconciler.cli.connection import connect
from backup_reconciler.cli.screen import drawing
from backup_reconciler.cli.where import Where
from backup_reconciler.live import read_fleet
from backup_reconciler.plan import scope_of
from backup_reconciler.plan.selection.selected import selected_vms
from backup_reconciler.report.job_list import JobList, job_list
from backup_reconciler.spec.document import Manifests


async def follow_jobs(
    where: Where, manifests: Manifests, *, days: int, watch: bool, show: Callable[[JobList], None]
) -> None:
    """Look once, or until nothing runs, and show what was seen last, also when Ctrl-C ends it."""
    found: JobList | None = None
    async with connect(where.with_settings(manifests), Interrupt()) as arm:
        try:
            with drawing("Reading Azure …") as draw:
                fleet = await read_fleet(arm, scope_of(manifests))
                labels = {one.where: one.label for one in selected_vms(manifests, fleet)}
                since = arm.clock.now() - timedelta(days=days)
                async for look in looks_until_over(arm, labels, since):
                    found = job_list(look, labels, arm.sent.reads)
                    if not watch:
                        break
                    draw(found)
        finally:
            if found is not None:
                show(found)
