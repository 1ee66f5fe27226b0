"""Watching a vault's items and jobs."""

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from backup_reconciler.apply.failure import AcceptedNotApplied, Failure
from backup_reconciler.apply.read_back import differences
from backup_reconciler.apply.watch import Watch
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job
from backup_reconciler.azure.codec.protection import container_key_of
from backup_reconciler.azure.reading import read_all
from backup_reconciler.azure.tasks import together
from backup_reconciler.live import read_items
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.job import Job
from backup_reconciler.state.protection import LiveItem

_JOBS_BEFORE = timedelta(hours=1)
"""How far back a job may have started and still be under way; configuring a VM takes a minute or two."""
_LOOKS_WITHOUT_A_JOB = 10
"""An accepted change of a VM shows a job or its effect well before this many looks."""
_LOOKS_WITHOUT_EFFECT = 3
"""Items and jobs are two lists, and lists lag: a job that ended without effect is not believed at first sight."""


@dataclass(frozen=True, slots=True)
class Sight:
    """What one look at a vault saw."""

    items: Mapping[ArmId, LiveItem]
    jobs: Mapping[str, list[Job]]
    """Those that change how a VM is protected, by the container that names their VM."""
    backups: Mapping[str, list[Job]] = field(default_factory=dict)
    """Backups, likewise."""

    def backups_of(self, vm: ArmId) -> list[Job]:
        return self.backups.get(container_key_of(vm), [])

    def jobs_of(self, vm: ArmId) -> list[Job]:
        return self.jobs.get(container_key_of(vm), [])


class VaultWatch:
    """The watch over one vault: one list of items and one of jobs a look."""

    def __init__(self, arm: Arm, vault: ArmId, started: datetime, pause: Callable[[], Awaitable[None]]) -> None:
        self._arm = arm
        self._vault = vault
        self._since = started - _JOBS_BEFORE
        self._watch = Watch(self._look, pause)
        self._first: asyncio.Task[Sight] | None = None
        self._latest: Sight | None = None
        self._seen: set[str] = set()

    @property
    def busy(self) -> bool:
        return self._watch.busy

    async def item_before(self, vm: ArmId) -> LiveItem | None:
        """The VM's item before this run changes it, once no job that is under way changes it either.

        So a run that was broken off is taken up where it was left.
        """
        sight = await self._first_look()
        if not any(found.running for found in sight.jobs_of(vm)):
            return sight.items.get(vm)
        return await self.item_when_idle(vm)

    async def item_after_step(self, vm: ArmId) -> LiveItem | None:
        """The VM's item as a step of this run has left it: what was seen when that was over needs no other look."""
        if self._latest is None or any(found.running for found in self._latest.jobs_of(vm)):
            return await self.item_when_idle(vm)
        return self._latest.items.get(vm)

    async def item_when_idle(self, vm: ArmId) -> LiveItem | None:
        """The VM's item, as seen by a later look in which no job changes it."""
        idle = _NoneRunning(vm)
        await self._watch.until(idle)
        return idle.item

    def known_jobs(self) -> frozenset[str]:
        """The ids of all jobs seen so far. Asked before a write, so that the job the write starts is not among them."""
        return frozenset(self._seen)

    async def note_jobs(self) -> frozenset[str]:
        """The jobs there are now, for a write that asks for nothing else."""
        await self._first_look()
        return self.known_jobs()

    async def until_item_is(self, vm: ArmId, wished: ProtectionSettings, known: frozenset[str]) -> None:
        """Return when the list shows the VM as wished, to which no item at all is deleted too.

        Raises `Failure` with Azure's code when its job failed.
        """
        await self._watch.until(_ItemIs(vm, wished, known))

    async def was_backed_up(self, vm: ArmId) -> bool:
        """Whether there was a backup of the VM when this run first asked, however it ended."""
        return bool((await self._first_look()).backups_of(vm))

    async def until_backup_is_listed(self, vm: ArmId) -> None:
        """Return when a backup of the VM is listed. Raises `Failure` with Azure's code when it has failed already."""
        await self._watch.until(_BackupListed(vm))

    async def until_jobs_are_over(self, vms: Iterable[ArmId], known: frozenset[str]) -> None:
        """Return when the job that a policy's update starts for each of its VMs has ended.

        Raises `Failure` for one that failed.
        """
        await self._watch.until(_SpreadToAll(tuple(vms), known))

    async def _look(self) -> Sight:
        async with together() as tasks:
            items = tasks.create_task(read_items(self._arm, self._vault))
            jobs = tasks.create_task(self._read_jobs())
        listed = jobs.result()
        configuring = [found for found in listed if found.configures]
        self._seen |= {found.id for found in configuring}
        backups = _by_container(one for one in listed if one.is_backup)
        self._latest = Sight(items.result(), _by_container(configuring), backups)
        return self._latest

    async def _read_jobs(self) -> list[Job]:
        return read_all(job.decode, await self._arm.list(job.since_request(self._vault, self._since)))

    async def _first_look(self) -> Sight:
        """What there was when this run first asked: one look, whoever asks first; one that failed is not kept."""
        if self._first is None:
            self._first = asyncio.create_task(self._look())
        first = self._first
        try:
            return await asyncio.shield(first)
        except Exception:
            if self._first is first:
                self._first = None
            raise


def _by_container(jobs: Iterable[Job]) -> Mapping[str, list[Job]]:
    found: dict[str, list[Job]] = defaultdict(list)
    for one in jobs:
        found[one.container].append(one)
    return found


@dataclass(slots=True)
class _ItemIs:
    """The list shows a VM as wished."""

    vm: ArmId
    wished: ProtectionSettings
    known: frozenset[str]
    looks: int = 0
    ended_without_effect: int = 0

    def met(self, sight: Sight) -> bool:
        mine = [found for found in sight.jobs_of(self.vm) if found.id not in self.known]
        _raise_if_failed(mine)
        if any(found.running for found in mine):
            return False
        item = sight.items.get(self.vm)
        if item.meets(self.wished) if item else self.wished.protection == "deleted":
            return True
        self.looks += 1
        self.ended_without_effect += bool(mine)
        ended = self.ended_without_effect >= _LOOKS_WITHOUT_EFFECT
        if ended or (not mine and self.looks >= _LOOKS_WITHOUT_A_JOB):
            still = _difference(item, self.wished)
            raise AcceptedNotApplied(f"accepted, not applied: Azure took the change, and {still}")
        return False


def _difference(item: LiveItem | None, wished: ProtectionSettings) -> str:
    """What is not as wished, field by field; Azure's own word for a state that no manifest knows."""
    if item is None:
        return "the VM still reads not protected"
    found = item.settings.stated() if item.settings else {"protection": item.wire_state}
    return "; ".join(differences(wished.stated(), found))


@dataclass(slots=True)
class _BackupListed:
    """A backup of a VM is listed, which had none before."""

    vm: ArmId
    looks: int = 0

    def met(self, sight: Sight) -> bool:
        found = sight.backups_of(self.vm)
        _raise_if_failed(found)
        self.looks += 1
        if not found and self.looks >= _LOOKS_WITHOUT_A_JOB:
            raise AcceptedNotApplied("accepted, not applied: Azure took the request, and no backup of the VM is listed")
        return bool(found)


@dataclass(slots=True)
class _NoneRunning:
    """No job configures a VM any more, whoever started it and however it ended; `item` is what it left behind."""

    vm: ArmId
    item: LiveItem | None = None

    def met(self, sight: Sight) -> bool:
        self.item = sight.items.get(self.vm)
        return not any(found.running for found in sight.jobs_of(self.vm))


@dataclass(slots=True)
class _SpreadToAll:
    """Every VM's job of a policy's update has ended; after some looks without a job for a VM it needs none."""

    vms: tuple[ArmId, ...]
    known: frozenset[str]
    looks: int = 0

    def met(self, sight: Sight) -> bool:
        self.looks += 1
        by_vm = [[found for found in sight.jobs_of(vm) if found.id not in self.known] for vm in self.vms]
        for jobs in by_vm:
            _raise_if_failed(jobs)
        if any(found.running for jobs in by_vm for found in jobs):
            return False
        return all(by_vm) or self.looks >= _LOOKS_WITHOUT_EFFECT


def _raise_if_failed(jobs: Iterable[Job]) -> None:
    for found in jobs:
        if found.failed:
            message = found.error_message or f"its job was {found.status.lower()}"
            raise Failure(f"{found.vm}: {message}", code=found.error_code)
