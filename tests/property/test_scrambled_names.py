"""Scrambled names tell nothing, and keep what names mean to a plan."""

from datetime import UTC, datetime
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.azure.codec import machine, policy, protection, vault
from backup_reconciler.report.copy import Kept, Scrambled, copy_world
from backup_reconciler.sandbox import parse_world, why_no_policy
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.estate_copy import EstateToCopy
from backup_reconciler.state.snapshot import VaultContents
from tests.conftest import daily_policy

AT = datetime(2026, 11, 23, 8, tzinfo=UTC)

# `qzj` stands in no word of Azure's, so that a name is found wherever it is left.
names = st.text("abcXYZ019-", min_size=1, max_size=12).map(lambda text: f"qzj{text}qzj")
tags = st.dictionaries(names, st.one_of(names, st.just("")), max_size=2)


@st.composite
def estates(draw: st.DrawFn) -> tuple[EstateToCopy, set[str]]:
    """A vault with its policies and VMs, all named at will; and every name, as it stands wherever ARM has it."""
    subscription = str(draw(st.uuids()))
    drawn = draw(st.lists(names, min_size=6, max_size=6, unique_by=str.casefold))
    group, vault_name, policy_name, first, second, hidden = drawn
    its_tags, others = draw(tags), draw(tags)
    base = f"/subscriptions/{subscription}/resourceGroups/{group}/providers"
    vault_id = f"{base}/Microsoft.RecoveryServices/vaults/{vault_name}"
    properties = {
        **daily_policy(30),
        "instantRPDetails": {"azureBackupRGNamePrefix": hidden},
        hidden: {hidden: hidden},
        "description": hidden,
    }
    policies = [
        policy.decode({"id": f"{vault_id}/backupPolicies/{policy_name}", "properties": properties}),
        policy.decode({"id": f"{vault_id}/backupPolicies/DefaultPolicy", "properties": daily_policy(7)}),
    ]
    items = [
        protection.decode(_item(vault_id, f"{their_base}/Microsoft.Compute/virtualMachines/{vm}", bound, hidden))
        for their_base, vm, bound in (
            (base, first, policy_name),
            (base.replace(group, group.upper()), second, "defaultPolicy"),
        )
    ]
    body = {"id": vault_id, "name": vault_name, "location": "japaneast", "tags": its_tags}
    contents = VaultContents(vault.decode(body), {one.id: one for one in policies}, {item.vm: item for item in items})
    machines = [
        machine.decode(
            {
                "id": f"{base.replace(group, group.upper())}/Microsoft.Compute/virtualMachines/{vm}",
                "location": "japaneast",
                "tags": others,
                "properties": {
                    "hardwareProfile": {"vmSize": size},
                    "osProfile": {"computerName": vm, "adminUsername": hidden},
                },
            },
            {},
        )
        for vm, size in ((first, "Standard_D2s_v5"), (second, "Standard_D4s_v5"))
    ]
    told = {subscription, *drawn, *its_tags, *its_tags.values(), *others, *others.values()} - {""}
    return EstateToCopy(AT, frozenset({subscription}), [contents], machines), told


def _item(vault_id: str, vm: str, bound: str, hidden: str) -> dict[str, Any]:
    properties = {
        "sourceResourceId": vm,
        "policyId": f"{vault_id}/backupPolicies/{bound}",
        "protectionState": "Protected",
        "friendlyName": hidden,
        "lastBackupTime": "2026-11-22T23:00:00.1234567Z",
    }
    return {"id": f"{vault_id}/backupFabrics/Azure/protectionContainers/c/protectedItems/i", "properties": properties}


def structure(world: Any) -> list[Any]:
    """A world without its names: what stands under a name takes the name's place wherever it is referred to."""
    (groups,) = (one["resourceGroups"] for one in world["subscriptions"].values())
    machines = {
        f"{name}/{vm}".casefold(): {**entry, "tags": len(entry.get("tags", {}))}
        for name, group in groups.items()
        for vm, entry in group.get("virtualMachines", {}).items()
    }
    return [
        sorted(map(str, machines.values())),
        *(_vault(one, machines) for group in groups.values() for one in group.get("vaults", {}).values()),
    ]


def _vault(entry: Any, machines: Any) -> Any:
    policies = {
        name.casefold(): {field: properties[field] for field in daily_policy(1)}
        for name, properties in entry["policies"].items()
    }
    items = [
        {**item, "vm": machines[item["vm"].casefold()], "policy": policies[item["policy"].casefold()]}
        for item in entry["protectedItems"]
    ]
    named = {"tags": len(entry.get("tags", {})), "policies": sorted(map(str, policies.values()))}
    return {**entry, **named, "protectedItems": sorted(map(str, items))}


@given(estates(), st.integers())
def test_no_name_is_left_anywhere(drawn: tuple[EstateToCopy, set[str]], seed: int) -> None:
    estate, told = drawn
    copy = copy_world(estate, Scrambled(seed), why_no_policy, only_held=False)
    parse_world(copy.world)
    text = copy.text.casefold()
    assert "qzj" not in text
    assert not [name for name in told if name.casefold() in text]
    assert (copy.vaults, copy.machines, copy.left_out) == (1, 2, ())


@given(estates(), st.integers())
def test_the_structure_is_that_of_the_names_as_they_are(drawn: tuple[EstateToCopy, set[str]], seed: int) -> None:
    estate, _ = drawn
    kept = copy_world(estate, Kept(), why_no_policy, only_held=False).world
    scrambled = copy_world(estate, Scrambled(seed), why_no_policy, only_held=False).world
    assert structure(scrambled) == structure(kept)


words = st.text("aAbBéÉßKK1 日", max_size=3)


@given(st.lists(words, unique=True, max_size=60), st.none() | st.integers())
def test_different_values_of_tags_stay_different_and_as_alike_as_they_were(values: list[str], seed: int | None) -> None:
    scrambled = Scrambled(seed)
    drawn = {value: scrambled.tags({"name": value}) for value in values}
    told = {value: next(iter(tags.values())) for value, tags in drawn.items()}
    assert len(set(told.values())) == len(values)
    assert {len(tags) for tags in drawn.values()} <= {1}
    for one in values:
        for other in values:
            alike = one.isascii() and other.isascii() and one.casefold() == other.casefold()
            if alike:
                assert told[one].casefold() == told[other].casefold()
            elif one.casefold() != other.casefold():
                assert told[one].casefold() != told[other].casefold()


@given(st.lists(st.sampled_from("abcdefghijklmnopqrstuvwxyz0123456789"), unique=True), st.integers())
def test_names_of_one_letter_do_not_run_out(letters: list[str], seed: int) -> None:
    scrambled = Scrambled(seed)
    told = [scrambled.machine(letter) for letter in letters]
    assert len(set(told)) == len(letters)
    assert all(1 <= len(name) <= 2 for name in told)
    assert told == [scrambled.machine(letter.upper()) for letter in letters], "Azure's names have no case"


@given(st.integers())
def test_the_policies_of_azure_keep_their_names(seed: int) -> None:
    assert Scrambled(seed).policy("DefaultPolicy") == "DefaultPolicy"
    assert Scrambled(seed).policy("DailyPolicy") != "DailyPolicy"


def test_ids_that_differ_in_case_alone_are_one_subscription() -> None:
    scrambled = Scrambled(1)
    assert scrambled.subscription("AB") == scrambled.subscription("ab")
    assert ArmId(scrambled.subscription("AB")) != ArmId(scrambled.subscription("cd"))
