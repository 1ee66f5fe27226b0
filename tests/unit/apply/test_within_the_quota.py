"""What is read when: the budget of an hour, Resource Graph where lists are too slow, and who is late."""

import asyncio
from collections import Counter
from datetime import timedelta
from typing import Any

import pytest

from backup_reconciler.apply.failure import Failure
from backup_reconciler.apply.watching.budget import Budget
from backup_reconciler.apply.watching.pace import Pace
from backup_reconciler.apply.watching.patience import Patience
from backup_reconciler.apply.watching.vault_watch import VaultWatch
from backup_reconciler.azure.codec import graph, job, protection
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.state.protection import LiveItem
from tests.unit.fakes import Answer, FakeClock, road

VAULT = vault_id("s", "rg", "rsv")
POLICY = VAULT.child("backupPolicies", "daily")
WISHED = ProtectionSettings("active", POLICY)
ITEMS = protection.list_request(VAULT)


def vm(number: int) -> ArmId:
    return ArmId(f"/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm-{number}")


def item(number: int) -> dict[str, Any]:
    properties = {
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "sourceResourceId": vm(number).text,
        "protectionState": "IRPending",
        "policyId": POLICY.text,
    }
    return {"id": protection.item_id(VAULT, vm(number)).text, "properties": properties}


def run_job(number: int, status: str = "Completed", started: str = "2026-11-23T00:00:01Z") -> dict[str, Any]:
    properties = {
        "containerName": f"iaasvmcontainerv2;rg;vm-{number}",
        "operation": "ConfigureBackup",
        "status": status,
        "startTime": started,
    }
    return {"id": f"{VAULT}/backupJobs/job-{number}", "name": f"job-{number}", "properties": properties}


class Service:
    """A vault, and Resource Graph that shows the same when it is up to date."""

    def __init__(self, spent: int = 0) -> None:
        self.items: list[dict[str, Any]] = []
        self.jobs: list[dict[str, Any]] = []
        self.graph_is_late_by = timedelta(0)
        self.arm, self.clients, self.clock = road(self.answer)
        self.began = self.clock.now()
        for _ in range(spent):
            self.arm.ledger.note(ITEMS, self.clock.now())
        self.watch = VaultWatch(self.arm, VAULT, self.clock.now(), Pace(self.arm, [VAULT]), {})

    def answer(self, request: ArmRequest) -> Answer:
        if request.path == graph.PATH:
            assert request.body is not None
            found = self.jobs if "backupjobs" in request.body["query"] else self.items
            return Answer(200, {"data": found if self.clock.now() - self.began >= self.graph_is_late_by else []})
        return Answer(200, {"value": self.items if request.path.endswith("Items") else self.jobs})

    def read(self) -> Counter[str]:
        return Counter(sent.path.rpartition("/")[2] for sent in self.clients.sent)

    async def write(self, *numbers: int) -> None:
        """Begin with a first look; then all that is wished is so, and its jobs have ended."""
        known = await self.watch.note_jobs()
        self.items, self.jobs = [item(number) for number in numbers], [run_job(number) for number in numbers]
        await asyncio.gather(*(self.watch.until_item_is(vm(number), WISHED, known) for number in numbers))


def test_what_somebody_is_about_to_read_nobody_else_counts_on() -> None:
    arm, _, clock = road(lambda _: Answer())
    budget = Budget(arm)
    arm.ledger.note(ITEMS, clock.now())
    with budget.reserved(ITEMS, 140):
        assert budget.left(ITEMS) == 9
    assert budget.left(ITEMS) == 149
    assert budget.left(job.since_request(VAULT, clock.now())) == 150
    clock.time += timedelta(hours=1)
    assert budget.left(ITEMS) == 150


def test_lists_are_read_where_the_hour_has_enough_of_them() -> None:
    service = Service()
    asyncio.run(service.write(1))
    assert service.read() == {"backupProtectedItems": 2, "backupJobs": 2}
    assert service.clock.slept == [30]


def test_the_first_looks_come_soon_and_later_ones_as_the_hour_allows() -> None:
    """Each pause is as long as all the waiting before it, until it is as long as in an even spread of what is left."""
    service = Service(spent=100)
    looks: list[float] = []

    def done_in_an_hour(request: ArmRequest) -> Answer:
        now = service.clock.now() - service.began
        if request.path.endswith("Items"):
            looks.append(now.total_seconds())
            return Answer(200, {"value": service.items})
        done = now > timedelta(hours=1) or not service.jobs
        return Answer(200, {"value": service.jobs if done else [run_job(1, "InProgress")]})

    service.clients.script = done_in_an_hour
    asyncio.run(service.write(1))
    assert looks[:4] == [0, 30, 60, 120]
    assert looks[4] == pytest.approx(120 + 3600 / 46), "four of the fifty that were left are gone"
    within_the_hour = [seconds for seconds in looks if seconds < 3600]
    assert 100 + len(within_the_hour) <= 150


def test_where_lists_are_too_slow_resource_graph_says_when_to_read_one() -> None:
    service = Service(spent=145)
    asyncio.run(service.write(1))
    assert service.read() == {"resources": 4, "backupJobs": 1}, "two looks of two queries, and the list that is left"
    assert service.clock.slept == [30]


def test_what_resource_graph_does_not_know_yet_is_not_believed() -> None:
    service = Service(spent=145)

    service.graph_is_late_by = timedelta(minutes=5)
    asyncio.run(service.write(1))
    assert service.read()["backupJobs"] == 1
    assert sum(service.clock.slept) >= 300


def test_the_items_are_the_list_where_no_jobs_are_left() -> None:
    service = Service(spent=145)
    for _ in range(149):
        service.arm.ledger.note(job.since_request(VAULT, service.clock.now()), service.clock.now())
    asyncio.run(service.write(1))
    assert service.read() == {"resources": 4, "backupProtectedItems": 1}


def test_a_list_that_shows_something_else_is_not_read_again_and_again() -> None:
    """Resource Graph shows the state of before as if it were what is wished; the list of jobs shows one that runs."""
    service = Service(spent=145)
    shown = service.answer

    def other(request: ArmRequest) -> Answer:
        if request.path.endswith("backupJobs") and service.clock.now() < service.began + timedelta(minutes=10):
            return Answer(200, {"value": [run_job(1, "InProgress")]})
        return shown(request)

    service.clients.script = other
    asyncio.run(service.write(1))
    assert service.read()["backupJobs"] == 2, "once as Resource Graph says, and once when its time has come"


def test_whoever_cannot_query_waits_for_the_lists() -> None:
    service = Service(spent=145)
    shown = service.answer
    service.clients.script = lambda request: Answer(403) if request.path == graph.PATH else shown(request)
    asyncio.run(service.write(1))
    assert sum(service.clock.slept) >= 3600 / 5
    assert service.read()["backupProtectedItems"] == 1


def test_a_failure_that_resource_graph_shows_is_told_at_once() -> None:
    service = Service(spent=145)

    async def failing() -> None:
        known = await service.watch.note_jobs()
        service.jobs = [run_job(1, "Failed")]
        await service.watch.until_item_is(vm(1), WISHED, known)

    with pytest.raises(Failure, match="vm-1: its job was failed"):
        asyncio.run(failing())
    assert service.clock.slept == [30]


def test_a_few_that_take_much_longer_are_not_waited_for_by_the_others() -> None:
    service = Service(spent=145)

    async def nine_of_ten() -> None:
        others = asyncio.create_task(service.write(*range(9)))
        straggler = asyncio.create_task(service.watch.until_item_is(vm(9), WISHED, frozenset()))
        await others
        assert not straggler.done()
        straggler.cancel()

    asyncio.run(nine_of_ten())
    assert 90 <= sum(service.clock.slept) < 300


def test_the_jobs_of_a_policys_update_are_watched_by_resource_graph_too() -> None:
    def updated(*jobs: dict[str, Any]) -> Service:
        service = Service(spent=145)

        async def update() -> None:
            known = await service.watch.note_jobs()
            service.jobs = list(jobs)
            await service.watch.until_jobs_are_over([vm(1), vm(2)], known)

        asyncio.run(update())
        return service

    service = updated(run_job(1), run_job(2))
    assert (service.read()["backupJobs"], service.clock.slept) == (1, [30])
    with pytest.raises(Failure, match="vm-2: its job was failed"):
        updated(run_job(1), run_job(2, "Failed"))


def test_who_waits_for_an_operation_to_end_is_read_singly_when_that_takes_much_longer() -> None:
    service = Service()
    shown = service.answer

    def paged(request: ArmRequest) -> Answer:
        if "/protectedItems/" in request.path:
            return Answer(200, item(9))
        if request.path == ITEMS.path and request.query.get("page", "1") < "5":
            page = int(request.query.get("page", "1")) + 1
            return Answer(200, {"value": [], "nextLink": f"https://x{ITEMS.path}?page={page}"})
        running = service.clock.now() < service.began + timedelta(minutes=15)
        if request.path.endswith("backupJobs"):
            return Answer(200, {"value": [*service.jobs, run_job(9, "InProgress" if running else "Completed")]})
        return shown(request)

    service.clients.script = paged

    async def with_a_late_one() -> LiveItem | None:
        idle = asyncio.create_task(service.watch.item_when_idle(vm(9)))
        await service.write(*range(9))
        return await idle

    found = asyncio.run(with_a_late_one())
    assert found is not None
    assert found.vm == vm(9)
    assert len([sent for sent in service.clients.sent if "/protectedItems/" in sent.path]) > 1


def test_who_is_late_is_known_once_half_have_come() -> None:
    clock = FakeClock()
    patience = Patience(clock)
    with patience.waiting("a"), patience.waiting("b"), patience.waiting("c"), patience.waiting("d"):
        clock.time += timedelta(seconds=30)
        patience.came("a")
        clock.time += timedelta(hours=1)
        assert not patience.overdue(["d"]), "one of four tells nothing"
        patience.came("b")
        patience.came("c")
        assert not patience.overdue(["d"])
        clock.time += timedelta(hours=3)
        assert patience.overdue(["d"])
        assert patience.overdue([])


def test_an_error_of_the_lists_is_told_and_not_taken_for_patience() -> None:
    service = Service(spent=145)

    async def refused() -> None:
        known = await service.watch.note_jobs()
        shown = service.answer
        service.items, service.jobs = [item(1)], [run_job(1)]
        service.clients.script = lambda request: shown(request) if request.path == graph.PATH else Answer(403)
        await service.watch.until_item_is(vm(1), WISHED, known)

    with pytest.raises(AzureError):
        asyncio.run(refused())
