"""How each VM stands, and how its backups fare against the schedule of their policy."""

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from backup_reconciler.azure.codec import policy, protection, vault, vm
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.plan import WhyKept
from backup_reconciler.plan.standing.health import allowed_days, health_of
from backup_reconciler.plan.standing.held import Held
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.plan.standing.machines import machines_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests, Place, Source
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import HeldElsewhere, Presence, Snapshot, VaultContents
from tests.conftest import SUBSCRIPTION, daily_policy, vm_id

DAY = date(2026, 11, 23)
ROOT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults"
OTHER = ArmId(f"{ROOT}/rsv-by-hand")
DAILY = {"frequency": "Daily", "time": "23:00"}
HOURLY = {"frequency": "Hourly", "every": 4, "from": "08:00", "hours": 12}


def live_policy(schedule: dict[str, Any] | None, name: str = "DefaultPolicy") -> LivePolicy:
    found = policy.decode({"id": f"{ROOT}/rsv/backupPolicies/{name}", "properties": daily_policy(30)})
    told = PolicySettings.model_validate({"schedule": schedule}) if schedule else None
    return replace(found, settings=told)


def item(name: str, state: str = "Protected", last: str = "2026-11-22T23:05:00Z", **more: Any) -> LiveItem:
    bound = (
        {} if "Stopped" in state or "Suspended" in state else {"policyId": f"{ROOT}/rsv/backupPolicies/DefaultPolicy"}
    )
    properties = {"protectionState": state, "sourceResourceId": vm_id(name), "lastBackupTime": last, **bound, **more}
    return protection.decode({"id": f"{ROOT}/rsv/items/VM;iaasvmcontainerv2;rg-web;{name}", "properties": properties})


# ---- health --------------------------------------------------------------------------------------------------------


def weekly(*days: str) -> dict[str, Any]:
    return {"frequency": "Weekly", "days": list(days), "time": "23:00"}


@pytest.mark.parametrize(
    ("schedule", "days"),
    [
        (DAILY, 1),
        (HOURLY, 1),
        (weekly("Sunday"), 7),
        (weekly("Monday", "Thursday"), 4),
        (weekly("Saturday", "Sunday"), 6),
        (weekly("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"), 1),
        (None, None),
    ],
)
def test_the_longest_time_between_two_backups(schedule: dict[str, Any] | None, days: int | None) -> None:
    assert allowed_days(live_policy(schedule)) == days


@pytest.mark.parametrize(
    ("found", "schedule", "expected"),
    [
        (item("web-01"), DAILY, Health.IN_TIME),
        (item("web-01", last="2026-11-21T23:05:00Z"), DAILY, Health.OVERDUE),
        (item("web-01", last="2026-11-21T23:05:00Z"), weekly("Saturday"), Health.IN_TIME),
        (item("web-01", last="2026-11-22T00:30:00+09:00"), DAILY, Health.OVERDUE),
        (item("web-01", lastBackupStatus="Failed"), DAILY, Health.FAILED),
        (item("web-01", "ProtectionError", "2001-01-01T00:00:00Z"), DAILY, Health.FAILED),
        (item("web-01", "IRPending", "2001-01-01T00:00:00Z"), DAILY, Health.NEVER),
        (item("web-01"), None, Health.UNKNOWN),
        (item("web-01", "ProtectionStopped"), DAILY, Health.NONE_DUE),
        (item("web-01", "BackupsSuspended"), DAILY, Health.NONE_DUE),
        (item("web-01", "ProtectionPaused"), DAILY, Health.UNKNOWN),
    ],
)
def test_health_is_the_last_backup_against_the_schedule(
    found: LiveItem, schedule: dict[str, Any] | None, expected: Health
) -> None:
    assert health_of(Held(OTHER, found.state, found, live_policy(schedule)), DAY) is expected


def test_of_a_vault_whose_lists_are_not_read_nothing_is_guessed() -> None:
    assert health_of(Held(OTHER, ItemState.ACTIVE), DAY) is Health.UNKNOWN
    assert health_of(Held(OTHER, ItemState.STOPPED), DAY) is Health.NONE_DUE
    untold = replace(item("web-01"), last_backup=None)
    assert health_of(Held(OTHER, untold.state, untold, live_policy(DAILY)), DAY) is Health.UNKNOWN, "it has points"


# ---- standings -----------------------------------------------------------------------------------------------------


def declared(kind: str, handle: str, spec: Any) -> Declaration[Any]:
    return Declaration(kind, handle, spec, Source({(): Place("all.yaml", 1, 1)}))


def manifests(*assignments: dict[str, Any], exempt: tuple[str, ...] = ()) -> Manifests:
    where = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup", "location": "japaneast"}
    specs = [AssignmentSpec.model_validate({"vault": "rsv", **one}) for one in assignments]
    exemption = {"select": {"names": exempt}, "reason": "rebuilt", "expires": date(2099, 12, 31)}
    return Manifests(
        vaults=(declared("Vault", "rsv", VaultSpec.model_validate(where)),),
        assignments=tuple(declared("VMAssignment", f"a{index}", spec) for index, spec in enumerate(specs)),
        exemptions=(declared("Exemption", "spare", ExemptionSpec.model_validate(exemption)),) if exempt else (),
    )


def snapshot(*items: LiveItem, there: tuple[str, ...] = (), **more: Any) -> Snapshot:
    live = vault.decode({"id": f"{ROOT}/rsv", "location": "japaneast", "properties": {}})
    policies = [live_policy(DAILY), live_policy(DAILY, "other")]
    contents = VaultContents(live, {one.id: one for one in policies}, {one.vm: one for one in items})
    read = [vm.decode({"id": vm_id(name), "location": "japaneast"}) for name in there]
    return Snapshot({live.id: contents}, vms={one.id: one for one in read}, **more)


ACTIVE = {"policy": "DefaultPolicy", "select": {"names": ("web-*",)}}


def machines(wished: Manifests, found: Snapshot) -> dict[str, Machine]:
    return {one.vm.name: one for one in machines_of(make_plan(wished, found, DAY), found)}


def test_a_vm_on_another_policy_than_the_declared_one_and_one_that_is_exempt_all_the_same() -> None:
    elsewhere = {"policyId": f"{ROOT}/rsv/backupPolicies/other"}
    found = snapshot(*[item(name, **elsewhere) for name in ("web-01", "web-02")], there=("web-01", "web-02"))
    told = machines(manifests(ACTIVE, exempt=("web-02",)), found)
    assert (told["web-01"].standing, told["web-01"].policy) == (Standing.WRONG_POLICY, "other")
    assert told["web-02"].standing is Standing.EXEMPT, "coverage counts it so"


def test_a_stop_that_is_declared_is_told_from_one_that_is_not() -> None:
    found = snapshot(
        *[item(name, "ProtectionStopped") for name in ("web-01", "db-01", "app-01")],
        there=("web-01", "db-01", "app-01"),
    )
    told = machines(manifests(ACTIVE, {"protection": "stopped", "select": {"names": ("db-*",)}}), found)
    assert {one.standing for one in told.values()} == {Standing.STOPPED}
    assert {name: one.as_declared for name, one in told.items()} == {"web-01": False, "db-01": True, "app-01": False}
    assert not any(one.ails for one in told.values())


def test_the_vault_that_does_the_most_for_a_vm_is_told() -> None:
    deleted = item("web-01", "ProtectionStopped", isScheduledForDeferredDelete=True)
    held = {ArmId(vm_id("web-01")): HeldElsewhere(OTHER, ItemState.ACTIVE)}
    (told,) = machines(manifests(ACTIVE), snapshot(deleted, there=("web-01",), held_elsewhere=held)).values()
    assert (told.standing, told.vault, told.state, told.health) == (
        Standing.PROTECTED, OTHER, ItemState.ACTIVE, Health.UNKNOWN,
    )  # fmt: skip


def test_backups_whose_vm_is_gone_are_orphans_whose_backups_are_not_due_and_that_cost_without_end() -> None:
    found = snapshot(
        item("gone-01", last="2026-09-01T23:00:00Z"),
        item("gone-02", "ProtectionStopped"),
        item("gone-03", "IRPending", "2001-01-01T00:00:00Z"),
        item("kept-01", "ProtectionStopped"),
        item("none-01", "ProtectionStopped", "2001-01-01T00:00:00Z"),
        there=("kept-01", "none-01"),
        absent_vms={ArmId(vm_id(f"gone-0{number}")): Presence.GONE for number in (1, 2, 3)},
    )
    told, plan = machines(manifests(ACTIVE), found), make_plan(manifests(ACTIVE), found, DAY)
    assert {name for name, one in told.items() if one.standing is Standing.ORPHAN} == {"gone-01", "gone-02", "gone-03"}
    assert told["gone-01"].health is Health.NONE_DUE
    assert (told["gone-01"].age_days, told["gone-01"].allowed_days) == (83, None)
    kept = {one.item.vm.name: one.why for one in plan.kept}
    assert kept == {"gone-01": WhyKept.VM_GONE, "gone-02": WhyKept.STOPPED, "kept-01": WhyKept.STOPPED}


def test_without_assignments_what_a_vault_holds_is_not_looked_for() -> None:
    (told,) = machines(manifests(), snapshot(item("web-01"))).values()
    assert (told.standing, told.health) == (Standing.NOT_LOOKED_FOR, Health.IN_TIME)
    assert told.last_backup == datetime(2026, 11, 22, 23, 5, tzinfo=UTC)


def test_a_vm_that_no_vault_holds_is_uncovered_and_nothing_is_due() -> None:
    (told,) = machines(manifests(ACTIVE), snapshot(there=("web-01",))).values()
    assert (told.standing, told.health, told.vault, told.state) == (Standing.UNCOVERED, Health.NONE_DUE, None, None)
