"""Watching a vault's items and jobs."""

import asyncio
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from backup_reconciler.apply.watching.cadence import JOBS_BEFORE
from backup_reconciler.apply.watching.expectation import (
    BackupListed,
    ItemIs,
    Mine,
    NoneRunning,
    SpreadToAll,
    VMExpectation,
)
from backup_reconciler.apply.watching.pace import Costs, Pace
from backup_reconciler.apply.watching.patience import Patience
from backup_reconciler.apply.watching.sight import Sight
from backup_reconciler.apply.watching.vault_lists import VaultLists
from backup_reconciler.apply.watching.watch import Watch
from backup_reconciler.azure.arm import Arm
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.protection import LiveItem


class VaultWatch:
    """The watch over one vault: one list of items and one of jobs a look, where the quota allows it.

    `planned` is what the plan was made from, by VM. It was read by this same run, and stands for a first look where the
    quota has none left.
    """

    def __init__(
        self, arm: Arm, vault: ArmId, started: datetime, pace: Pace, planned: Mapping[ArmId, LiveItem]
    ) -> None:
        self.vault = vault
        self._clock = arm.clock
        self._pace = pace
        self._planned = planned
        self._lists = VaultLists(arm, vault, started - JOBS_BEFORE, pace.budget)
        self._watch: Watch[Sight] = Watch(self._look, self._pause)
        self._patience = Patience(arm.clock)
        self._first: asyncio.Task[Sight] | None = None
        self._expected: dict[VMExpectation, None] = {}
        self._hint: Sight | None = None
        """What Resource Graph has shown, where that is why the next look is taken."""
        self._latest: Sight | None = None
        """What the latest look saw, where nothing of it is from Resource Graph."""
        self._looked_for: set[VMExpectation] = set()
        """For whom such a look was taken already."""
        self._all_listed = True
        """Whether every look so far was at both lists."""
        self._began: datetime | None = None
        """When the first look was taken, where it was not at the lists."""
        pace.join(self)

    @property
    def open(self) -> bool:
        """Whether somebody waits for a look."""
        return bool(self._expected) or (self._first is not None and not self._first.done())

    @property
    def waited(self) -> float:
        """Seconds that somebody has waited for a look."""
        return self._patience.longest()

    def costs(self) -> Costs:
        """The reads of the next look."""
        stragglers = self._stragglers()
        return self._lists.costs_singly(stragglers) if stragglers else self._lists.costs(len(self._expected))

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
        latest = self._latest
        if latest is None or vm not in latest.items or any(found.running for found in latest.jobs_of(vm)):
            return await self.item_when_idle(vm)
        return latest.items[vm]

    async def sure_of(self, vm: ArmId, seen: LiveItem | None) -> LiveItem | None:
        """What was seen of a VM's item; read by itself in a vault for whose lists the quota was too small."""
        return seen if self._all_listed else await self._lists.item(vm)

    async def item_when_idle(self, vm: ArmId) -> LiveItem | None:
        """The VM's item, as seen by a later look in which no job changes it."""
        idle = NoneRunning(vm)
        await self._until(idle)
        return idle.item

    def known_jobs(self) -> frozenset[str]:
        """The ids of all jobs seen so far. Asked before a write, so that the job the write starts is not among them."""
        return frozenset(self._lists.jobs_seen)

    async def note_jobs(self) -> frozenset[str]:
        """The jobs there are now, for a write that asks for nothing else."""
        await self._first_look()
        return self.known_jobs()

    async def until_item_is(self, vm: ArmId, wished: ProtectionSettings, known: frozenset[str]) -> None:
        """Return when the list shows the VM as wished, to which no item at all is deleted too.

        Raises `Failure` with Azure's code when its job failed.
        """
        await self._until(ItemIs(vm, wished, self._mine(known)))

    async def was_backed_up(self, vm: ArmId) -> bool:
        """Whether there was a backup of the VM when this run first asked, however it ended."""
        return bool((await self._first_look()).backups_of(vm))

    async def until_backup_is_listed(self, vm: ArmId) -> None:
        """Return when a backup of the VM is listed. Raises `Failure` with Azure's code when it has failed already."""
        await self._until(BackupListed(vm))

    async def until_jobs_are_over(self, vms: Iterable[ArmId], known: frozenset[str]) -> None:
        """Return when the job that a policy's update starts for each of its VMs has ended.

        Raises `Failure` for one that failed.
        """
        await self._until(SpreadToAll(tuple(vms), self._mine(known)))

    def _mine(self, known: frozenset[str]) -> Mine:
        return Mine(known, self._began)

    async def _until(self, expectation: VMExpectation) -> None:
        self._expected[expectation] = None
        self._pace.changed(self)
        try:
            with self._patience.waiting(expectation):
                await self._watch.until(expectation)
        finally:
            del self._expected[expectation]
            self._pace.changed(self)

    async def _pause(self) -> None:
        self._hint = await self._pace.until_worth_a_look(self, self._is_worth_a_look)

    async def _look(self) -> Sight:
        sight = await self._next_look()
        self._latest = sight if sight.whole else None
        return sight

    async def _next_look(self) -> Sight:
        """Both lists, or one where Resource Graph has shown that it is worth it; a few who are late are read singly."""
        if self._hint is not None:
            self._all_listed = False
            return await self._lists.one(len(self._expected), self._hint)
        if stragglers := self._stragglers():
            return await self._lists.singly(stragglers)
        return await self._lists.both(len(self._expected))

    def _is_worth_a_look(self, seen: Sight) -> bool:
        """Whether what is waited for seems to have come, but for those who take much longer than the others.

        A list that was read for somebody in vain is not read for him again before its time.
        """
        self._lists.noted(seen)
        come = {one for one in self._expected if one.seems_met(seen)}
        for one in come:
            self._patience.came(one)
        if come <= self._looked_for or not self._lists.fits_one(len(self._expected)):
            return False
        if not self._patience.overdue(self._expected.keys() - come):
            return False
        self._looked_for |= come
        return True

    def _stragglers(self) -> list[ArmId]:
        """The VMs that are waited for, where they are late and so few that reading them singly takes fewer reads."""
        (_, pages), *_ = self._lists.costs(len(self._expected))
        vms = [vm for one in self._expected for vm in one.vms] if len(self._expected) < pages else []
        return vms if len(vms) < pages and self._patience.overdue(self._expected) else []

    async def _first_look(self) -> Sight:
        """What there was when this run first asked: one look, whoever asks first; one that failed is not kept."""
        if self._first is None:
            self._first = asyncio.create_task(self._look_first())
            self._first.add_done_callback(lambda _: self._pace.changed(self))
            self._pace.changed(self)
        first = self._first
        try:
            return await asyncio.shield(first)
        except Exception:
            if self._first is first:
                self._first = None
            raise

    async def _look_first(self) -> Sight:
        """The lists where the quota allows it; else what the plan was made from, with the jobs Resource Graph knows of.

        What is under way and not known there yet Azure itself refuses to do twice.
        """
        if self._pace.affords_lists(self):
            self._latest = await self._lists.both(len(self._planned))
            return self._latest
        self._all_listed = False
        self._began = self._clock.now()
        seen = await self._pace.graph(self)
        return self._lists.noted(replace(seen or Sight({}, {}, whole=False), items=self._planned))
