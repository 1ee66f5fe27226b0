"""Watching a vault's items and jobs."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from backup_reconciler.apply.failure import AcceptedNotApplied, Failure
from backup_reconciler.apply.watch import Watch
from backup_reconciler.azure import job
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.job import Job
from backup_reconciler.azure.protection import container_key_of
from backup_reconciler.azure.reading import read_all
from backup_reconciler.azure.tasks import together
from backup_reconciler.live import read_items
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.protection import LiveItem

_JOBS_BEFORE = timedelta(hours=1)
"""How far back a job may have started and still be under way; configuring a VM takes a minute or two."""
_LOOKS_WITHOUT_A_JOB = 10
"""An accepted change shows a job or its effect well before this many looks."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a vault saw."""

    items: Mapping[ArmId, LiveItem]
    jobs: tuple[Job, ...]


class VaultWatch:
    """The watch over one vault: one list of items and one of jobs a look."""

    def __init__(self, arm: Arm, vault: ArmId, started: datetime, pause: Callable[[], Awaitable[None]]) -> None:
        self._arm = arm
        self._vault = vault
        self._since = started - _JOBS_BEFORE
        self._watch = Watch(self._look, pause)
        self._earlier: asyncio.Task[tuple[Job, ...]] | None = None
        self._seen: set[str] = set()

    @property
    def busy(self) -> bool:
        return self._watch.busy

    async def settled(self, vm: ArmId, wished: ProtectionSettings) -> bool:
        """Wait for a job on the VM that was under way before this run; True when it brought about what is wished.

        So a run that was broken off is taken up, and nothing that Azure already works on is sent again.
        """
        earlier = _jobs_of(await self._earlier_jobs(), vm)
        if not any(found.running for found in earlier):
            return False
        over = _JobsOver((vm,))
        await self._watch.until(over)
        item = over.seen.items.get(vm) if over.seen else None
        return item is not None and item.settings == wished

    async def known_jobs(self) -> frozenset[str]:
        """The ids of all jobs seen so far. Asked before a write, so that the job the write starts is not among them."""
        await self._earlier_jobs()
        return frozenset(self._seen)

    async def until_item_is(self, vm: ArmId, wished: ProtectionSettings, known: frozenset[str]) -> None:
        """Return when the list shows the VM as wished. Raises `Failure` with Azure's code when its job failed."""
        await self._watch.until(_ItemIs(vm, wished, known))

    async def until_jobs_are_over(self, vms: Iterable[ArmId], known: frozenset[str]) -> None:
        """Return when no job that is not known runs on one of the VMs; a policy's update starts one for each."""
        await self._watch.until(_JobsOver(tuple(vms), known, may_fail=False))

    async def _look(self) -> Sight:
        async with together() as tasks:
            items = tasks.create_task(read_items(self._arm, self._vault))
            jobs = tasks.create_task(self._read_jobs())
        return Sight(items.result(), jobs.result())

    async def _read_jobs(self) -> tuple[Job, ...]:
        listed = await self._arm.list(job.since_request(self._vault, self._since))
        jobs = tuple(found for found in read_all(job.decode, listed) if found.configures)
        self._seen.update(found.id for found in jobs)
        return jobs

    async def _earlier_jobs(self) -> tuple[Job, ...]:
        """The jobs that there were when this run first asked: one list, whoever asks first."""
        if self._earlier is None:
            self._earlier = asyncio.create_task(self._read_jobs())
        return await asyncio.shield(self._earlier)


def _jobs_of(jobs: Iterable[Job], vm: ArmId) -> list[Job]:
    key = container_key_of(vm)
    return [found for found in jobs if found.container == key]


@dataclass(slots=True)
class _ItemIs:
    """The list shows a VM as wished."""

    vm: ArmId
    wished: ProtectionSettings
    known: frozenset[str]
    looks: int = 0
    ended_without_effect: int = 0

    def met(self, sight: Sight) -> bool:
        item = sight.items.get(self.vm)
        if item is not None and item.settings == self.wished:
            return True
        self.looks += 1
        mine = [found for found in _jobs_of(sight.jobs, self.vm) if found.id not in self.known]
        for found in mine:
            if found.failed:
                raise Failure(found.error_message or f"its job {found.status.lower()}", code=found.error_code)
        # Items and jobs are two lists: one that ended between the two readings deserves a second look.
        self.ended_without_effect += bool(mine) and not any(found.running for found in mine)
        if self.ended_without_effect >= 2 or (not mine and self.looks >= _LOOKS_WITHOUT_A_JOB):
            state = item.wire_state if item else "not protected"
            raise AcceptedNotApplied(f"accepted, not applied: Azure took the change, and the VM still reads {state}")
        return False


@dataclass(slots=True)
class _JobsOver:
    """No job configures one of the VMs any more."""

    vms: tuple[ArmId, ...]
    known: frozenset[str] = frozenset()
    may_fail: bool = True
    """Whether a job that failed is somebody else's affair: what it left behind is looked at afterwards."""
    seen: Sight | None = None

    def met(self, sight: Sight) -> bool:
        self.seen = sight
        jobs = [found for vm in self.vms for found in _jobs_of(sight.jobs, vm) if found.id not in self.known]
        for found in jobs:
            if found.failed and not self.may_fail:
                raise Failure(f"{found.container}: {found.error_message or found.status}", code=found.error_code)
        return not any(found.running for found in jobs)
