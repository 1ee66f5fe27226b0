"""Whatever a fleet looks like: who is not selected is touched only where authority holds, and then is stopped."""

from collections.abc import Mapping
from datetime import date
from typing import Any

from hypothesis import given, settings, target
from hypothesis import strategies as st

from backup_reconciler.azure.codec import policy, protection, vault, vm
from backup_reconciler.plan import make_plan
from backup_reconciler.plan.action import Stop, VMAction
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Declaration, Manifests, Place, Source
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.settings import SettingsSpec
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Presence, Snapshot, VaultContents
from tests.conftest import SUBSCRIPTION, daily_policy, vm_id

NAMES = [f"{tier}-{number}" for tier in ("web", "db") for number in range(4)]
VAULTS = ["rsv", "other"]
STATES = ["IRPending", "Protected", "ProtectionStopped", "BackupsSuspended", "Hibernated", "deleted"]
ROOT = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults"
WHERE = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup", "location": "japaneast"}


def usually(most: Any, *others: Any) -> st.SearchStrategy[Any]:
    """One value in most cases: what is sound needs all of many draws to be so."""
    return st.integers(0, 9).flatmap(lambda die: st.sampled_from(others) if die > 7 else st.just(most))


def declared(kind: str, handle: str, spec: Any) -> Declaration[Any]:
    return Declaration(kind, handle, spec, Source({(): Place(handle, 1, 1)}))


def held(holder: str, states: Mapping[str, str]) -> VaultContents:
    own = policy.decode({"id": f"{ROOT}/{holder}/backupPolicies/DefaultPolicy", "properties": daily_policy(30)})
    items = [item(holder, name, state, own.id.text) for name, state in states.items()]
    arm = {"id": f"{ROOT}/{holder}", "location": "japaneast", "properties": {}}
    return VaultContents(vault.decode(arm), {own.id: own}, {one.vm: one for one in items})


def item(holder: str, name: str, state: str, bound: str) -> Any:
    properties = {"protectionState": state, "sourceResourceId": vm_id(name)}
    if state in ("IRPending", "Protected"):
        properties["policyId"] = bound
    if state == "deleted":
        properties |= {"protectionState": "ProtectionStopped", "isScheduledForDeferredDelete": True}
    return protection.decode(
        {"id": f"{ROOT}/{holder}/items/VM;iaasvmcontainerv2;rg-web;{name}", "properties": properties}
    )


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    """Two vaults that hold some of the VMs in any state; some VMs are not there, or not seen."""
    holders = draw(st.fixed_dictionaries({name: usually("rsv", "", *VAULTS) for name in NAMES}))
    states = {name: draw(usually("Protected", *STATES)) for name in NAMES}
    presences = {name: draw(usually(Presence.THERE, *Presence)) for name in NAMES}
    contents = [held(one, {name: states[name] for name in NAMES if holders[name] == one}) for one in VAULTS]
    there = [name for name in NAMES if presences[name] is Presence.THERE]
    read = [vm.decode({"id": vm_id(name), "location": "japaneast"}) for name in there]
    return Snapshot(
        {one.vault.id: one for one in contents},
        vms={one.id: one for one in read},
        absent_vms={ArmId(vm_id(name)): presences[name] for name in NAMES if name not in there},
    )


selects = usually(
    {"names": ["web-*"]}, {"names": ["db-?"]}, {"names": ["wbe-*"]}, {"ids": [vm_id("db-0"), vm_id("web-3")]}
)
assignments = st.builds(
    lambda select, exclude, holder, state: AssignmentSpec.model_validate(
        {"vault": holder, "policy": "DefaultPolicy", "select": select, "protection": state, **exclude}
    ),
    selects,
    st.sampled_from([{}, {"exclude": {"names": ["*-1"]}}]),
    usually(*VAULTS),
    usually("active", "stopped"),
)


@st.composite
def runs(draw: st.DrawFn) -> Manifests:
    specs = draw(st.lists(assignments, max_size=3))
    vaults = [VaultSpec.model_validate({**WHERE, "authoritative": draw(usually(True, False))}) for _ in VAULTS]
    roots = draw(usually({"roots": ["a", "b"]}, None, {}))
    return Manifests(
        vaults=tuple(declared("Vault", name, spec) for name, spec in zip(VAULTS, vaults, strict=True)),
        assignments=tuple(declared("VMAssignment", f"a{number}", spec) for number, spec in enumerate(specs)),
        settings=None if roots is None else declared("Settings", "", SettingsSpec.model_validate(roots)),
        roots_left_out=draw(usually((), ("b",))) if roots else (),
    )


def selects_vm(spec: AssignmentSpec, name: str) -> bool:
    """What the selections of this module mean, told once more."""
    if spec.exclude is not None and name.endswith("-1"):
        return False
    if spec.select.ids is not None:
        return vm_id(name) in spec.select.ids
    assert spec.select.names is not None
    return name.startswith(spec.select.names[0][:3])


def is_sound(spec: AssignmentSpec, there: set[str]) -> bool:
    """Whether an assignment selects something, and nothing that is not there."""
    ids = {name for name in NAMES if vm_id(name) in (spec.select.ids or ())}
    return ids <= there and any(selects_vm(spec, name) for name in there)


@settings(max_examples=200)
@given(runs(), snapshots())
def test_who_is_not_selected_is_stopped_where_authority_holds_and_never_touched_else(
    manifests: Manifests, snapshot: Snapshot
) -> None:
    plan = make_plan(manifests, snapshot, date(2026, 11, 23))
    specs = [one.spec for one in manifests.assignments]
    there = {id_.name for id_ in snapshot.vms}
    selected = {name for name in NAMES if any(selects_vm(spec, name) for spec in specs)}
    expected = set()
    for holder in manifests.vaults:
        into = [spec for spec in specs if spec.vault == holder.handle]
        if holder.spec.authoritative and manifests.are_all and into and all(is_sound(spec, there) for spec in into):
            items = snapshot.vaults[holder.spec.vault_id(holder.handle)].items.values()
            active = {item.vm.name for item in items if item.state is ItemState.ACTIVE}
            expected |= {(holder.handle, name) for name in (active & there) - selected}
    unasked = [one for one in plan.actions if isinstance(one, VMAction) and one.vm.name not in selected]
    assert {type(action) for action in unasked} <= {Stop}
    assert {(action.vault.name, action.vm.name) for action in unasked} == expected
    target(len(expected))  # hypothesis looks for fleets in which authority holds
