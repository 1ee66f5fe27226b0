"""Reading what is watched of a vault: its two lists, one of them, or single items."""

from collections.abc import Collection, Iterable
from dataclasses import replace
from datetime import datetime

from backup_reconciler.apply.watching.budget import Budget
from backup_reconciler.apply.watching.pace import Costs
from backup_reconciler.apply.watching.sight import Sight, sight
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job, protection
from backup_reconciler.azure.reading import list_of, read
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.azure.tasks import gather, together
from backup_reconciler.live import read_items
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job
from backup_reconciler.state.protection import LiveItem

_ROWS_OF_A_PAGE = 100
"""At least so many are on a page of a list that has more of them."""
_OPEN_OR_BAD = ("InProgress", "Failed")
"""The statuses of jobs that are asked for where only a few VMs are waited for: what is neither brings no news."""


class VaultLists:
    """The items and the jobs of a vault. `jobs_seen` are the ids of all that configured a VM, of those seen."""

    def __init__(self, arm: Arm, vault: ArmId, since: datetime, budget: Budget) -> None:
        self._arm = arm
        self._vault = vault
        self._since = since
        self._budget = budget
        self._items = protection.list_request(vault)
        self._jobs = job.since_request(vault, since)
        self.jobs_seen: set[str] = set()

    def costs(self, waiting: int) -> Costs:
        """The pages of the two lists, in a vault in which so many VMs are being changed."""
        return tuple((one, self._pages(one, waiting)) for one in (self._items, self._jobs))

    def costs_singly(self, vms: Collection[ArmId]) -> Costs:
        """The reads of so many items, and of the jobs that are open or have failed."""
        items = tuple((self._item(vm), 1) for vm in vms)
        return *items, (self._jobs, len(_OPEN_OR_BAD))

    def fits_one(self, waiting: int) -> bool:
        """Whether one of the two can be read now."""
        return any(self._left_after(*cost) >= 0 for cost in self.costs(waiting))

    async def both(self, waiting: int) -> Sight:
        items_cost, jobs_cost = self.costs(waiting)
        with self._budget.reserved(*items_cost), self._budget.reserved(*jobs_cost):
            async with together() as tasks:
                items = tasks.create_task(read_items(self._arm, self._vault))
                jobs = tasks.create_task(self._read_jobs(self._jobs))
        return self.noted(sight(items.result(), jobs.result()))

    async def one(self, waiting: int, otherwise: Sight) -> Sight:
        """The list of which more is left to be read, and the other half as it was seen otherwise."""
        items, jobs = self.costs(waiting)
        if self._left_after(*jobs) >= self._left_after(*items):
            with self._budget.reserved(*jobs):
                return self.noted(otherwise.with_jobs(await self._read_jobs(self._jobs)))
        with self._budget.reserved(*items):
            return self.noted(replace(otherwise, items=await read_items(self._arm, self._vault)))

    async def singly(self, vms: Iterable[ArmId]) -> Sight:
        """A few items, each read by itself, and the jobs that are open or have failed."""
        async with together() as tasks:
            items = tasks.create_task(gather(self.item(vm) for vm in vms))
            jobs = [
                tasks.create_task(self._read_jobs(job.since_request(self._vault, self._since, status)))
                for status in _OPEN_OR_BAD
            ]
        found = {item.vm: item for item in items.result() if item is not None}
        return self.noted(sight(found, [one for task in jobs for one in task.result()]))

    async def item(self, vm: ArmId) -> LiveItem | None:
        """The item of a VM, read by itself."""
        answer = await self._arm.find(self._item(vm))
        return None if answer is None else read(protection.decode, answer.body)

    def noted(self, seen: Sight) -> Sight:
        """The same; its jobs are known from now on."""
        self.jobs_seen.update(one.id for those in seen.jobs.values() for one in those)
        return seen

    def _left_after(self, request: ArmRequest, reads: int) -> int:
        return self._budget.left(request) - reads

    def _pages(self, request: ArmRequest, waiting: int) -> int:
        return max(self._arm.ledger.pages(request), -(-waiting // _ROWS_OF_A_PAGE))

    def _item(self, vm: ArmId) -> ArmRequest:
        return protection.get_request(protection.item_id(self._vault, vm))

    async def _read_jobs(self, request: ArmRequest) -> list[Job]:
        return await list_of(self._arm, request, job.decode)
