"""A write that carries what was read must not undo what somebody changed meanwhile."""

import asyncio
from copy import deepcopy
from dataclasses import replace
from datetime import date
from typing import Any, cast

import pytest

from backup_reconciler.apply import Interrupt, LiveGate, execute
from backup_reconciler.azure.codec import policy, vault
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.action import (
    AnyAction,
    AwaitVault,
    CreatePolicy,
    CreateVault,
    LockVault,
    UpdatePolicy,
    UpdateVault,
)
from backup_reconciler.plan.outcome import Outcome, Status
from backup_reconciler.plan.plan import Plan
from backup_reconciler.spec.arm_id import vault_id
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.spec.vault import VaultSettings
from tests.unit.azure.test_codecs import POLICY
from tests.unit.fakes import Answer, Script, road

VAULT = vault_id("s", "rg", "rsv")
LIVE_POLICY = {**POLICY, "id": f"{VAULT}/backupPolicies/daily"}
LIVE_VAULT = {"id": VAULT.text, "location": "japaneast", "tags": {"a": "1"}, "properties": {}}
COMMON: dict[str, Any] = {"label": "x", "changes": (), "data_effect": "", "place": Place("f", 1, 1)}


class Azure:
    """One vault and one policy, written as ARM writes them."""

    def __init__(self) -> None:
        self.policy = deepcopy(LIVE_POLICY)
        self.vault = deepcopy(LIVE_VAULT)
        self.writes: list[ArmRequest] = []

    def __call__(self, request: ArmRequest) -> Answer:
        if request.changes:
            self.writes.append(request)
            target = self.policy if "backupPolicies" in request.path else self.vault
            target.update(deepcopy(dict(request.body or {})))
        if request.path.endswith("/backupPolicies"):
            return Answer(200, {"value": [self.policy]})
        return Answer(200, self.policy if "backupPolicies" in request.path else self.vault)

    def run(self, action: AnyAction) -> Outcome:
        arm, _, _ = road(self)

        async def apply() -> Outcome:
            interrupt = Interrupt()
            result = await execute(
                Plan(date(2026, 11, 23), (action,)), arm, LiveGate(arm, interrupt), interrupt, lambda _: None
            )
            return result.outcomes[0]

        return asyncio.run(apply())


def update_policy() -> UpdatePolicy:
    live = policy.decode(LIVE_POLICY)
    wished = PolicySettings(instant_restore_days=3)
    return UpdatePolicy(address="p", vault=VAULT, live=live, settings=wished, vms=(), **COMMON)


def update_tags() -> UpdateVault:
    return UpdateVault(
        address="v", vault=VAULT, live=vault.decode(LIVE_VAULT), settings=VaultSettings(tags={"b": "2"}), **COMMON
    )


def test_what_is_as_it_was_read_is_written() -> None:
    azure = Azure()
    assert azure.run(update_policy()).status is Status.DONE
    assert azure.run(update_tags()).status is Status.DONE
    assert azure.vault["tags"] == {"a": "1", "b": "2"}
    assert azure.policy["properties"]["instantRpRetentionRangeInDays"] == 3


def test_a_zone_that_the_service_resets_is_a_failure_though_another_field_was_changed() -> None:
    class Resetting(Azure):
        def __call__(self, request: ArmRequest) -> Answer:
            answer = super().__call__(request)
            if request.changes:
                self.policy["properties"]["timeZone"] = "UTC"
            return answer

    azure = Resetting()
    azure.policy["properties"]["timeZone"] = "Tokyo Standard Time"
    live = policy.decode(azure.policy)
    outcome = azure.run(replace(update_policy(), live=live))
    assert (outcome.status, outcome.accepted) == (Status.FAILED, True)
    assert outcome.detail.endswith("timeZone still reads UTC instead of Tokyo Standard Time")


def test_what_the_server_counts_is_no_change() -> None:
    azure = Azure()
    azure.policy["properties"]["protectedItemsCount"] = 7
    assert azure.run(update_policy()).status is Status.DONE


def test_a_policy_that_somebody_changed_meanwhile_is_left_alone() -> None:
    azure = Azure()
    azure.policy["properties"]["retentionPolicy"]["dailySchedule"]["retentionDuration"]["count"] = 3650
    outcome = azure.run(update_policy())
    assert (outcome.status, outcome.remedy) == (Status.FAILED, "run again")
    assert outcome.detail == "somebody changed it since it was read; nothing was sent"
    assert azure.writes == []


@pytest.mark.parametrize(
    ("kind", "detail", "remedy"),
    [
        ("AzureIaasVM", "somebody created it since it was read; nothing was sent", "run again"),
        (
            "AzureWorkload",
            "the vault has a policy of this name that is not one for VMs; nothing was sent",
            "declare it under another name",
        ),
    ],
)
def test_a_new_policy_is_not_written_over_one_of_its_name(kind: str, detail: str, remedy: str) -> None:
    azure = Azure()
    azure.policy["properties"]["backupManagementType"] = kind
    action = CreatePolicy(
        address="p",
        vault=VAULT,
        policy=policy.decode(LIVE_POLICY).id,
        tier="Standard",
        settings=PolicySettings(),
        **COMMON,
    )
    outcome = azure.run(action)
    assert (outcome.status, outcome.detail, outcome.remedy) == (Status.FAILED, detail, remedy)
    assert azure.writes == []


def test_tags_that_somebody_changed_meanwhile_are_left_alone() -> None:
    azure = Azure()
    azure.vault["tags"]["new"] = "x"
    assert azure.run(update_tags()).detail == "somebody changed its tags since they were read; nothing was sent"
    assert azure.writes == []


def immutable(state: str) -> dict[str, Any]:
    return {**LIVE_VAULT, "properties": {"securitySettings": {"immutabilitySettings": {"state": state}}}}


@pytest.mark.parametrize(
    ("state", "status", "detail"),
    [
        ("Disabled", Status.FAILED, "its immutability is Disabled now, and only Unlocked can be locked"),
        ("Locked", Status.DONE, ""),
    ],
)
def test_a_vault_that_is_not_unlocked_any_more_is_not_locked(state: str, status: Status, detail: str) -> None:
    locked = VaultSettings(immutability="Locked")
    live = vault.decode(immutable("Unlocked"))
    action = LockVault(address="v", vault=VAULT, live=live, settings=locked, **COMMON)
    outcome, writes = run_alone(lambda _: Answer(200, immutable(state)), action)
    assert (outcome.status, writes) == (status, [])
    assert outcome.detail.startswith(detail)


def test_a_mistake_of_our_own_ends_one_action_and_not_the_run() -> None:
    action = replace(update_policy(), live=cast("Any", None))
    outcome = Azure().run(action)
    assert outcome.status is Status.FAILED
    assert outcome.detail.startswith("a mistake of backup-reconciler itself: AttributeError")


def create(state: str, *, there: bool = False) -> tuple[Outcome, list[ArmRequest]]:
    """Create a vault that the list then shows in this state."""
    body = {**LIVE_VAULT, "properties": {"provisioningState": state}}
    created = there

    def script(request: ArmRequest) -> Answer:
        nonlocal created
        created = created or request.changes
        if not created:
            return Answer(404, {"error": {"code": "ResourceNotFound"}})
        return Answer(200, {"value": [body]} if request.path.endswith("/vaults") else body)

    settings = VaultSettings(location="japaneast")
    return run_alone(script, CreateVault(address="v", vault=VAULT, settings=settings, **COMMON))


def run_alone(script: Script, action: AnyAction) -> tuple[Outcome, list[ArmRequest]]:
    """What becomes of an action, and the writes it sent."""
    arm, clients, _ = road(script)

    async def apply() -> Outcome:
        interrupt = Interrupt()
        return (
            await execute(Plan(date(2026, 11, 23), (action,)), arm, LiveGate(arm, interrupt), interrupt, lambda _: None)
        ).outcomes[0]

    return asyncio.run(apply()), [request for request in clients.sent if request.changes]


def test_a_vault_whose_creation_fails_is_told_and_was_accepted() -> None:
    outcome, _ = create("Failed")
    assert (outcome.status, outcome.detail) == (Status.FAILED, "the vault's provisioning failed")
    assert outcome.accepted
    assert create("Succeeded")[0].status is Status.DONE


def test_a_vault_that_somebody_created_meanwhile_is_not_created_over() -> None:
    outcome, writes = create("Succeeded", there=True)
    assert outcome.detail == "somebody created it since the list was read; nothing was sent"
    assert writes == []


def test_a_policy_that_somebody_created_meanwhile_is_not_created_over() -> None:
    wished = policy.decode(LIVE_POLICY).settings
    assert wished is not None
    action = CreatePolicy(
        address="p",
        vault=VAULT,
        policy=VAULT.child("backupPolicies", "daily"),
        settings=wished,
        tier="Standard",
        **COMMON,
    )
    outcome, writes = run_alone(lambda _: Answer(200, LIVE_POLICY), action)
    assert outcome.detail == "somebody created it since it was read; nothing was sent"
    assert writes == []


def awaited(looks: list[list[dict[str, Any]]], settings: VaultSettings | None = None) -> Outcome:
    """Wait for a vault that the list shows as scripted, look by look; the last look stays."""

    def script(request: ArmRequest) -> Answer:
        if request.path.endswith("/vaults"):
            return Answer(200, {"value": looks.pop(0) if len(looks) > 1 else looks[0]})
        return Answer(200, LIVE_VAULT)

    outcome, writes = run_alone(script, AwaitVault(address="v", vault=VAULT, settings=settings, **COMMON))
    assert writes == []
    return outcome


def test_waiting_for_a_vault_ends_when_it_is_there_as_declared() -> None:
    being_created = {**LIVE_VAULT, "properties": {"provisioningState": "Provisioning"}}
    assert awaited([[being_created], [LIVE_VAULT]]).status is Status.DONE
    assert awaited([[LIVE_VAULT]], VaultSettings(location="japaneast", tags={"A": "1"})).status is Status.DONE


def test_a_vault_that_somebody_creates_otherwise_stops_what_needs_it() -> None:
    outcome = awaited([[LIVE_VAULT]], VaultSettings(redundancy="GeoRedundant"))
    assert outcome.status is Status.FAILED
    assert outcome.detail.startswith("it was created otherwise: redundancy still reads nothing")
    assert not outcome.accepted


def test_waiting_for_a_vault_that_is_gone_ends() -> None:
    being_created = {**LIVE_VAULT, "properties": {"provisioningState": "Provisioning"}}
    assert awaited([[being_created], []]).detail == "it is not listed any more"
    assert awaited([[]]).detail == "it was not listed after minutes"
