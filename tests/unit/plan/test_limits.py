"""How much one run may change: what is counted, and from when on it is too much."""

from dataclasses import replace

import pytest

from backup_reconciler.plan.action import (
    Action,
    AnyAction,
    BackUpNow,
    ChangeDisks,
    ChangePolicy,
    DeleteData,
    Migrate,
    Protect,
    Resume,
    Stop,
    Suspend,
    Undelete,
    UpdatePolicy,
)
from backup_reconciler.plan.finding import Severity
from backup_reconciler.plan.limits import Agreed, option, with_limits
from backup_reconciler.plan.plan import Plan
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.max_changes import MaxChanges
from backup_reconciler.spec.rules.limits import CHANGE_LIMIT
from backup_reconciler.spec.settings import Limits, SettingsSpec
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests.conftest import SUBSCRIPTION, vm_id
from tests.unit.plan.actions import DAY, ITEM, LIVE_VAULT, VAULT, example

OTHER = vault_id(SUBSCRIPTION, "rg-backup", "other")
HIGH = Limits(share=100, stops=1000)


def vm(number: int, prefix: str = "web") -> ArmId:
    return ArmId(vm_id(f"{prefix}-{number:02}"))


def on(kind: type[Action], number: int, vault: ArmId = VAULT, prefix: str = "web") -> AnyAction:
    """An action of this kind on one VM."""
    target = {"vms": (vm(number, prefix),)} if kind is UpdatePolicy else {"vm": vm(number, prefix)}
    address = f"{kind.__name__}/{vault.name}/{prefix}-{number}"
    return replace(example(kind), address=address, vault=vault, depends_on=(), guard="", **target)


def on_each(kind: type[Action], number: int, vault: ArmId = VAULT, prefix: str = "web") -> tuple[AnyAction, ...]:
    return tuple(on(kind, each, vault, prefix) for each in range(number))


def holding(number: int, deleted: int = 0, vault: ArmId = VAULT, prefix: str = "web") -> dict[ArmId, VaultContents]:
    """A vault with so many backups, and some that are soft-deleted."""
    items = {vm(each, prefix): replace(ITEM, vm=vm(each, prefix)) for each in range(number)}
    gone = replace(ITEM, state=ItemState.SOFT_DELETED)
    return {
        vault: VaultContents(
            replace(LIVE_VAULT, id=vault), items=items | {vm(each, "gone"): gone for each in range(deleted)}
        )
    }


def stated(limits: Limits) -> Declaration[SettingsSpec]:
    return Declaration("Settings", "", SettingsSpec(limits=limits), Source({(): Place("settings", 1, 1)}))


def exceeded(
    actions: tuple[AnyAction, ...],
    held: int | Snapshot = 20,
    limits: Limits | None = None,
    most: MaxChanges | None = None,
) -> list[str]:
    """What the limits that a plan exceeds say."""
    snapshot = Snapshot(holding(held)) if isinstance(held, int) else held
    plan = with_limits(Plan(DAY, actions), snapshot, Agreed(stated(limits) if limits else None, most))
    assert {(one.rule, one.severity) for one in plan.findings} <= {(CHANGE_LIMIT, Severity.WARNING)}
    assert plan.actions == actions
    return sorted(one.message for one in plan.findings)


@pytest.mark.parametrize("kind", [Stop, Suspend, DeleteData, ChangePolicy, Migrate, UpdatePolicy])
def test_what_changes_backups_is_counted(kind: type[Action]) -> None:
    said = ["5 of its 20 VMs would be changed, and one run may change 4 (20 %)"]
    assert exceeded(on_each(kind, 5)) == said
    assert option(Plan(DAY, on_each(kind, 5))) == "--max-changes 5"


@pytest.mark.parametrize("kind", [Protect, Resume, ChangeDisks, Undelete, BackUpNow])
def test_what_protects_is_not_counted(kind: type[Action]) -> None:
    assert exceeded(on_each(kind, 20)) == []
    assert option(Plan(DAY, on_each(kind, 20))) == "--max-changes 0"


@pytest.mark.parametrize("kind", [Stop, Suspend, DeleteData])
def test_stops_are_counted_for_themselves(kind: type[Action]) -> None:
    assert exceeded(on_each(kind, 10), held=100) == []
    said = "the backups of 11 VMs would be stopped or deleted, and one run may do so for 10"
    assert exceeded(on_each(kind, 11), held=100) == [said]


@pytest.mark.parametrize("kind", [ChangePolicy, Migrate, UpdatePolicy])
def test_what_goes_on_is_no_stop(kind: type[Action]) -> None:
    assert exceeded(on_each(kind, 20), held=100) == []


@pytest.mark.parametrize(
    ("held", "changed", "is_too_much"), [(10, 2, False), (10, 3, True), (9, 9, False), (99, 19, False), (99, 20, True)]
)
def test_a_share_holds_from_a_population_on(held: int, changed: int, is_too_much: bool) -> None:
    assert bool(exceeded(on_each(ChangePolicy, changed), held)) is is_too_much


def test_a_vault_without_backups_has_no_share() -> None:
    limits = Limits(share=0, population=1)
    assert exceeded(on_each(ChangePolicy, 1), held=0, limits=limits) == []
    assert exceeded(on_each(ChangePolicy, 1), held=1, limits=limits) == [
        "1 of its 1 VM would be changed, and one run may change 0 (0 %)"
    ]


def test_what_is_soft_deleted_makes_a_vault_no_larger() -> None:
    snapshot = Snapshot(holding(10, deleted=10))
    assert exceeded(on_each(ChangePolicy, 3), snapshot) == [
        "3 of its 10 VMs would be changed, and one run may change 2 (20 %)"
    ]


def test_each_vault_has_its_share_and_the_run_one_number_of_stops() -> None:
    snapshot = Snapshot(holding(100) | holding(10, vault=OTHER, prefix="db"))
    actions = (*on_each(Stop, 8), *on_each(Stop, 3, OTHER, "db"))
    plan = with_limits(Plan(DAY, actions), snapshot, Agreed())
    assert [(one.address.partition("/")[0], one.label) for one in plan.findings] == [
        ("Vault", "vault other"),
        ("Run", "this run"),
    ]
    assert {one.place for one in plan.findings} == {None}
    assert {one.instead for one in plan.findings} == {
        "look through the plan; if all of it is meant, add --max-changes 11"
    }


def test_vaults_are_told_in_the_order_of_their_ids() -> None:
    snapshot = Snapshot(holding(10) | holding(10, vault=OTHER, prefix="db"))
    actions = (*on_each(Stop, 3), *on_each(Stop, 3, OTHER, "db"))
    plan = with_limits(Plan(DAY, actions), snapshot, Agreed())
    assert [one.label for one in plan.findings] == ["vault other", "vault rsv"]


def test_a_vm_that_is_stopped_and_deleted_counts_once() -> None:
    actions = (*on_each(Stop, 10), *on_each(DeleteData, 10), *on_each(ChangePolicy, 10))
    assert exceeded(actions, held=100) == []
    assert option(Plan(DAY, actions)) == "--max-changes 10"


def test_what_waits_for_an_approval_is_not_counted() -> None:
    guarded = [replace(one, guard="guard") for one in on_each(Stop, 11)]
    then = [replace(on(DeleteData, at), depends_on=(one.id,)) for at, one in enumerate(guarded)]
    assert exceeded((*guarded, *then), held=100) == []


def test_settings_may_limit_all_changes() -> None:
    limits = Limits(share=100, stops=1000, changes=2)
    assert exceeded(on_each(ChangePolicy, 2), limits=limits) == []
    assert exceeded(on_each(ChangePolicy, 3), limits=limits) == ["3 VMs would be changed, and one run may change 2"]
    assert exceeded(on_each(ChangePolicy, 20), limits=HIGH) == []
    assert exceeded(on_each(Stop, 20), limits=Limits(share=100, changes=0)) == [
        "20 VMs would be changed, and one run may change 0",
        "the backups of 20 VMs would be stopped or deleted, and one run may do so for 10",
    ]


@pytest.mark.parametrize(
    ("most", "changed", "said"),
    [
        (MaxChanges(5), 5, None),
        (MaxChanges(5), 6, "6 VMs would be changed, and --max-changes agrees to 5"),
        (MaxChanges(0), 1, "1 VM would be changed, and --max-changes agrees to 0"),
        (MaxChanges(25, is_percent=True), 5, None),
        (MaxChanges(25, is_percent=True), 6, "6 VMs would be changed, and --max-changes agrees to 5 (25%)"),
    ],
)
def test_what_the_command_line_says_holds_in_the_place_of_all_limits(
    most: MaxChanges, changed: int, said: str | None
) -> None:
    limits = Limits(share=0, population=1, stops=0, changes=0)
    assert exceeded(on_each(Stop, changed), limits=limits, most=most) == ([said] if said else [])


def test_a_share_of_the_command_line_is_one_of_all_vaults() -> None:
    snapshot = Snapshot(holding(10, deleted=5) | holding(10, vault=OTHER, prefix="db"))
    assert exceeded(on_each(Stop, 10), snapshot, most=MaxChanges(50, is_percent=True)) == []


@pytest.mark.parametrize(
    ("limit", "is_stated"), [("share", True), ("stops", True), ("changes", True), ("share", False)]
)
def test_a_limit_that_the_settings_state_is_told_with_its_place(limit: str, is_stated: bool) -> None:
    place, root = Place("settings", 7, 3), Place("settings", 1, 1)
    source = Source({(): root, ("spec", "limits", limit): place, ("spec", "limits", "population"): root})
    limits = Limits.model_validate({limit: 1} if is_stated else {"population": 10})
    agreed = Agreed(Declaration("Settings", "", SettingsSpec(limits=limits), source))
    assert agreed.place_of(limit) == (place if is_stated else None)
    assert Agreed().place_of(limit) is None
    plan = with_limits(Plan(DAY, on_each(Stop, 20)), Snapshot(holding(20)), agreed)
    assert (place in {one.place for one in plan.findings}) is is_stated
    again = with_limits(plan, Snapshot(holding(20)), agreed)
    assert len(again.findings) == 2 * len(plan.findings)  # what it had to say before stays


def test_without_settings_the_usual_limits_hold() -> None:
    assert Agreed().limits == Limits()
    empty = Declaration("Settings", "", SettingsSpec(), Source({(): Place("settings", 1, 1)}))
    assert Agreed(empty).limits == Limits()
