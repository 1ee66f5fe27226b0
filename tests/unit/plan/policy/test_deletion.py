"""When a policy that is declared absent can go: what releases its VMs, and what only seems to."""

from dataclasses import replace

import pytest

from backup_reconciler.plan.action import (
    Action,
    ChangeDisks,
    ChangePolicy,
    DeletePolicy,
    Resume,
    Stop,
    Suspend,
    Undelete,
)
from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.plan import WhyHeld
from backup_reconciler.plan.policy.deletion import plan_policy_deletion
from backup_reconciler.spec.arm_id import ArmId, policy_id
from backup_reconciler.spec.document import Declaration, Place, Source
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.state.snapshot import Snapshot, VaultContents
from tests.conftest import vm_id
from tests.unit.plan.actions import DAY, ITEM, LIVE_POLICY, LIVE_VAULT, POLICY, VAULT, example

ABSENT = Declaration(
    "BackupPolicy",
    "daily",
    BackupPolicySpec.model_validate({"vaults": ["rsv"], "state": "absent"}),
    Source({(): Place("all.yaml", 1, 1)}),
)
VMS = [ArmId(vm_id(name)) for name in ("web-01", "web-02")]
OTHER = policy_id(VAULT, "other")


def at(vm: ArmId, kind: type[Action], **fields: object) -> Action:
    return replace(example(kind), address=protection_address(VAULT, vm), vm=vm, depends_on=(), **fields)  # type: ignore[call-arg]


def decided(draft: Draft) -> Draft:
    """The draft, with what becomes of a policy to which two VMs are bound."""
    items = {vm: replace(ITEM, vm=vm) for vm in reversed(VMS)}
    snapshot = Snapshot({VAULT: VaultContents(LIVE_VAULT, {POLICY: LIVE_POLICY}, items)})
    plan_policy_deletion(ABSENT, VAULT, snapshot, draft)
    return draft


def planned(*actions: Action) -> Draft:
    draft = Draft(DAY)
    for action in actions:
        draft.act(action)  # type: ignore[arg-type]
    return decided(draft)


@pytest.mark.parametrize(("kind", "fields"), [(Stop, {}), (Suspend, {}), (ChangePolicy, {"policy": OTHER})])
def test_it_goes_after_what_releases_its_vms(kind: type[Action], fields: dict[str, object]) -> None:
    released = [at(vm, kind, **fields) for vm in VMS]
    draft = planned(*released)
    (deletion,) = [one for one in draft.actions.values() if isinstance(one, DeletePolicy)]
    assert deletion.depends_on == tuple(one.id for one in released)
    assert draft.findings == []


@pytest.mark.parametrize("kind", [ChangeDisks, Resume, ChangePolicy, Undelete])
def test_what_leaves_a_vm_bound_to_it_releases_nothing(kind: type[Action]) -> None:
    draft = planned(at(VMS[0], Stop), at(VMS[1], kind))
    assert not any(isinstance(one, DeletePolicy) for one in draft.actions.values())
    (finding,) = draft.findings
    assert finding.message == "VMs (1) are bound to it, and stay so: rg-web/web-02"


def test_the_vms_that_stay_are_told_in_their_order() -> None:
    (finding,) = planned().findings
    assert finding.message == "VMs (2) are bound to it, and stay so: rg-web/web-01, rg-web/web-02"


@pytest.mark.parametrize(("why", "waits"), [(WhyHeld.LATER_WAVE, True), (WhyHeld.BLOCKED, False)])
def test_it_waits_for_a_later_run_to_release_the_last_vm(why: WhyHeld, waits: bool) -> None:
    draft = Draft(DAY)
    for vm in VMS:
        draft.hold(at(vm, ChangePolicy, policy=OTHER), "Vault/first", why)  # type: ignore[arg-type]
    decided(draft)
    held = [one for one in draft.held_back if isinstance(one.action, DeletePolicy)]
    first = protection_address(VAULT, VMS[0])
    assert [(one.because, one.why) for one in held] == ([(first, why)] if waits else [])
    assert len(draft.findings) == (not waits)
