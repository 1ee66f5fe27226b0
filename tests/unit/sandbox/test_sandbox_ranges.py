"""Names of a world that stand for many."""

from __future__ import annotations

import pytest
from pydantic import ValidationError

from backup_reconciler.sandbox import WorldError
from backup_reconciler.sandbox.core.resource_graph import graph_index
from backup_reconciler.sandbox.state import new_state
from backup_reconciler.sandbox.world.ranges import Allowance, names_in, stands_for
from backup_reconciler.sandbox.world.world import World
from backup_reconciler.sandbox.world_file import load_world, parse_world

S = "11111111-1111-1111-1111-111111111111"
HERE = {"location": "japaneast"}


def world(groups):
    return {"kind": "World", "subscriptions": {S: {"resourceGroups": groups}}}


def told(groups):
    """The lines of the message, without the way to the groups."""
    with pytest.raises(WorldError) as raised:
        parse_world(world(groups))
    return [line.removeprefix(f"subscriptions.{S}.resourceGroups.") for line in str(raised.value).splitlines()]


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("web", ["web"]),
        ("web-[1-3]", ["web-1", "web-2", "web-3"]),
        ("web-[08-10]", ["web-08", "web-09", "web-10"]),
        ("[9-10]x", ["9x", "10x"]),
        ("a[1-2]b[1-2]", ["a1b1", "a1b2", "a2b1", "a2b2"]),
        ("one-[7-7]", ["one-7"]),
    ],
)
def test_a_range_stands_for_its_names_and_no_others(text, names):
    assert list(names_in(text)) == names
    assert all(stands_for(text, name) for name in names)
    assert not any(stands_for(text, name) for name in (*(f"{name}0" for name in names), "", "web-008", "web-11"))


def test_the_same_estate_written_out_and_by_ranges():
    by_ranges = world(
        {
            "rg-[1-2]": {
                "virtualMachines": {"vm-[01-03]": {**HERE, "tags": {"env": "prod"}}},
                "vaults": {
                    "rsv": {**HERE, "protectedItems": [{"vm": "vm-[01-02]", "policy": "DefaultPolicy"}]},
                },
            },
            "rg-all": {
                "vaults": {
                    "rsv-[1-1]": {**HERE, "protectedItems": [{"vm": "rg-[1-2]/vm-03", "policy": "DefaultPolicy"}]}
                }
            },
        }
    )
    machines = {f"vm-{number:02}": {**HERE, "tags": {"env": "prod"}} for number in range(1, 4)}
    items = [{"vm": "vm-01", "policy": "DefaultPolicy"}, {"vm": "vm-02", "policy": "DefaultPolicy"}]
    others = [{"vm": f"rg-{number}/vm-03", "policy": "DefaultPolicy"} for number in (1, 2)]
    written_out = world(
        {
            **{
                f"rg-{number}": {"virtualMachines": machines, "vaults": {"rsv": {**HERE, "protectedItems": items}}}
                for number in (1, 2)
            },
            "rg-all": {"vaults": {"rsv-1": {**HERE, "protectedItems": others}}},
        }
    )
    assert new_state(parse_world(by_ranges)).estate == new_state(parse_world(written_out)).estate


def test_names_of_a_range_share_nothing_in_the_estate():
    state = new_state(parse_world(world({"rg": {"virtualMachines": {"vm-[1-2]": {**HERE, "tags": {"env": "prod"}}}}})))
    one, two = state.estate.groups()[0].virtual_machines.values()
    one.tags["env"] = "test"
    assert two.tags == {"env": "prod"}
    assert graph_index.rows(state.estate, "resources", state.clock)[1]["tags"] == {"env": "prod"}


def test_a_range_of_subscriptions():
    name = f"{S[:-2]}[01-03]"
    found = parse_world({"kind": "World", "subscriptions": {name: {}}}).subscriptions
    assert list(found) == [f"{S[:-2]}0{number}" for number in (1, 2, 3)]


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("web-[5-1]", "'web-[5-1]' goes from 5 down to 1; the smaller number stands first"),
        ("web-[1]", "'web-[1]' is no name; a range is written with two numbers, as web-[001-100]"),
        ("web-[a-c]", "'web-[a-c]' is no name; a range is written with two numbers, as web-[001-100]"),
        ("web-1]", "'web-1]' is no name; a range is written with two numbers, as web-[001-100]"),
        ("web-[1-10001]", "'web-[1-10001]' stands for 10,001 names; 10,000 are the most"),
        ("w[1-200][1-200]", "'w[1-200][1-200]' stands for 40,000 names; 10,000 are the most"),
        ("w" + "[1-1]" * 5, "'w[1-1][1-1][1-1][1-1][1-1]' holds 5 ranges; 4 are the most in one name"),
        ("w/[1-2]", "'w/1' is wrong; it should be a name, without a slash"),
    ],
)
def test_a_range_that_cannot_be_one_is_told_where_it_stands(name, problem):
    assert told({"rg": {"virtualMachines": {name: HERE}}}) == [f"rg.virtualMachines.{name}: {problem}"]


def test_a_range_that_cannot_be_one_in_an_item():
    item = {"vm": "a-[2-1]", "policy": "DefaultPolicy"}
    (line,) = told({"rg": {"vaults": {"rsv": {**HERE, "protectedItems": [item]}}}})
    assert line == "rg.vaults.rsv.protectedItems.0.vm: 'a-[2-1]' goes from 2 down to 1; the smaller number stands first"


def test_two_keys_that_name_the_same():
    assert told({"rg": {"virtualMachines": {"web-[1-9]": HERE, "web-5": HERE, "web-[8-12]": HERE}}}) == [
        "rg.virtualMachines.web-5: names 'web-5', which 'web-[1-9]' names too; let each name stand in one place",
        "rg.virtualMachines.web-[8-12]: names 'web-8', which 'web-[1-9]' names too; let each name stand in one place",
    ]


def test_names_of_ranges_obey_the_rules_of_names():
    assert told({"rg": {"vaults": {"[1-2]rsv": HERE}}}) == [
        "rg.vaults.[1-2]rsv: '1rsv' is wrong; it should be 2 to 50 letters, digits and hyphens, beginning with a letter"
    ]


def test_a_mistake_that_a_range_repeats_is_told_once_and_where_the_range_stands(tmp_path):
    path = tmp_path / "x.world.yaml"
    path.write_text(
        f"kind: World\nsubscriptions:\n  {S}:\n    resourceGroups:\n      rg-[1-50]:\n        vaults:\n"
        "          rsv:\n            location: x\n            protectedItems:\n"
        "              - {vm: 'web-[1-9]', policy: DefaultPolicy}\n"
    )
    with pytest.raises(WorldError) as raised:
        load_world(path)
    assert str(raised.value) == (
        f"{path}:10:22  subscriptions.{S}.resourceGroups.rg-1.vaults.rsv.protectedItems.0.vm: 'web-1' is not in this "
        "world; name a VM as group/name or by its id (and in 49 more of its range)"
    )


def test_a_world_too_large_to_be_made_is_refused_before_it_is():
    groups = {"rg-[0001-9999]": {"virtualMachines": {"vm-[0001-9999]": HERE}}}
    with pytest.raises(WorldError, match=r"subscriptions: describe 99,990,000 groups, .* 500,000 are the most"):
        parse_world(world(groups))


def test_many_ranges_together_are_bounded():
    text = world({"rg": {"virtualMachines": {"a-[01-30]": HERE, "b-[01-30]": HERE}}})
    World.model_validate(text, context=Allowance(60))
    with pytest.raises(
        ValidationError, match="one range too many; all ranges of a world together may stand for 1,000,000"
    ):
        World.model_validate(text, context=Allowance(50))


def test_a_vm_of_a_range_that_is_not_gone_is_told_where_that_is_said():
    item = {"vm": "vm-[1-3]", "vmGone": True, "policy": "DefaultPolicy"}
    vaults = {"rsv": {**HERE, "protectedItems": [item]}}
    (line,) = told({"rg": {"virtualMachines": {"vm-[2-3]": HERE}, "vaults": vaults}})
    assert line == "rg.vaults.rsv.protectedItems.0.vmGone: 'vm-2' is in this world; leave 'vmGone' out"
