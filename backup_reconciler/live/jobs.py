"""Reading the jobs of VMs: one list a vault, and singly those few whose phases tell something."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job
from backup_reconciler.azure.codec.protection import container_key_of
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import list_of, read
from backup_reconciler.azure.tasks import gather
from backup_reconciler.live.job_window import AHEAD
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job
from backup_reconciler.state.job_look import JobLook, VMInVault

Found = Sequence[tuple[VMInVault, Job]]


@dataclass(frozen=True, slots=True)
class _VaultJobs:
    """The list of one vault: the jobs of VMs that were asked for, and how many others there are."""

    vault: ArmId
    found: Found = ()
    of_others: int = 0
    exists: bool = True


async def list_jobs(arm: Arm, wanted: Iterable[VMInVault], since: datetime, before: JobLook | None = None) -> JobLook:
    """The jobs of these VMs that started after a moment, with the phases that the look `before` told of ended ones.

    Raises `AzureError` when a list cannot be read; a vault that does not exist has no jobs.
    """
    reads, vms = arm.sent.reads, defaultdict[ArmId, list[VMInVault]](list)
    for where in wanted:
        vms[where.vault].append(where)
    until = arm.clock.now() + AHEAD
    lists = await gather(_list(arm, vault, vms[vault], since, until) for vault in sorted(vms))
    jobs: dict[VMInVault, list[Job]] = {where: [] for vault in sorted(vms) for where in vms[vault]}
    told = {found.id: found for _, found in before or () if found.phases is not None and not found.running}
    for where, found in (one for each in lists for one in each.found):
        jobs[where].append(told.get(found.id, found))
    return JobLook(
        at=arm.clock.now(),
        since=since,
        jobs={where: tuple(mine) for where, mine in jobs.items()},
        missing_vaults=frozenset(each.vault for each in lists if not each.exists),
        of_others=sum(each.of_others for each in lists),
        reads_at_most=_busiest(vms) + (arm.sent.reads - reads - len(vms)),
    )


async def with_phases(arm: Arm, look: JobLook, at_most: int, *, completed_too: bool = False) -> JobLook:
    """The look with the phases of so many backups at most, the newest: each is read singly.

    Read are those whose phases tell more than their status; with `completed_too` any.
    """
    telling = (one for one in look if one[1].is_backup) if completed_too else _telling(look)
    unread = sorted((one for one in telling if one[1].phases is None), key=_newest_first)[:at_most]
    whole = {one.id: one for one in await gather(_read(arm, where.vault, found) for where, found in unread)}
    jobs = {where: tuple(whole.get(found.id, found) for found in mine) for where, mine in look.jobs.items()}
    return replace(look, jobs=jobs)


async def _list(arm: Arm, vault: ArmId, wanted: Iterable[VMInVault], since: datetime, until: datetime) -> _VaultJobs:
    try:
        jobs = await list_of(arm, job.list_request(vault, since, until), job.decode)
    except AzureError as error:
        if error.status != 404:
            raise
        return _VaultJobs(vault, exists=False)
    by_container = {container_key_of(where.vm): where for where in wanted}
    found = [(by_container[one.container], one) for one in jobs if one.container in by_container]
    return _VaultJobs(vault, found, len(jobs) - len(found))


async def _read(arm: Arm, vault: ArmId, listed: Job) -> Job:
    return read(job.decode, (await arm.send(job.get_request(vault, listed.id))).body)


def _busiest(vaults: Iterable[ArmId]) -> int:
    """How many of these vaults are in the subscription that has the most of them."""
    return max(Counter(vault.subscription.casefold() for vault in vaults).values(), default=0)


def _telling(look: JobLook) -> Iterator[tuple[VMInVault, Job]]:
    """The backups that run or did not go well, and those that took their snapshot while one before was transferred.

    The transfer of the latter was skipped, which their status does not tell.
    """
    earlier: Mapping[VMInVault, list[Job]] = defaultdict(list)
    for where, found in sorted(look, key=_newest_first, reverse=True):
        if not found.is_backup:
            continue
        if found.running or found.went_wrong or any(_outlasts(one, found) for one in earlier[where]):
            yield where, found
        earlier[where].append(found)


def _outlasts(earlier: Job, later: Job) -> bool:
    return later.ended is not None and (earlier.ended is None or earlier.ended > later.ended)


def _newest_first(one: tuple[VMInVault, Job]) -> tuple[float, str]:
    started = one[1].started
    return -started.timestamp() if started else 0.0, one[1].id
