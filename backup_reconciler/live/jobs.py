"""Reading the jobs of VMs: one list a vault, and singly those few whose phases tell something."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job
from backup_reconciler.azure.codec.protection import container_key_of
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.reading import read, read_all
from backup_reconciler.azure.tasks import gather
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job
from backup_reconciler.state.job_look import JobLook, VMInVault
from backup_reconciler.state.snapshot import Snapshot, VaultContents

READ_SINGLY = 20
"""How many jobs one look reads singly, the newest first.

Only a single job tells its phases, and the service takes 150 reads of jobs an hour, lists included, from all who look
at the vaults of a subscription (recorded refusal: "exceeded the limit of '150'").
"""
_AHEAD = timedelta(hours=1)
"""How far the service's clock may be ahead of this one."""

_AS_FAR_BACK = timedelta(days=30)
"""How far back jobs are asked for where it matters whether there was one at all; the service keeps them as long."""

Found = Sequence[tuple[VMInVault, Job]]


@dataclass(frozen=True, slots=True)
class _VaultJobs:
    """The list of one vault: the jobs of VMs that were asked for, and how many others there are."""

    vault: ArmId
    found: Found = ()
    of_others: int = 0
    exists: bool = True


async def read_jobs(
    arm: Arm,
    wanted: Iterable[VMInVault],
    since: datetime,
    before: JobLook | None = None,
    *,
    completed_too: bool = False,
) -> JobLook:
    """The jobs of these VMs that started after a moment. What the look `before` told of ended jobs is not asked again.

    With `completed_too` the phases of backups that went well are asked for like those of the others.

    Raises `AzureError` when a list cannot be read; a vault that does not exist has no jobs.
    """
    reads = arm.sent.reads
    vms: dict[ArmId, list[VMInVault]] = defaultdict(list)
    for where in wanted:
        vms[where.vault].append(where)
    until = arm.clock.now() + _AHEAD
    lists = await gather(_list(arm, vault, vms[vault], since, until) for vault in sorted(vms))
    listed = [one for each in lists for one in each.found]
    told = {found.id: found for _, found in before or () if found.phases is not None and found.ended}
    telling = [one for one in listed if one[1].is_backup] if completed_too else _telling(listed)
    worth = [(where, found) for where, found in telling if found.id not in told]
    singly = sorted(worth, key=_newest_first)[:READ_SINGLY]
    told |= {found.id: found for found in await gather(_read(arm, where.vault, found) for where, found in singly)}
    requests = arm.sent.reads - reads
    return JobLook(
        at=arm.clock.now(),
        since=since,
        jobs=_by_vm(vms, ((where, told.get(found.id, found)) for where, found in listed)),
        missing_vaults=frozenset(each.vault for each in lists if not each.exists),
        of_others=sum(each.of_others for each in lists),
        requests=requests,
        requests_at_most=_at_most(requests, [*vms, *(where.vault for where, _ in singly)]),
    )


async def with_backups_tried(arm: Arm, snapshot: Snapshot, vaults: Iterable[ArmId]) -> Snapshot:
    """The snapshot with what the jobs of these vaults tell of backups that were tried: one list for each vault."""
    before, asked = arm.sent.reads, sorted(vaults)
    tried = await gather(_backups_tried(arm, snapshot.vaults[vault]) for vault in asked)
    vaults_now = {**snapshot.vaults, **dict(zip(asked, tried, strict=True))}
    return replace(snapshot, vaults=vaults_now, requests=snapshot.requests + arm.sent.reads - before)


async def _backups_tried(arm: Arm, contents: VaultContents) -> VaultContents:
    now = arm.clock.now()
    request = job.list_request(contents.vault.id, now - _AS_FAR_BACK, now + _AHEAD, "Backup")
    found = {one.container for one in read_all(job.decode, await arm.list(request))}
    return replace(contents, backup_tried=frozenset(vm for vm in contents.items if container_key_of(vm) in found))


async def _list(arm: Arm, vault: ArmId, wanted: Iterable[VMInVault], since: datetime, until: datetime) -> _VaultJobs:
    try:
        jobs = read_all(job.decode, await arm.list(job.list_request(vault, since, until)))
    except AzureError as error:
        if error.status != 404:
            raise
        return _VaultJobs(vault, exists=False)
    by_container = {container_key_of(where.vm): where for where in wanted}
    found = [(by_container[one.container], one) for one in jobs if one.container in by_container]
    return _VaultJobs(vault, found, len(jobs) - len(found))


async def _read(arm: Arm, vault: ArmId, listed: Job) -> Job:
    return read(job.decode, (await arm.send(job.get_request(vault, listed.id))).body)


def _at_most(requests: int, asked: Collection[ArmId]) -> int:
    """What the busiest subscription had to answer, if all the further pages of lists were its own."""
    busiest = max(Counter(vault.subscription.casefold() for vault in asked).values(), default=0)
    return busiest + requests - len(asked)


def _telling(listed: Found) -> Iterator[tuple[VMInVault, Job]]:
    """The backups whose phases tell more than their status.

    Those are the ones that run or did not go well, and those that took their snapshot while an earlier backup was still
    being transferred: their own transfer was skipped.
    """
    earlier: dict[VMInVault, list[Job]] = defaultdict(list)
    for where, found in sorted(listed, key=_newest_first, reverse=True):
        if not found.is_backup:
            continue
        overlapped = any(_outlasts(one, found) for one in earlier[where])
        if found.running or found.listed_status in ("Failed", "CompletedWithWarnings") or overlapped:
            yield where, found
        earlier[where].append(found)


def _outlasts(earlier: Job, later: Job) -> bool:
    return later.ended is not None and (earlier.ended is None or earlier.ended > later.ended)


def _newest_first(one: tuple[VMInVault, Job]) -> tuple[float, str]:
    started = one[1].started
    return -started.timestamp() if started else 0.0, one[1].id


def _by_vm(
    vms: Mapping[ArmId, Iterable[VMInVault]], found: Iterable[tuple[VMInVault, Job]]
) -> dict[VMInVault, tuple[Job, ...]]:
    jobs: dict[VMInVault, list[Job]] = {where: [] for vault in sorted(vms) for where in vms[vault]}
    for where, one in found:
        jobs[where].append(one)
    return {where: tuple(mine) for where, mine in jobs.items()}
