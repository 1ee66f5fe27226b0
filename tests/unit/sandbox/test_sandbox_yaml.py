"""What a person gets wrong in a world's text, and what is said of it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from backup_reconciler.sandbox import WorldError
from backup_reconciler.sandbox.world_file import load_world

if TYPE_CHECKING:
    from tests.conftest import Cli

HEAD = "kind: World\n"
S = "11111111-1111-1111-1111-111111111111"
DEEP = "subscriptions." + S + ".resourceGroups.rg"


def mistakes(tmp_path, text):
    path = tmp_path / "x.world.yaml"
    path.write_text(text)
    with pytest.raises(WorldError) as raised:
        load_world(path)
    return [line.removeprefix(f"{path}:") for line in str(raised.value).splitlines()]


def group(text):
    return f"{HEAD}subscriptions:\n  {S}:\n    resourceGroups:\n      rg: {text}\n"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("# only a remark\n", "1:1  world: is empty or no mapping; it should begin with 'kind: World'"),
        (f"{HEAD}---\nkind: World\n", "2:1  this is a second document; a world file holds one"),
        (f"{HEAD}era: *nothing\n", "2:6  '*nothing' stands for nothing; '&nothing' has to be complete before it"),
        (f"{HEAD}faults: &a [*a]\n", "2:13  '*a' stands for nothing; '&a' has to be complete before it"),
        (f"{HEAD}faults: {'[' * 100}\n", "2:72  this is nested more than 64 deep"),
        (f"{HEAD}faults: !x []\n", "2:9  the tag '!x' is not known here; leave it out"),
        (f"{HEAD}seed: {'9' * 5000}\n", "2:7  this number has 5000 digits; nothing is so large"),
        (f"{HEAD}seed: true\n", "2:7  seed: true is wrong; it should be a whole number"),
        (f"{HEAD}seed: 1.5\n", "2:7  seed: 1.5 is wrong; it should be a whole number"),
        (f"{HEAD}seed:\n", "2:6  seed: nothing is wrong; it should be a whole number"),
        (
            f"{HEAD}faults: {{path: x}}\n",
            "2:1  faults: a mapping is wrong; it should be a list, with '- ' before each element",
        ),
        (f"{HEAD}durations: [1]\n", "2:1  durations: a list is wrong; it should be a mapping, with a key on each line"),
        (f"{HEAD}durations: {{stop: .nan}}\n", "2:19  durations.stop: '.nan' is wrong; it should be a number"),
        (
            f"{HEAD}durations: {{stop: '5'}}\n",
            "2:19  durations.stop: '5' is wrong; it should be a number; leave the quotes out",
        ),
        (f"{HEAD}durations: {{stop: 1.0e400}}\n", "2:19  durations.stop: inf is wrong; it should be "),
        (
            f"{HEAD}schedules: 'true'\n",
            "2:12  schedules: 'true' is wrong; it should be true or false; leave the quotes out",
        ),
        (
            f"{HEAD}clock: yesterday\n",
            "2:8  clock: 'yesterday' is wrong; it should be a moment of 2000 to 2099 with its zone",
        ),
        (f"{HEAD}clock: 5\n", "2:8  clock: 5 is wrong; it should be a moment of 2000 to 2099"),
        (f"{HEAD}clock: 2026-11-23T08:00:00\n", "2:8  clock: '2026-11-23T08:00:00' is wrong; it should be a moment"),
        (f"{HEAD}clock: 2026-02-30T08:00:00Z\n", "2:8  clock: '2026-02-30T08:00:00Z' is wrong; it should be "),
        (
            f"{HEAD}clock: 2000-01-01T00:00:00+14:00\n",
            "2:8  clock: 2000-01-01T00:00:00+14:00 is wrong; it should be a moment",
        ),
        (group("{tags: {cost: 42}}"), f"5:25  {DEEP}.tags.cost: 42 is wrong; it should be text; put it in quotes"),
        (group("{tags: {cost: null}}"), f"5:25  {DEEP}.tags.cost: nothing is wrong; it should be text"),
        (group("{location: ''}"), f"5:22  {DEEP}.location: '' is wrong; it should be text, and not empty"),
        (
            group("{vaults: {rsv: {location: x, redundancy: georedundant}}}"),
            (
                f"5:52  {DEEP}.vaults.rsv.redundancy: 'georedundant' is wrong; it should be 'GeoRedundant', "
                "'LocallyRedundant' or 'ZoneRedundant'; mind the capital letters"
            ),
        ),
    ],
)
def test_a_mistake_is_told_with_its_place_and_its_remedy(tmp_path, text, line):
    (told,) = mistakes(tmp_path, text)
    assert told.startswith(line)


def test_a_tab_and_an_unquoted_range_are_explained(tmp_path):
    (tab,) = mistakes(tmp_path, f"{HEAD}durations:\n\tstop: 1\n")
    assert tab.startswith("3:1  this is not YAML: ")
    assert tab.endswith("; indent with spaces, not with tabs")
    (unquoted,) = mistakes(tmp_path, group("{virtualMachines: {web-[001-100]: {location: x}}}"))
    assert unquoted.startswith("5:")
    assert unquoted.endswith("; inside {…} a name such as web-[001-100] stands in quotes")


def test_all_mistakes_are_told_in_one_run_in_the_order_of_the_file(tmp_path):
    text = f"{HEAD}era: 1\nera: 2021\nsed: 1\nclock: now\nfaults: [{{path: x}}]\nseed: !x 1\n"
    assert [line.partition("  ")[0] for line in mistakes(tmp_path, text)] == [
        "2:6",
        "3:1",
        "4:6",
        "5:8",
        "6:10",
        "7:7",
        "7:7",
    ]


def test_of_a_thousand_mistakes_a_hundred_are_told(tmp_path):
    told = mistakes(tmp_path, f"{HEAD}faults: [{'1, ' * 1000}]\n")
    assert (len(told), told[-1]) == (101, "and 900 more mistakes")


def test_aliases_repeat_what_they_name(tmp_path):
    path = tmp_path / "x.world.yaml"
    path.write_text(group("{tags: &t {env: prod}, virtualMachines: {a: {location: x, tags: *t}}}"))
    found = load_world(path).subscriptions[S].resource_groups["rg"]
    assert found.virtual_machines["a"].tags == found.tags == {"env": "prod"}


def test_what_is_wrong_in_an_alias_is_told_where_it_stands(tmp_path):
    text = group("{tags: &t {env: 1}, virtualMachines: {a: {location: x, tags: *t}}}")
    assert [line.partition(":  ")[0].partition("  ")[0] for line in mistakes(tmp_path, text)] == ["5:27", "5:66"]


def test_aliases_of_aliases_are_bounded(tmp_path):
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]" for n in range(1, 30)]
    (told,) = mistakes(tmp_path, HEAD + "\n".join(lines))
    assert "these are more than 2,000,000 values" in told


def test_the_command_line_tells_it_and_ends_with_1(cli: Cli, tmp_path):
    path = tmp_path / "x.world.yaml"
    path.write_text(f"{HEAD}era: 1\n")
    told = cli("sandbox", path, "--", "true")
    assert (told.status, told.err) == (1, f"error: {path}:2:6  era: 1 is wrong; it should be 2021 or 2026\n")
