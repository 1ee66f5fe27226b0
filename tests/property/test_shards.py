"""Whatever an estate looks like, what its shards tell is what one run over all of it tells, and each thing once."""

import json
from collections import Counter
from collections.abc import Mapping
from collections.abc import Set as AbstractSet
from dataclasses import replace
from datetime import date
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from backup_reconciler.azure.codec import policy, protection, vault, vm
from backup_reconciler.plan import make_plan, scope_of
from backup_reconciler.plan.limits import Agreed, with_limits
from backup_reconciler.plan.shard import Part, holders_left_out
from backup_reconciler.report.data.drift import drift_data
from backup_reconciler.report.data.plan import plan_data
from backup_reconciler.report.merge import joined, read_shard_report
from backup_reconciler.report.model.report import About, Report, report_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.spec.exemption import ExemptionSpec
from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.protection import AssignmentSpec
from backup_reconciler.spec.settings import SettingsSpec
from backup_reconciler.spec.shard import WHOLE, Shard
from backup_reconciler.spec.vault import VaultSpec
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import HeldElsewhere, Presence, Snapshot, VaultContents, VaultOutline
from tests.conftest import SUBSCRIPTION, daily_policy, hourly_policy, vm_id
from tests.property.test_authority import ROOT, declared, usually

DAY = date(2026, 11, 23)
VAULTS = [f"rsv-{number}" for number in range(4)]
REGIONS = ["japaneast", "japanwest"]
VMS = [vm_id(name, group) for group in ("rg-web", "rg-db") for name in ("a", "b", "c", "d")]
STATES = ["Protected", "Protected", "IRPending", "ProtectionStopped", "BackupsSuspended", "Hibernated"]

# ---- what there is -------------------------------------------------------------------------------------------------


@st.composite
def contents_of(draw: st.DrawFn, name: str, region: str, states: Mapping[str, str]) -> VaultContents:
    """A vault with a policy of each tier, and these VMs."""
    policies = [
        policy.decode({"id": f"{ROOT}/{name}/backupPolicies/{own}", "properties": body})
        for own, body in (("daily", daily_policy(draw(st.sampled_from([30, 60])))), ("hourly", hourly_policy()))
    ]
    items = [_item(name, id_, state, draw(st.sampled_from(policies)).id.text) for id_, state in states.items()]
    arm = {"id": f"{ROOT}/{name}", "location": draw(usually(region, *REGIONS)), "tags": {"owner": "me"}}
    return VaultContents(
        vault.decode(arm | {"properties": {"provisioningState": "Succeeded"}}),
        {one.id: one for one in policies},
        {one.vm: one for one in items},
    )


def _item(holder: str, id_: str, state: str, bound: str) -> Any:
    properties = {"protectionState": state, "sourceResourceId": id_, "lastBackupTime": "2026-11-20T01:00:00Z"}
    if state in ("IRPending", "Protected"):
        properties["policyId"] = bound
    if state == "deleted":
        properties |= {"protectionState": "ProtectionStopped", "isScheduledForDeferredDelete": True}
    group, name = ArmId(id_).resource_group, ArmId(id_).name
    path = (
        f"{ROOT}/{holder}/backupFabrics/Azure/protectionContainers/x/protectedItems/VM;iaasvmcontainerv2;{group};{name}"
    )
    return protection.decode({"id": path, "properties": properties})


@st.composite
def held(draw: st.DrawFn) -> Mapping[str, Mapping[str, str]]:
    """What each vault holds. A VM is in two of them only while one keeps a soft-deleted backup of it."""
    by_vault: dict[str, dict[str, str]] = {name: {} for name in VAULTS}
    for id_ in VMS:
        holder, keeper = draw(st.sampled_from(["", *VAULTS])), draw(usually("", *VAULTS))
        if keeper:
            by_vault[keeper][id_] = "deleted"
        if holder:
            by_vault[holder][id_] = draw(st.sampled_from(STATES))
    return by_vault


@st.composite
def snapshots(draw: st.DrawFn) -> Snapshot:
    states = draw(held())
    there = [
        draw(contents_of(name, REGIONS[number % 2], states[name]))
        for number, name in enumerate(VAULTS)
        if draw(usually(True, False))
    ]
    presences = {ArmId(id_): draw(usually(Presence.THERE, *Presence)) for id_ in VMS}
    seen = [id_ for id_, presence in presences.items() if presence is Presence.THERE]
    read = [vm.decode({"id": id_.text, "location": draw(st.sampled_from(REGIONS)), "properties": {}}) for id_ in seen]
    stranger = ArmId(f"{ROOT}/stranger")
    elsewhere = draw(st.dictionaries(st.sampled_from(VMS), st.sampled_from(ItemState), max_size=1))
    return Snapshot(
        vaults={one.vault.id: one for one in there},
        listed_vaults=tuple(sorted(one.vault.id for one in there)),
        vms={one.id: one for one in read},
        absent_vms={id_: presence for id_, presence in presences.items() if presence is not Presence.THERE},
        held_elsewhere={ArmId(id_): HeldElsewhere(stranger, state) for id_, state in elsewhere.items()},
    )


# ---- what is declared ----------------------------------------------------------------------------------------------

SELECTS = [{"names": ["*"]}, {"resourceGroups": ["rg-web"]}, {"resourceGroups": ["rg-db"]}, {"ids": VMS[:3]}]


@st.composite
def assignments(draw: st.DrawFn) -> AssignmentSpec:
    choice = st.sampled_from([{"vaults": {"matchRegion": VAULTS[:2]}}, {"vaults": {"matchRegion": VAULTS[2:]}}])
    into = draw(choice | st.sampled_from(VAULTS).map(lambda name: {"vault": name}))
    how = [
        {"policy": "daily"},
        {"policy": "daily", "initialBackup": {"keepDays": 7}},
        {"policy": "hourly", "moveToEnhanced": {"vmsPerRun": 1}},
        {"policy": "hourly"},
        {"protection": "stopped"},
    ]
    return AssignmentSpec.model_validate(
        {**into, "select": draw(st.sampled_from(SELECTS)), **draw(st.sampled_from(how))}
    )


@st.composite
def runs(draw: st.DrawFn) -> Manifests:
    where = {"subscription": SUBSCRIPTION, "resourceGroup": "rg-backup"}
    specs = [
        {**where, "location": REGIONS[n % 2], "authoritative": draw(st.booleans()), **draw(st.sampled_from(_OTHERWISE))}
        for n, _ in enumerate(VAULTS)
    ]
    daily = {"schedule": {"frequency": "Daily", "time": "23:00"}, "timeZone": "Asia/Tokyo", "instantRestoreDays": 2}
    policies = {
        "daily": {"vaults": "all", **daily, "retention": {"daily": {"days": 30}}},
        "weekly": {"vaults": VAULTS[:3], **daily, "retention": {"daily": {"days": 7}}},
    }
    exempt = ExemptionSpec.model_validate({"select": {"names": ["d"]}, "reason": "r", "expires": "2027-01-01"})
    agreed = {"roots": ["a"], "limits": draw(st.sampled_from([{}, {"stops": 0, "changes": 1}, {"population": 1}]))}
    return Manifests(
        vaults=tuple(declared("Vault", name, _vault(spec)) for name, spec in zip(VAULTS, specs, strict=True)),
        policies=tuple(
            declared("BackupPolicy", name, BackupPolicySpec.model_validate(policies[name]))
            for name in draw(st.sets(st.sampled_from(sorted(policies))))
        ),
        assignments=tuple(
            declared("VMAssignment", f"a{number}", spec)
            for number, spec in enumerate(draw(st.lists(assignments(), min_size=1, max_size=3)))
        ),
        exemptions=(declared("Exemption", "d", exempt),) if draw(st.booleans()) else (),
        settings=declared("Settings", "", SettingsSpec.model_validate(agreed)),
    )


_OTHERWISE: list[dict[str, Any]] = [{}, {}, {"tags": {"owner": "you"}}, {"softDelete": {"state": "AlwaysOn"}}]


def _vault(spec: dict[str, Any]) -> VaultSpec:
    return VaultSpec.model_validate(spec)


# ---- runs over one shard -------------------------------------------------------------------------------------------


def as_read(snapshot: Snapshot, manifests: Manifests, shard: Shard) -> Snapshot:
    """What a run over a shard reads of an estate that Resource Graph knows as it is."""
    left_out = _without(snapshot, scope_of(manifests, shard).left_out)
    return _without(snapshot, left_out.left_out.keys() - holders_left_out(manifests, left_out, shard))


def _without(snapshot: Snapshot, vaults: AbstractSet[ArmId]) -> Snapshot:
    read = {id_: found for id_, found in snapshot.vaults.items() if id_ not in vaults}
    return replace(snapshot, vaults=read, left_out={id_: _outline(snapshot.vaults.get(id_)) for id_ in vaults})


def _outline(contents: VaultContents | None) -> VaultOutline:
    if contents is None:
        return VaultOutline()
    return VaultOutline(contents.vault, {vm: item.state for vm, item in contents.items.items()})


def told(manifests: Manifests, snapshot: Snapshot, about: About, shard: Shard = WHOLE) -> Report:
    """The report of a run, or of one over a shard."""
    seen = as_read(snapshot, manifests, shard)
    plan = Part.of(shard, manifests, seen).of_plan(make_plan(manifests, seen, DAY))
    if about is About.PLAN:
        plan = with_limits(plan, seen, Agreed(manifests.settings))
    return report_of(about, plan, seen, manifests)


def written(report: Report) -> bytes:
    data = plan_data(report) if report.about is About.PLAN else drift_data(report)
    return data.model_dump_json().encode()


@settings(max_examples=40)
@given(runs(), snapshots(), st.sampled_from(About), st.integers(1, 5))
def test_what_the_shards_tell_is_what_one_run_tells(
    manifests: Manifests, snapshot: Snapshot, about: About, count: int
) -> None:
    shards = [Shard(number + 1, count) for number in range(count)]
    parts = [written(told(manifests, snapshot, about, shard)) for shard in shards]
    whole = written(told(manifests, snapshot, about))
    if count == 1:
        assert parts == [whole]
        return
    read = [read_shard_report(str(shard), part) for shard, part in zip(shards, parts, strict=True)]
    assert json.loads(written(joined(read))) == json.loads(whole)


@settings(max_examples=25)
@given(runs(), snapshots(), st.integers(2, 5))
def test_each_thing_is_told_by_one_shard(manifests: Manifests, snapshot: Snapshot, count: int) -> None:
    by_shard = [told(manifests, snapshot, About.PLAN, Shard(number + 1, count)) for number in range(count)]
    times = Counter(id_ for one in by_shard for id_ in {action.id for action in one.plan.actions})
    times += Counter(address for one in by_shard for address in {resource.address for resource in one.resources})
    times += Counter(machine.vm.key for one in by_shard for machine in one.machines)
    assert set(times.values()) <= {1}


@settings(max_examples=15)
@given(runs(), snapshots(), st.integers(2, 5), st.sampled_from(VAULTS))
def test_a_vault_that_goes_moves_nothing_else_to_another_shard(
    manifests: Manifests, snapshot: Snapshot, count: int, name: str
) -> None:
    """Of what another vault holds each address is told by the shard that told it before."""
    gone = next(one for one in manifests.vaults if one.handle == name)
    assume(not any(name in one.spec.vault_handles() for one in manifests.assignments))
    id_ = gone.spec.vault_id(gone.handle)
    fewer = replace(manifests, vaults=tuple(one for one in manifests.vaults if one is not gone), policies=())
    left = replace(snapshot, vaults={one: found for one, found in snapshot.vaults.items() if one != id_})
    for number in range(1, count + 1):
        shard = Shard(number, count)
        before = {one.address for one in told(replace(manifests, policies=()), snapshot, About.PLAN, shard).resources}
        after = {one.address for one in told(fewer, left, About.PLAN, shard).resources}
        others = {one.address for other in range(1, count + 1) if other != number
                  for one in told(fewer, left, About.PLAN, Shard(other, count)).resources}  # fmt: skip
        assert before.isdisjoint(others), "what a shard told no other tells now"
        assert after.isdisjoint(others)
