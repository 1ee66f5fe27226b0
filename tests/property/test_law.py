"""The law of the codecs: what is stated is read back as stated, and what is not stated stays as it is."""

import json
import re
from collections.abc import Iterator
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure.codec import policy, protection, vault
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.disks import Disks
from backup_reconciler.spec.policy import PolicySettings, Tier, start_of
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault_comparison import as_declared
from tests.property.policies import valid_policies
from tests.property.strategies import unknown_fields, vault_changes

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
VAULT = vault_id(SUBSCRIPTION, "rg", "rsv")
POLICY = VAULT.child("backupPolicies", "daily")
VM = ArmId(f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg/providers/Microsoft.Compute/virtualMachines/vm")


def arm_policy(properties: dict[str, Any]) -> dict[str, Any]:
    return {"id": POLICY.text, "name": "daily", "properties": properties}


def stated_of(found: PolicySettings | VaultSettings, wished: PolicySettings | VaultSettings) -> dict[str, Any]:
    stated = wished.stated()
    return {name: value for name, value in found.stated().items() if name in stated}


# ---- policies ------------------------------------------------------------------------------------------------------


@st.composite
def policies_of_one_tier(draw: st.DrawFn) -> tuple[Tier, PolicySettings, PolicySettings]:
    """Two whole policies, of which the first could become the second."""
    one = draw(valid_policies())
    other = draw(valid_policies().filter(lambda spec: spec.tier == one.tier))
    return one.tier, one.settings(), other.settings()


@st.composite
def updates(draw: st.DrawFn) -> tuple[Tier, PolicySettings, PolicySettings]:
    """A whole policy, and some settings of another that it could become."""
    tier, before, other = draw(policies_of_one_tier())
    stated = [name for name, value in other if value is not None]
    names = set(draw(st.lists(st.sampled_from(stated), unique=True)))
    return tier, before, PolicySettings(**{name: value for name, value in other if name in names})


def levels_of(properties: dict[str, Any]) -> dict[str, dict[str, Any]]:
    """Every object within a policy's properties that a manifest can have written, by its path."""
    return {"": properties, **dict(_objects("", properties))}


def _objects(path: str, value: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for name, inner in value.items():
        if isinstance(inner, dict):
            yield f"{path}.{name}", inner
            yield from _objects(f"{path}.{name}", inner)


@given(policies_of_one_tier())
def test_a_new_policy_reads_back_as_stated(given_: tuple[Tier, PolicySettings, PolicySettings]) -> None:
    tier, wished, _ = given_
    found = policy.decode(arm_policy(policy.encode(wished, tier, None)))
    assert found.settings is not None
    assert (found.tier, stated_of(found.settings, wished)) == (tier, wished.stated())


@given(updates())
def test_an_updated_policy_reads_back_as_stated_and_as_before(
    given_: tuple[Tier, PolicySettings, PolicySettings],
) -> None:
    tier, before, wished = given_
    live = arm_policy({**policy.encode(before, tier, None), "protectedItemsCount": 3})
    encoded = policy.encode(wished, tier, live)
    found = policy.decode(arm_policy(encoded)).settings
    assert found is not None
    assert stated_of(found, wished) == wished.stated()
    unstated = {name: value for name, value in before.stated().items() if name not in wished.stated()}
    assert {name: found.stated()[name] for name in unstated} == unstated
    assert "protectedItemsCount" not in encoded


@given(updates(), st.data())
def test_fields_nobody_knows_survive_an_update(
    given_: tuple[Tier, PolicySettings, PolicySettings], data: st.DataObject
) -> None:
    """At every level, but for one that goes: of the frequency that was before, or of a retention that is no more."""
    tier, before, wished = given_
    properties = policy.encode(before, tier, None)
    unknown = {path: data.draw(unknown_fields) for path in levels_of(properties)}
    for path, level in levels_of(properties).items():
        level.update(unknown[path])
    live = arm_policy(properties)
    untouched = deepcopy(live)
    after = levels_of(policy.encode(wished, tier, live))
    assert live == untouched, "encoding must not change what was read"
    for path, fields in unknown.items():
        if path in after:
            assert fields.items() <= after[path].items(), path
    assert {path for path in unknown if path not in after} == gone(properties, before, wished)


def gone(properties: dict[str, Any], before: PolicySettings, wished: PolicySettings) -> set[str]:
    """The objects of a policy that an update takes away, by the names the service has for them."""
    ends: list[str] = []
    if wished.schedule and before.schedule and wished.schedule.frequency != before.schedule.frequency:
        ends.append(f".schedulePolicy.{before.schedule.frequency.lower()}Schedule")
    for level in ("daily", "weekly", "monthly", "yearly"):
        kept, stated = getattr(before.retention, level), getattr(wished.retention, level, None)
        if wished.retention and kept is not None:
            path = f".retentionPolicy.{level}Schedule"
            by_date = getattr(kept, "dates", None) is not None
            if stated is None:
                ends.append(path)
            elif level in ("monthly", "yearly") and by_date != (stated.dates is not None):
                ends.append(f"{path}.retentionSchedule{'Daily' if by_date else 'Weekly'}")
    return {path for path in levels_of(properties) for end in ends if path == end or path.startswith(f"{end}.")}


@given(policies_of_one_tier())
def test_stating_what_is_so_changes_nothing_on_the_wire(given_: tuple[Tier, PolicySettings, PolicySettings]) -> None:
    tier, wished, _ = given_
    live = arm_policy(policy.encode(wished, tier, None))
    assert policy.encode(wished, tier, live) == live["properties"]


@given(updates())
def test_every_time_is_the_time_of_the_schedule_on_one_date(
    given_: tuple[Tier, PolicySettings, PolicySettings],
) -> None:
    tier, before, wished = given_
    encoded = policy.encode(wished, tier, arm_policy(policy.encode(before, tier, None)))
    schedule = wished.schedule or before.schedule
    assert schedule is not None
    expected = f"2020-01-01T{start_of(schedule)}:00Z"
    levels = [level for level in encoded["retentionPolicy"].values() if isinstance(level, dict)]
    assert levels
    assert all(level["retentionTimes"] == [expected] for level in levels)
    assert set(times_in(encoded)) == {expected}


def times_in(value: Any) -> Iterator[str]:
    """Every date-time in plain data."""
    if isinstance(value, dict | list):
        for inner in value.values() if isinstance(value, dict) else value:
            yield from times_in(inner)
    elif isinstance(value, str) and value.startswith("20"):
        yield value


@given(policies_of_one_tier(), st.sampled_from(["Z", "+00:00", ".000Z", ".0000000+00:00"]), st.dates())
def test_the_date_and_the_spelling_of_a_time_mean_nothing(
    given_: tuple[Tier, PolicySettings, PolicySettings], spelling: str, day: Any
) -> None:
    tier, wished, _ = given_
    sent = policy.encode(wished, tier, None)
    spelt = json.loads(
        re.sub(r"2020-01-01T(\d\d:\d\d):00Z", rf"{day.isoformat()}T\g<1>:00{spelling}", json.dumps(sent))
    )
    assert policy.decode(arm_policy(spelt)).settings == policy.decode(arm_policy(sent)).settings
    again = policy.encode(PolicySettings(), tier, arm_policy(spelt))
    assert again == sent, "always one date, and never one in the future"


# ---- vaults --------------------------------------------------------------------------------------------------------


def laid_over(live: Any, patch: Any) -> Any:
    """What ARM makes of a PATCH: mappings are merged, and a null takes an element of a mapping away."""
    if not isinstance(live, dict) or not isinstance(patch, dict):
        return patch
    merged = {**live, **{name: laid_over(live.get(name), value) for name, value in patch.items()}}
    return {name: value for name, value in merged.items() if not (name in patch and patch[name] is None)}


def patched(live: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
    """A vault after a PATCH; tags are one value, and an identity of another type loses what that type has not."""
    after: dict[str, Any] = laid_over(live, body)
    if "tags" in body:
        after["tags"] = body["tags"]
    if "identity" in body and "UserAssigned" not in body["identity"]["type"]:
        after["identity"].pop("userAssignedIdentities", None)
    return after


def strewn(data: Any, unknown: dict[str, Any]) -> Any:
    """The same with fields that nobody knows at every level."""
    if not isinstance(data, dict):
        return data
    return {**unknown, **{name: strewn(value, unknown) for name, value in data.items()}}


def unknown_in(data: Any, path: str = "") -> dict[str, Any]:
    """Every unknown field, by its path."""
    found = {}
    for name, value in data.items() if isinstance(data, dict) else ():
        found |= {f"{path}/{name}": value} if name.startswith("x") else unknown_in(value, f"{path}/{name}")
    return found


def arm_vault(settings: VaultSettings, unknown: dict[str, Any]) -> dict[str, Any]:
    body = dict(vault.create_request(VAULT, settings).body or {})
    properties = {**body["properties"], "provisioningState": "Succeeded"}
    return {"id": VAULT.text, "tags": {}, **body, "properties": strewn(properties, unknown)}


@given(vault_changes, vault_changes, unknown_fields)
def test_a_patched_vault_reads_back_as_stated_and_as_before(
    before: VaultSettings, wished: VaultSettings, unknown: dict[str, Any]
) -> None:
    live = arm_vault(before.model_copy(update={"location": "japaneast"}), unknown)
    after = patched(live, dict(vault.update_request(VAULT, wished, live).body or {}))
    was, found, stated = vault.decode(live).stated(), vault.decode(after).stated(), wished.stated()
    assert as_declared(stated, found) == stated
    if "encryption" not in was:
        was["encryption"] = stated.get("encryption")
    for name in was.keys() - {"tags", "crossRegionRestore"}:
        part = stated.get(name, {})
        if name not in stated:
            assert found.get(name) == was[name], "what is not stated stays as it was"
        elif isinstance(part, dict):
            left = {field: value for field, value in (was[name] or {}).items() if field not in part}
            assert {field: found[name].get(field) for field in left} == left
    named = {name.casefold() for name in stated.get("tags", {})}
    kept = {name: value for name, value in was["tags"].items() if name.casefold() not in named}
    assert found["tags"] == kept | {name: value for name, value in stated.get("tags", {}).items() if value is not None}
    assert unknown_in(after) == unknown_in(live)


@given(vault_changes)
def test_a_new_vault_reads_back_as_stated(wished: VaultSettings) -> None:
    settings = VaultSettings.model_validate({"location": "Japan East", **wished.stated()})
    body = dict(vault.create_request(VAULT, settings).body or {})
    found = vault.decode({"id": VAULT.text, **body}).stated()
    stated = settings.stated()
    assert as_declared(stated, found) == stated


WORDS = {
    "state",
    "standardTierStorageRedundancy",
    "softDeleteState",
    "crossRegionRestore",
    "publicNetworkAccess",
    "alertsForAllJobFailures",
    "infrastructureEncryption",
    "type",
}


@given(vault_changes, st.sampled_from([str.upper, str.lower]))
def test_the_letter_case_of_azures_words_and_ids_is_no_difference(wished: VaultSettings, casing: Any) -> None:
    def recased(data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        return {
            casing(name) if name.startswith("/") else name: casing(value) if name in WORDS else recased(value)
            for name, value in data.items()
        }

    arm = arm_vault(wished.model_copy(update={"location": "japaneast"}), {})
    found = vault.decode({**recased(arm), "id": VAULT.text, "tags": arm["tags"]}).stated()
    stated = wished.stated()
    assert as_declared(stated, found) == stated


# ---- protection ----------------------------------------------------------------------------------------------------


disk_choices = st.builds(Disks, st.frozensets(st.integers(0, 63), max_size=4), st.booleans())
COMMANDS: dict[str, tuple[Any, Any]] = {
    "active": (lambda item, disks: protection.bind_request(item, VM, POLICY, disks), "active"),
    "stopped": (lambda item, _: protection.stop_request(item, VM), "stopped"),
    "suspended": (lambda item, _: protection.suspend_request(item, VM), "suspended"),
    "undeleted": (lambda item, _: protection.undelete_request(item, VM), "stopped"),
}


@given(st.sampled_from(sorted(COMMANDS)), disk_choices, st.sampled_from([str.upper, str.lower, str]))
def test_a_command_reads_back_as_wished_in_any_casing(name: str, disks: Disks, casing: Any) -> None:
    item = protection.item_id(VAULT, VM)
    make, becomes = COMMANDS[name]
    wished = ProtectionSettings(becomes, *((POLICY, disks) if becomes == "active" else ()))
    properties = dict((make(item, disks).body or {})["properties"])
    properties["protectionState"] = casing(properties.get("protectionState", "IRPending"))
    properties["policyId"] = casing(properties["policyId"])
    properties["sourceResourceId"] = casing(properties["sourceResourceId"])
    found = protection.decode({"id": casing(item.text), "properties": properties})
    assert found.meets(wished)
    assert found.vm == VM
    assert found.stopped().meets(ProtectionSettings("stopped"))


@given(disk_choices, disk_choices)
def test_disks_that_are_not_spoken_of_are_not_written(before: Disks, wished: Disks) -> None:
    """What a command leaves out the service keeps, so a wish without disks is met by any."""
    item = protection.item_id(VAULT, VM)
    said, unsaid = (protection.bind_request(item, VM, POLICY, disks).body or {} for disks in (wished, None))
    assert unsaid["properties"].keys() == {"protectedItemType", "sourceResourceId", "policyId"}
    assert said["properties"].keys() - unsaid["properties"].keys() == {"extendedProperties"}
    live = {
        "protectionState": "Protected",
        **(protection.bind_request(item, VM, POLICY, before).body or {})["properties"],
    }
    found = protection.decode({"id": item.text, "properties": live})
    assert found.meets(ProtectionSettings("active", POLICY))
    assert found.meets(ProtectionSettings("active", POLICY, wished)) == (before == wished)
