"""Looking at jobs until none of them goes on any more, as often as the quota of reads allows."""

from collections.abc import AsyncIterator, Collection
from datetime import datetime

from backup_reconciler.apply.watching.cadence import reads_in, seconds_for_reads
from backup_reconciler.azure.arm import Arm
from backup_reconciler.live import list_jobs, with_phases
from backup_reconciler.state.job_look import JobLook, VMInVault

READ_SINGLY = 20
"""How many jobs the first and the last look read singly: only so a job tells its phases.

Lists and single jobs share one quota, which all who look at the vaults of a subscription share as well.
"""
_LONGEST_PAUSE = 300.0
"""Seconds. The looks between read fewer jobs singly, so that they come at least as often, where lists allow it."""


async def looks_until_over(
    arm: Arm, wanted: Collection[VMInVault], since: datetime, *, completed_too: bool = False
) -> AsyncIterator[JobLook]:
    """Look after look, the last being one in which no job of these VMs goes on; `completed_too` as in `with_phases`."""
    look = await with_phases(arm, await list_jobs(arm, wanted, since), READ_SINGLY, completed_too=completed_too)
    yield look
    while look.running:
        singly = max(0, min(look.running, reads_in(_LONGEST_PAUSE) - look.reads_at_most))
        await arm.clock.sleep(seconds_for_reads(look.reads_at_most + singly))
        listed = await list_jobs(arm, wanted, since, look)
        most = singly if listed.running else READ_SINGLY
        look = await with_phases(arm, listed, most, completed_too=completed_too)
        yield look
