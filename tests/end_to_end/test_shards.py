"""Runs over shards: what each reads and tells, that together they are one run, and what one leaves to another."""

import json
from pathlib import Path
from typing import Any

import yaml

from backup_reconciler.spec.arm_id import vault_id
from backup_reconciler.spec.shard import Shard
from tests.conftest import SUBSCRIPTION, Cli, Estate, Told, assignment, planned, vault, vms, world
from tests.end_to_end.test_security_rules import closed_in, outbound

ONE, TWO = "1/2", "2/2"


def named_in(shard: str, number: int = 0) -> str:
    """The name of a vault that belongs to a shard."""
    part = Shard.written(shard)
    assert part is not None
    names = (f"rsv-{index}" for index in range(100))
    return [name for name in names if part.has(vault_id(SUBSCRIPTION, "rg-backup", name))][number]


A, B = named_in(ONE), named_in(TWO)
INTO_A = assignment("into-a", vault=A, policy="DefaultPolicy", select={"names": ["a-*"]})
INTO_B = assignment("into-b", vault=B, policy="DefaultPolicy", select={"names": ["b-*"]})


def two_vaults(estate: Estate, a: tuple[Any, ...] = (), b: tuple[Any, ...] = (), **more: Any) -> None:
    """A vault in each shard, with these items; the VMs of both."""
    exist = {name: {"location": "japaneast", "protectedItems": list(items)} for name, items in ((A, a), (B, b))}
    estate.exists(**world(vms("a-1", "a-2", "b-1", "b-2"), exist, **more))
    estate.declare("all", vault(A), vault(B), INTO_A, INTO_B)


def item(vm: str, **more: Any) -> dict[str, Any]:
    return {"vm": f"rg-web/{vm}", "policy": "DefaultPolicy", **more}


def reports(estate: Estate, cli: Cli, verb: str, *options: object) -> list[Path]:
    """The report of each shard, in a file."""
    files = []
    for shard in (ONE, TWO):
        file = estate.folder / f"{verb}-{shard[0]}.json"
        told = cli(verb, *estate.sandboxed, "--shard", shard, "--format", "json", "--output", file, *options)
        assert told.status in (0, 2), told.err
        files.append(file)
    return files


def without_requests(told: Told) -> Any:
    return {**told.json, "requests": None}


# ---- what is read --------------------------------------------------------------------------------------------------


def test_a_shard_reads_what_its_own_vaults_hold_and_nothing_of_the_others(estate: Estate, cli: Cli) -> None:
    two_vaults(estate, (item("a-1"), item("a-2")), (item("b-1"), item("b-2")))
    plan = planned(estate, cli, "--shard", ONE)
    # Lists of vaults and VMs, the graph; and of the vault GET, policies and items.
    assert plan["requests"]["read"] == len(estate.requests()) == 3 + 3
    assert not estate.requests(containing=f"/{B}")
    assert {one["vault"].rpartition("/")[2] for one in plan["vms"]} == {A}


def test_a_vm_that_the_vault_of_another_shard_holds_is_told_by_what_that_one_lists(estate: Estate, cli: Cli) -> None:
    """Resource Graph names the holder, and then that one is read too: three requests, as one run would."""
    two_vaults(estate, (item("a-1"), item("b-1")), (item("b-2"),))
    (blocked,) = planned(estate, cli, "--shard", TWO)["findings"]
    assert (blocked["rule"], blocked["message"]) == (
        "vm-in-other-vault",
        f"the vault {A} in rg-backup holds it already",
    )
    assert len(estate.requests()) == 3 + 3 + 3
    assert blocked in planned(estate, cli)["findings"]


def test_a_vm_that_is_claimed_twice_is_told_by_one_shard_though_the_claims_are_in_two(estate: Estate, cli: Cli) -> None:
    two_vaults(estate)
    estate.declare("more", assignment("all", vault=B, policy="DefaultPolicy", select={"names": ["*"]}))
    found = [planned(estate, cli, "--shard", shard)["findings"] for shard in (ONE, TWO)]
    claimed = [
        [one["address"].rpartition("/")[2] for one in each if one["rule"] == "vm-claimed-twice"] for each in found
    ]
    assert sorted(claimed[0] + claimed[1]) == ["a-1", "a-2", "b-1", "b-2"]
    assert claimed[0] == ["a-1", "a-2"], "by the shard of the vault that is named first"


# ---- together they are one run -------------------------------------------------------------------------------------


def test_shards_are_planned_joined_approved_and_applied_as_one_run(estate: Estate, cli: Cli) -> None:
    two_vaults(estate, (item("a-1"),), ())
    whole = cli("plan", *estate.sandboxed, "--format", "json")
    saved = [estate.folder / f"saved-{number}.json" for number in (1, 2)]
    files = []
    for shard, out in zip((ONE, TWO), saved, strict=True):
        files.append(estate.folder / f"plan-{shard[0]}.json")
        told = cli("plan", *estate.sandboxed, "--shard", shard, "--out", out, "--also", f"json={files[-1]}")
        assert f"Plan of shard {shard}: " in told.text

    page, junit = estate.folder / "plan.html", estate.folder / "plan.xml"
    joined = cli("report", "merge", *files, "--format", "json", "--also", f"html={page}", "--also", f"junit={junit}")
    assert joined.status == 0
    assert without_requests(joined) == without_requests(whole)
    assert joined.json["requests"]["read"] == sum(json.loads(one.read_text())["requests"]["read"] for one in files)
    assert cli("report", "merge", *files, "--detailed-exitcode").status == 2
    text, markdown = (cli("report", "merge", *files, "--format", name).text for name in ("text", "markdown"))
    assert "Plan: 3 VMs to protect." in text
    assert f"VM a-2 in {A} by DefaultPolicy" in text
    assert "Plan: 3 VMs to protect." in markdown
    assert all(file.stat().st_size for file in (page, junit))

    all_of_it = estate.folder / "saved.json"
    assert cli("report", "merge", *saved, "--out", all_of_it).status == 0
    for shard in (ONE, TWO):
        told = cli("apply", *estate.sandboxed, "--plan", all_of_it, "--shard", shard)
        assert told.status == 0, told.out + told.err
    assert len(estate.requests("PUT", "protectedItems")) == 3
    drifting = reports(estate, cli, "drift")
    assert cli("report", "merge", *drifting).status == 0
    whole = cli("drift", *estate.sandboxed, "--format", "json")
    assert without_requests(cli("report", "merge", *drifting, "--format", "json")) == without_requests(whole)


def test_drift_of_shards_is_held_against_the_earlier_report_of_all_of_them(estate: Estate, cli: Cli) -> None:
    two_vaults(estate, (item("a-1"), item("a-2")), (item("b-1"), item("b-2")))
    earlier = estate.folder / "earlier.json"
    cli("drift", *estate.sandboxed, "--format", "json", "--output", earlier)
    two_vaults(estate, (item("a-1"), item("a-2")), (item("b-1"),))
    whole = cli("drift", *estate.sandboxed, "--since", earlier, "--format", "json")
    told = cli("report", "merge", *reports(estate, cli, "drift"), "--since", earlier, "--format", "json")
    assert told.status == whole.status == 2
    assert without_requests(told) == without_requests(whole)
    assert told.json["since"]["new"] == 1


def test_shards_that_were_read_by_resource_graph_are_one_run_that_was(estate: Estate, cli: Cli) -> None:
    two_vaults(estate, (item("a-1"), item("a-2")), (item("b-1"),))
    whole = cli("drift", *estate.sandboxed, "--read", "graph", "--format", "json")
    told = cli("report", "merge", *reports(estate, cli, "drift", "--read", "graph"), "--format", "json")
    assert told.json["read"]["by"] == "graph"
    assert without_requests(told) == without_requests(whole)


def test_the_saved_plan_of_a_shard_is_applied_as_that_shard_and_as_no_other(estate: Estate, cli: Cli) -> None:
    two_vaults(estate)
    file = estate.folder / "one.json"
    assert cli("plan", *estate.sandboxed, "--shard", ONE, "--out", file).status == 0
    other = cli("apply", *estate.sandboxed, "--plan", file, "--shard", TWO)
    assert other.status == 1
    assert f"{file} is about shard 1/2, and --shard says 2/2; leave --shard out, or join the plans" in other.err
    assert cli("apply", *estate.sandboxed, "--plan", file).status == 0
    assert {seen.path.split("/")[8] for seen in estate.requests("PUT", "protectedItems")} == {A}


# ---- limits of a run as a whole ------------------------------------------------------------------------------------


def test_what_one_run_may_stop_is_shared_out_among_shards_and_judged_of_all_where_they_are_joined(
    estate: Estate, cli: Cli
) -> None:
    two_vaults(estate, (item("a-1"), item("a-2")), (item("b-1"), item("b-2")))
    settings = {"apiVersion": "backup-reconciler/v1", "kind": "Settings", "spec": {"limits": {"stops": 3}}}
    (estate.manifests / "backup-reconciler.yaml").write_text(json.dumps(settings))
    stopped = {"policy": None, "protection": "stopped"}
    for each in (INTO_A, INTO_B):
        spec = {name: value for name, value in {**each["spec"], **stopped}.items() if value is not None}
        estate.declare(each["metadata"]["name"], {**each, "spec": spec})
    estate.declare("all", vault(A), vault(B))

    refused = cli("apply", *estate.sandboxed, "--shard", ONE, "--auto-approve")
    assert refused.status == 1
    assert (
        "this run: the backups of 2 VMs would be stopped or deleted, and all shards together may do so for 3, and this "
        "one may do so for 1; nothing was changed; to agree, add --max-changes 2"
    ) in refused.err
    whole = planned(estate, cli)
    told = cli("report", "merge", *reports(estate, cli, "plan"), "--format", "json").json
    assert told["findings"] == whole["findings"]
    message = "the backups of 4 VMs would be stopped or deleted, and one run may do so for 3"
    assert [one["message"] for one in told["findings"] if one["address"] == "Run"] == [message]

    saved = estate.folder / "saved.json"
    cli("plan", *estate.sandboxed, "--out", saved)
    of_all = cli("apply", *estate.sandboxed, "--plan", saved, "--shard", ONE)
    assert message in of_all.err, "what was approved for all shards is held against the limits as that whole"
    agreed = cli("apply", *estate.sandboxed, "--plan", saved, "--shard", ONE, "--max-changes", "4")
    assert agreed.status == 0, agreed.err


# ---- what one shard leaves to another ------------------------------------------------------------------------------


def test_a_first_backup_waits_for_a_rule_that_another_shard_writes(estate: Estate, cli: Cli) -> None:
    closed_in(estate)
    first = {"vault": "rsv", "policy": "DefaultPolicy", "initialBackup": {"keepDays": 30}}
    estate.exists(**{**_world_of(estate), "era": 2026})
    estate.declare("all", vault(), assignment(**first), outbound())
    of_rules, of_vault = _shards_of(estate, cli)

    told = cli("apply", *estate.sandboxed, "--shard", of_vault, "--auto-approve")
    assert told.status == 3, told.out + told.err
    assert "it needs SecurityRule/" in told.text
    assert "which is another shard's; a run after that one's goes on with this" in told.text
    assert len(estate.requests("PUT", "protectedItems")) == 3
    assert not estate.requests("POST", "/backup")
    assert cli("apply", *estate.sandboxed, "--shard", of_rules, "--auto-approve").status == 0
    assert cli("apply", *estate.sandboxed, "--shard", of_vault, "--auto-approve").status == 0
    assert len([seen for seen in estate.requests("POST") if seen.path.endswith("/backup")]) == 3
    assert planned(estate, cli)["actions"] == []


def _world_of(estate: Estate) -> Any:
    """The world that is there, its vault without backups."""
    found = yaml.safe_load(estate.world.read_text())
    found["subscriptions"][SUBSCRIPTION]["resourceGroups"]["rg-backup"]["vaults"]["rsv"]["protectedItems"] = []
    return found


def _shards_of(estate: Estate, cli: Cli) -> tuple[str, str]:
    """The shards of the security group and of the vault, of the fewest shards that part them."""
    for count in range(2, 10):
        parts = [f"{number}/{count}" for number in range(1, count + 1)]
        verbs = {part: {one["verb"] for one in planned(estate, cli, "--shard", part)["actions"]} for part in parts}
        of_rules = [part for part, found in verbs.items() if "createSecurityRule" in found]
        of_vault = [part for part, found in verbs.items() if "protect" in found]
        if of_rules != of_vault:
            return of_rules[0], of_vault[0]
    raise AssertionError("they are always in the same shard")
