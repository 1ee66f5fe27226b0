"""Looking at jobs until none of them goes on any more, as often as the quota of reads allows."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from backup_reconciler.apply.cadence import seconds_for_reads
from backup_reconciler.azure.arm import Arm
from backup_reconciler.live import read_jobs
from backup_reconciler.state.job_look import JobLook, VMInVault


async def looks_until_over(
    arm: Arm, wanted: Collection[VMInVault], since: datetime, *, completed_too: bool = False
) -> AsyncIterator[JobLook]:
    """Look after look, the last being one in which no job of these VMs goes on; `completed_too` as in `read_jobs`.

    Lists and single jobs are read by one action of the service, so the pause counts the requests of the last look.
    """
    look: JobLook | None = None
    while look is None or look.running:
        if look is not None:
            await arm.clock.sleep(seconds_for_reads(look.requests_at_most))
        look = await read_jobs(arm, wanted, since, look, completed_too=completed_too)
        yield look
