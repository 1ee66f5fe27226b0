"""Watching and reading back: what was accepted and not applied is a failure with that name."""

import asyncio
import math
from collections.abc import Callable
from typing import Any

import pytest

from backup_reconciler.apply.failure import AcceptedNotApplied, Failure
from backup_reconciler.apply.read_back import read_back
from backup_reconciler.apply.watching.cadence import reads_in, seconds_between_looks, seconds_for_reads
from backup_reconciler.apply.watching.pace import Pace
from backup_reconciler.apply.watching.vault_watch import VaultWatch
from backup_reconciler.apply.watching.watch import Watch
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.spec.protection import ProtectionSettings
from tests.unit.fakes import Answer, FakeClock, road

VAULT = vault_id("s", "rg", "rsv")
VM = ArmId("/subscriptions/s/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/web-01")
POLICY = VAULT.child("backupPolicies", "daily")
WISHED = ProtectionSettings("active", POLICY)


def item(state: str = "IRPending", policy: str = POLICY.text) -> dict[str, Any]:
    properties = {
        "protectedItemType": "Microsoft.Compute/virtualMachines",
        "sourceResourceId": VM.text.upper(),
        "protectionState": state,
        "policyId": policy,
    }
    return {"id": f"{VAULT}/item", "properties": properties}


def job(name: str, status: str = "InProgress", **more: Any) -> dict[str, Any]:
    properties = {
        "containerName": "iaasvmcontainerv2;RG;web-01",
        "operation": "ConfigureBackup",
        "status": status,
        "startTime": "2026-11-23T00:00:01.0000000Z",
    }
    return {"name": name, "properties": properties | more}


class Vault:
    """A vault whose lists are scripted look by look: (items, jobs); the first look at jobs is that before the write."""

    def __init__(self, before: list[Any], *looks: tuple[list[Any], list[Any]]) -> None:
        self.looks = [([], before), *looks]
        self.jobs_read = 0
        self.arm, self.clients, self.clock = road(self.answer)
        self.watch = VaultWatch(self.arm, VAULT, self.clock.now(), Pace(self.arm, [VAULT]), {})

    def answer(self, request: ArmRequest) -> Answer:
        if request.path.endswith("/backupJobs"):
            number = min(self.jobs_read, len(self.looks) - 1)
            self.jobs_read += 1
            return Answer(200, {"value": self.looks[number][1]})
        number = min(max(self.jobs_read, 1), len(self.looks) - 1)
        return Answer(200, {"value": self.looks[number][0]})

    def confirm(self) -> None:
        async def write() -> None:
            known = await self.watch.note_jobs()
            await self.watch.until_item_is(VM, WISHED, known)

        asyncio.run(write())


def test_the_list_says_when_it_is_so() -> None:
    vault = Vault([], ([], [job("new")]), ([], [job("new")]), ([item()], [job("new", "Completed")]))
    vault.confirm()
    assert vault.clock.slept == [30, 30, 30]


def test_a_job_that_failed_is_told_with_azures_code() -> None:
    errors = [{"errorTitle": "UserErrorGuestAgentStatusUnavailable", "errorString": "no agent"}]
    vault = Vault([], ([], [job("new", "Failed", errorDetails=errors)]))
    with pytest.raises(Failure, match="no agent") as caught:
        vault.confirm()
    assert caught.value.code == "UserErrorGuestAgentStatusUnavailable"


def test_a_job_that_had_failed_before_is_not_ours() -> None:
    vault = Vault([job("old", "Failed")], ([], [job("old", "Failed"), job("new")]), ([item()], [job("old", "Failed")]))
    vault.confirm()


def test_a_job_that_ends_without_effect_is_accepted_not_applied() -> None:
    vault = Vault([], ([], [job("new")]), ([item(policy=f"{VAULT}/backupPolicies/other")], [job("new", "Completed")]))
    with pytest.raises(AcceptedNotApplied, match=r"policy still reads other instead of daily$"):
        vault.confirm()
    assert vault.clock.slept == [30, 30, 30, 30], "twice more after the job's end, because the lists are two"


def test_no_job_and_no_effect_is_accepted_not_applied() -> None:
    vault = Vault([], ([], []))
    with pytest.raises(AcceptedNotApplied, match="the VM still reads not protected"):
        vault.confirm()
    assert len(vault.clock.slept) == 10


def test_a_job_that_was_under_way_is_waited_for_and_what_it_left_is_told() -> None:
    vault = Vault([job("old")], ([], [job("old")]), ([item()], [job("old", "Completed")]))
    found = asyncio.run(vault.watch.item_before(VM))
    assert found is not None
    assert found.meets(WISHED)
    assert vault.clock.slept == [30, 30]


def test_a_job_of_a_backup_bars_nothing() -> None:
    vault = Vault([job("old", operation="Backup")], ([], []))
    assert asyncio.run(vault.watch.item_before(VM)) is None
    assert vault.clock.slept == []


@pytest.mark.parametrize(("status", "slept"), [("Completed", []), ("InProgress", [30])])
def test_a_step_looks_again_only_where_somebody_else_began_a_job(status: str, slept: list[float]) -> None:
    vault = Vault([job("theirs", status)], ([item()], [job("theirs", "Completed")]))

    async def step() -> None:
        await vault.watch.note_jobs()
        assert await vault.watch.item_after_step(VM) is not None

    asyncio.run(step())
    assert vault.clock.slept == slept


def test_what_the_list_shows_is_not_believed_before_its_own_job_has_ended_well() -> None:
    running, ended = ([item()], [job("new")]), ([item()], [job("new", "Completed")])
    vault = Vault([], running, ended)
    vault.confirm()
    assert vault.clock.slept == [30, 30]
    with pytest.raises(Failure, match="web-01: its job was failed"):
        Vault([], ([item()], [job("new", "Failed")])).confirm()


def test_a_first_look_that_failed_is_not_kept() -> None:
    vault = Vault([], ([item()], []))
    answer = vault.clients.script
    vault.clients.script = lambda _: Answer(400, {"error": {"code": "Odd", "message": "no"}})

    async def twice() -> Any:
        with pytest.raises(AzureError):
            await vault.watch.item_before(VM)
        vault.clients.script = answer
        return await vault.watch.item_before(VM)

    assert asyncio.run(twice()) is not None


def test_a_backup_that_is_accepted_and_never_listed_is_accepted_not_applied() -> None:
    vault = Vault([], ([item()], [job("other", containerName="iaasvmcontainerv2;RG;web-02", operation="Backup")]))
    with pytest.raises(AcceptedNotApplied, match="no backup of the VM is listed"):
        asyncio.run(vault.watch.until_backup_is_listed(VM))
    assert len(vault.clock.slept) == 10


def test_a_backup_that_has_failed_when_it_is_listed_is_told_with_azures_code() -> None:
    errors = [{"errorTitle": "UserErrorBackupOperationInProgress", "errorString": "another one"}]
    vault = Vault([], ([item()], [job("new", "Failed", operation="Backup", errorDetails=errors)]))
    with pytest.raises(Failure, match="another one") as caught:
        asyncio.run(vault.watch.until_backup_is_listed(VM))
    assert caught.value.code == "UserErrorBackupOperationInProgress"


def test_a_policys_update_is_over_when_its_jobs_are() -> None:
    def spread(vault: Vault) -> Callable[[], None]:
        async def write() -> None:
            known = await vault.watch.note_jobs()
            await vault.watch.until_jobs_are_over([VM], known)

        return lambda: asyncio.run(write())

    vault = Vault([], ([], [job("new")]), ([], [job("new", "Completed")]))
    spread(vault)()
    assert vault.clock.slept == [30, 30]
    failing = Vault([], ([], [job("new", "Failed", errorDetails=[{"errorTitle": "Code", "errorString": "why"}])]))
    with pytest.raises(Failure, match="web-01: why"):
        spread(failing)()


def test_a_policys_update_that_starts_no_job_is_over_after_some_looks() -> None:
    vault = Vault([], ([], []))

    async def write() -> None:
        await vault.watch.until_jobs_are_over([VM], await vault.watch.note_jobs())

    asyncio.run(write())
    assert vault.clock.slept == [30, 30, 30], "jobs are listed a moment after the answer"


def test_who_comes_while_a_look_is_under_way_waits_for_the_next() -> None:
    """What the look sees may be older than his write."""
    looking, seen = asyncio.Event(), []

    class Noted:
        def __init__(self, name: str) -> None:
            self.name = name

        def met(self, sight: int) -> bool:
            seen.append((self.name, sight))
            return True

    async def both() -> None:
        looks = iter(range(9))

        async def look() -> int:
            number = next(looks)
            looking.set()
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            return number

        async def pause() -> None:
            await asyncio.sleep(0)

        watch = Watch(look, pause)
        first = asyncio.create_task(watch.until(Noted("first")))
        await looking.wait()
        second = asyncio.create_task(watch.until(Noted("second")))
        await asyncio.gather(first, second)

    asyncio.run(both())
    assert seen == [("first", 0), ("second", 1)]


def test_everybody_who_waits_is_told_when_looking_fails() -> None:
    vault = Vault([], ([], []))

    async def both() -> list[Any]:
        known = await vault.watch.note_jobs()
        vault.clients.script = lambda _: Answer(403, {"error": {"code": "AuthorizationFailed", "message": "no"}})
        waiting = [vault.watch.until_item_is(VM, WISHED, known) for _ in range(2)]
        return await asyncio.gather(*waiting, return_exceptions=True)

    first, second = asyncio.run(both())
    assert isinstance(first, AzureError)
    assert first is second


def test_who_was_cancelled_while_waiting_harms_nobody_else() -> None:
    vault = Vault([], ([], [job("new")]), ([item()], [job("new", "Completed")]))

    async def two() -> None:
        known = await vault.watch.note_jobs()
        gone = asyncio.create_task(vault.watch.until_item_is(VM, WISHED, known))
        stays = asyncio.create_task(vault.watch.until_item_is(VM, WISHED, known))
        await asyncio.sleep(0)
        gone.cancel()
        await stays
        assert gone.cancelled()

    asyncio.run(two())


@pytest.mark.parametrize(("vaults", "left", "seconds"), [(1, 150, 30), (2, 150, 48), (100, 150, 2400), (5, 50, 360)])
def test_looks_are_spread_over_what_is_left_of_the_hours_quota(vaults: int, left: int, seconds: float) -> None:
    assert seconds_between_looks(vaults, left) == seconds
    assert 3600 / seconds * vaults <= left
    assert seconds_between_looks(vaults, 0) == math.inf


@pytest.mark.parametrize("reads", [1, 2, 3, 7, 8, 10, 21, 50, 75, 100, 101, 150, 151, 400])
def test_looks_at_jobs_leave_room_in_the_recorded_quota(reads: int) -> None:
    seconds = seconds_for_reads(reads)
    looks = [look * seconds for look in range(200)]
    assert seconds >= 30
    assert all(
        sum(reads for look in looks if began <= look < began + 3599.9) <= max(reads, 100) for began in looks[:50]
    )
    assert seconds_for_reads(reads_in(seconds)) <= seconds


def test_reading_back_waits_for_what_lags_and_names_what_stays() -> None:
    clock = FakeClock()
    answers = iter([None, PolicySettings(time_zone="UTC"), PolicySettings(time_zone="Asia/Tokyo")])

    async def read() -> PolicySettings | None:
        return next(answers)

    asyncio.run(read_back(PolicySettings(time_zone="Tokyo Standard Time"), read, clock))
    assert clock.slept == [5, 10]

    async def never() -> PolicySettings | None:
        return PolicySettings(time_zone="UTC", instant_restore_days=3)

    wished = PolicySettings(time_zone="Tokyo Standard Time", instant_restore_days=3)
    with pytest.raises(AcceptedNotApplied, match=r"timeZone still reads UTC instead of Tokyo Standard Time$"):
        asyncio.run(read_back(wished, never, clock))
