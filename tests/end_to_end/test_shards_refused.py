"""What is no shard, and files that are not those of the shards of one run: one clear error, and nothing done."""

import json

import pytest

from tests.conftest import Cli, Estate, policy
from tests.end_to_end.test_shards import ONE, TWO, A, reports, two_vaults


@pytest.mark.parametrize("text", ["0/3", "4/3", "a/b", "3", "1/1001", "-1/3", "1/3/5", "１/3"])
def test_what_is_no_shard_is_one_clear_error(estate: Estate, cli: Cli, text: str) -> None:
    two_vaults(estate)
    for verb in ("plan", "drift", "apply"):
        told = cli(verb, *estate.sandboxed, f"--shard={text}")
        assert told.status == 1
        assert f"'{text}' is no shard such as 3/10, the third of ten" in told.err
    assert estate.requests() == []


def test_an_explanation_is_of_no_shard(estate: Estate, cli: Cli) -> None:
    two_vaults(estate)
    told = cli("plan", *estate.sandboxed, "--shard", ONE, "--explain", "a-1")
    assert (told.status, told.err) == (
        1,
        "error: --explain tells of one VM, whatever shard it is in; leave --shard out\n",
    )


def test_files_that_do_not_belong_together_are_refused_with_the_reason(estate: Estate, cli: Cli) -> None:
    two_vaults(estate)
    one, two = reports(estate, cli, "plan")
    other, _ = reports(estate, cli, "drift")
    whole, later, third, changed = (estate.folder / f"{name}.json" for name in ("whole", "later", "third", "changed"))
    cli("plan", *estate.sandboxed, "--format", "json", "--output", whole)
    cli("plan", *estate.sandboxed, "--shard", TWO, "--as-of", "2027-01-01", "--format", "json", "--output", later)
    cli("plan", *estate.sandboxed, "--shard", "3/3", "--format", "json", "--output", third)
    estate.declare("more", policy(vaults=[A]))
    cli("plan", *estate.sandboxed, "--shard", TWO, "--format", "json", "--output", changed)
    forged = estate.folder / "forged.json"
    forged.write_text(one.read_text().replace('"shard": "1/2"', '"shard": "2/2"'))
    none = estate.folder / "none.json"
    none.write_text("{}")
    text = estate.folder / "text.json"
    text.write_text("Plan: nothing to do.")
    broken = estate.folder / "broken.json"
    broken.write_text(json.dumps({**json.loads(one.read_text()), "vms": 3}))
    for files, reason in (
        ((one,), "1 shard is missing: 2/2; give their files too, or join the others with --partial"),
        ((one, one), f"{one} and {one} are both of shard 1/2; give one file for each shard"),
        ((one, whole), f"{whole} is not the report of a shard; "),
        ((one, other), f"{other} and {one} do not belong together: a report of drift, and plan; "),
        ((one, later), f"{later} and {one} do not belong together: for the day 2027-01-01, and 2026-11-23; "),
        ((one, third), f"{third} and {one} do not belong together: number of shards 3, and 2; "),
        ((one, changed), f"{changed} and {one} do not belong together: of manifests that say sha256:"),
        ((forged, two), f"{forged} says that it is of shard 2/2, and tells of Protection/"),
        ((none,), f"{none} is no report of plan or drift; "),
        ((text,), f"{text} is not JSON; "),
        ((broken,), f"{broken} is not as a report is written, at vms: "),
    ):
        told = cli("report", "merge", *files)
        assert (told.status, told.out) == (1, ""), files
        assert told.err.startswith(f"error: {reason}"), told.err
    partial = cli("report", "merge", one, "--partial", "--format", "json")
    assert partial.json["missingShards"] == [TWO]
    assert "Plan without shard 2/2: " in cli("report", "merge", one, "--partial").text


def test_saved_plans_that_do_not_belong_together_are_refused_with_the_reason(estate: Estate, cli: Cli) -> None:
    two_vaults(estate)
    one, whole, out = (estate.folder / f"{name}.json" for name in ("one", "whole", "out"))
    cli("plan", *estate.sandboxed, "--shard", ONE, "--out", one)
    cli("plan", *estate.sandboxed, "--out", whole)
    forged = estate.folder / "forged.json"
    forged.write_text(one.read_text().replace('"shard": "1/2"', '"shard": "2/2"'))
    for files, options, reason in (
        ((one,), (), "1 shard is missing: 2/2; "),
        ((one, whole), (), f"{whole} is of all shards already; "),
        ((one, forged), (), f"{forged} cannot be joined: it was changed after it was written: "),
        ((one,), ("--partial",), "--out joins saved plans and writes no report; "),
    ):
        told = cli("report", "merge", *files, "--out", out, *options)
        assert told.status == 1
        assert told.err.startswith(f"error: {reason}"), told.err
    assert not out.exists()
