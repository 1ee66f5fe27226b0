"""The law of the codecs: what is stated is read back as stated, and what is not stated stays as it is."""

from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure import policy, protection, vault
from backup_reconciler.spec.arm_id import ArmId, vault_id
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.spec.protection import ProtectionSettings
from backup_reconciler.spec.vault import VaultSettings
from backup_reconciler.state.vault_comparison import as_declared
from tests.property.strategies import partial_policies, unknown_fields, vault_changes, whole_policies

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


@given(whole_policies)
def test_a_new_policy_reads_back_as_stated(wished: PolicySettings) -> None:
    found = policy.decode(arm_policy(policy.encode(wished, None)))
    assert found.settings == wished


@given(whole_policies, partial_policies)
def test_an_updated_policy_reads_back_as_stated_and_as_before(before: PolicySettings, wished: PolicySettings) -> None:
    live = arm_policy({**policy.encode(before, None), "protectedItemsCount": 3})
    encoded = policy.encode(wished, live)
    found = policy.decode(arm_policy(encoded)).settings
    assert found is not None
    assert stated_of(found, wished) == wished.stated()
    unstated = {name: value for name, value in before.stated().items() if name not in wished.stated()}
    assert {name: found.stated()[name] for name in unstated} == unstated
    assert "protectedItemsCount" not in encoded


@given(whole_policies, partial_policies, unknown_fields, unknown_fields, unknown_fields)
def test_fields_nobody_knows_survive_an_update(
    before: PolicySettings,
    wished: PolicySettings,
    above: dict[str, Any],
    in_schedule: dict[str, Any],
    in_retention: dict[str, Any],
) -> None:
    properties = {**policy.encode(before, None), **above}
    properties["schedulePolicy"] |= in_schedule
    properties["retentionPolicy"] |= in_retention
    properties["retentionPolicy"]["dailySchedule"] |= in_retention
    live = arm_policy(properties)
    untouched = deepcopy(live)
    encoded = policy.encode(wished, live)
    assert live == untouched, "encoding must not change what was read"
    for name, value in above.items():
        assert encoded[name] == value
    for name, value in in_schedule.items():
        assert encoded["schedulePolicy"][name] == value
    for name, value in in_retention.items():
        assert encoded["retentionPolicy"][name] == value
        assert encoded["retentionPolicy"]["dailySchedule"][name] == value


@given(whole_policies)
def test_stating_what_is_so_changes_nothing_on_the_wire(wished: PolicySettings) -> None:
    live = arm_policy(policy.encode(wished, None))
    assert policy.encode(wished, live) == live["properties"]


@given(whole_policies, partial_policies)
def test_every_retention_time_is_the_time_of_the_schedule(before: PolicySettings, wished: PolicySettings) -> None:
    encoded = policy.encode(wished, arm_policy(policy.encode(before, None)))
    times = encoded["schedulePolicy"]["scheduleRunTimes"]
    levels = [level for level in encoded["retentionPolicy"].values() if isinstance(level, dict)]
    assert levels
    assert all(level["retentionTimes"] == times for level in levels)


@given(whole_policies, st.sampled_from(["Z", "+00:00", ".000Z", ".0000000+00:00"]), st.dates())
def test_the_date_and_the_spelling_of_a_time_mean_nothing(wished: PolicySettings, spelling: str, day: Any) -> None:
    live = arm_policy(policy.encode(wished, None))
    assert wished.schedule is not None
    spelt = f"{day.isoformat()}T{wished.schedule.time}:00{spelling}"
    live["properties"]["schedulePolicy"]["scheduleRunTimes"] = [spelt]
    assert policy.decode(live).settings == wished
    sent = policy.encode(PolicySettings(), live)["schedulePolicy"]["scheduleRunTimes"]
    assert sent == [f"2020-01-01T{wished.schedule.time}:00Z"], "always one date, and never one in the future"


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


@given(st.sampled_from(["active", "stopped"]), st.sampled_from([str.upper, str.lower, str]))
def test_a_command_reads_back_as_wished_in_any_casing(state: Any, casing: Any) -> None:
    item = protection.item_id(VAULT, VM)
    if state == "active":
        wished = ProtectionSettings("active", POLICY)
        command = protection.protect_request(item, VM, POLICY)
    else:
        wished = ProtectionSettings("stopped")
        command = protection.stop_request(item, VM)
    properties = dict((command.body or {})["properties"])
    properties.setdefault("protectionState", "IRPending")
    properties["policyId"] = casing(properties["policyId"])
    properties["sourceResourceId"] = casing(properties["sourceResourceId"])
    found = protection.decode({"id": casing(item.text), "properties": properties})
    assert found.settings == wished
    assert found.vm == VM
