"""--read graph and auto: what they cost, what they confirm, and what they make of rights that show a part."""

from pathlib import Path
from typing import Any

import pytest

from backup_reconciler.apply.watching import budget
from tests.conftest import SUBSCRIPTION, Cli, Estate, Told, assignment, pass_time, policy, vault, vm_id, vms, world
from tests.end_to_end.somebody import somebody

LAG = 86_400
PREFIX = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg"
SUFFIX = "/providers/Microsoft.RecoveryServices/vaults/rsv"
RSV = f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/rsv"


def read(cli: Cli, estate: Estate, verb: str = "plan", by: str = "graph", *more: object) -> Told:
    """What a verb tells in JSON; its number of requests is that of those that the box saw."""
    estate.forget()
    told = cli(verb, *estate.sandboxed, "--format", "json", "--read", by, *more)
    assert told.status in (0, 2), told.err
    assert told.json["requests"]["read"] == len(estate.requests())
    return told


def fleet(vaults: int, machines: int, **rest: Any) -> dict[str, Any]:
    """Resource groups of a vault each, which protects all VMs of the group."""
    names = f"vm-[001-{machines:03}]"
    held = {"location": "japaneast", "protectedItems": [{"vm": names, "policy": "DefaultPolicy"}]}
    group = {"location": "japaneast", "virtualMachines": {names: {"location": "japaneast"}}, "vaults": {"rsv": held}}
    return {"subscriptions": {SUBSCRIPTION: {"resourceGroups": {f"rg-[001-{vaults:03}]": group}}}, **rest}


def declare_fleet(estate: Estate, vaults: int, stopped: int = 0) -> None:
    """All as it is, but that the VMs of the first vaults are meant to be stopped."""
    documents = []
    for number in range(1, vaults + 1):
        name = f"{number:03}"
        meant = {"protection": "stopped"} if number <= stopped else {"policy": "DefaultPolicy"}
        one = assignment(f"all-{name}", vault=f"rsv-{name}", select={"resourceGroups": [f"rg-{name}"]})
        del one["spec"]["policy"]
        one["spec"] |= meant
        documents += [vault(f"rsv-{name}", name="rsv", resourceGroup=f"rg-{name}"), one]
    estate.declare("all", *documents)


# ---- what it costs -------------------------------------------------------------------------------------------------


def test_twenty_vaults_cost_four_queries_by_their_pages_and_what_differs_three_reads_a_vault(
    estate: Estate, cli: Cli
) -> None:
    estate.exists(**fleet(20, 5, graphPageSize=20))
    declare_fleet(estate, 20)
    rights, vaults, policies, items, machines = 1, 1, 2, 5, 5
    told = read(cli, estate)
    assert told.json["requests"]["read"] == rights + vaults + policies + items + machines
    assert (told.json["actions"], told.json["counts"]["standings"]["protected"]) == ([], 100)
    assert told.json["read"] == {
        "by": "graph",
        "because": None,
        "vaultsByGraph": [f"{PREFIX}-{number:03}{SUFFIX}" for number in range(1, 21)],
        "vaultsConfirmed": 0,
        "subscriptionsByLists": [],
    }
    declare_fleet(estate, 20, stopped=1)
    told = read(cli, estate)
    assert told.json["requests"]["read"] == rights + vaults + policies + items + machines + 3 + 5, "and its five VMs"
    assert (told.json["summary"]["stop"], told.json["read"]["vaultsConfirmed"]) == (5, 1)


def test_more_vms_than_twenty_are_confirmed_by_the_lists_of_their_subscriptions(estate: Estate, cli: Cli) -> None:
    estate.exists(**fleet(2, 30))
    declare_fleet(estate, 2, stopped=1)
    told = read(cli, estate)
    assert told.json["requests"]["read"] == 1 + 4 + 3 + 1
    assert told.json["summary"]["stop"] == 30


# ---- what it is behind with ----------------------------------------------------------------------------------------


def verbs(told: Told) -> list[str]:
    return [one["verb"] for one in told.json["actions"]]


def test_what_was_done_meanwhile_is_not_done_again(estate: Estate, cli: Cli) -> None:
    """Resource Graph shows neither the vault, nor its policy, nor its backups; the vault is asked for by name."""
    estate.exists(**world(vms("web-01", "web-02")), graphLagSeconds=LAG)
    estate.declare("all", vault(), policy(), assignment())
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert verbs(read(cli, estate)) == []
    pass_time(estate, LAG)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    stopped = assignment(protection="stopped")
    del stopped["spec"]["policy"]
    estate.declare("all", vault(), policy(), stopped)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    told = read(cli, estate)
    assert (verbs(told), told.json["read"]["vaultsConfirmed"]) == ([], 1)
    drift = read(cli, estate, "drift")
    assert (drift.status, drift.json["read"]["vaultsConfirmed"]) == (0, 1)


def test_a_vm_and_a_vault_that_have_gone_are_not_planned_for(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": {"location": "japaneast"}}), graphLagSeconds=LAG)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    somebody(estate, "DELETE", vm_id("web-02"))
    told = read(cli, estate)
    assert [one["vms"] for one in told.json["actions"]] == [[vm_id("web-01")]]
    somebody(estate, "DELETE", RSV)
    assert verbs(read(cli, estate)) == ["createVault", "protect"]


def test_a_vm_that_is_tagged_otherwise_by_now_is_left_alone(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": {"location": "japaneast"}}), graphLagSeconds=LAG)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    somebody(estate, "PATCH", vm_id("web-01"), {"tags": {"env": "test"}})
    assert verbs(read(cli, estate)) == []


def test_drift_tells_what_the_hourly_limits_leave_unconfirmed(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "READS_AN_HOUR", 1)
    estate.exists(**fleet(3, 2))
    declare_fleet(estate, 3, stopped=2)
    told = read(cli, estate, "drift")
    assert [one["byGraph"] for one in told.json["differences"]] == [False, False, True, True]
    assert told.json["read"] | {"by": "", "because": ""} == {
        "by": "",
        "because": "",
        "vaultsByGraph": [f"{PREFIX}-{number:03}{SUFFIX}" for number in (2, 3)],
        "vaultsConfirmed": 1,
        "subscriptionsByLists": [],
    }
    behind = "by Resource Graph, minutes behind"
    assert cli("drift", *estate.sandboxed, "--read", "graph").text.count(f"({behind})") == 2
    for format_ in ("markdown", "html", "junit", "sarif"):
        assert behind in cli("drift", *estate.sandboxed, "--read", "graph", "--format", format_).out
    assert read(cli, estate).json["read"]["vaultsConfirmed"] == 2, "a plan confirms whatever it takes"


# ---- rights that show a part ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "roles",
    [
        [{"actions": ["*/read"], "notActions": ["*/protectedItems/read"]}],
        [{"actions": ["*/read"], "notActions": ["*/permissions/read"]}],
        [{"actions": ["*/read"], "notActions": ["Microsoft.Compute/*"]}],
        [
            {"actions": ["*/read"], "notActions": ["Microsoft.Compute/*"]},
            {"actions": ["*"], "scopes": [f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-web"]},
        ],
    ],
    ids=["no backups", "nothing to tell", "no VMs", "some VMs"],
)
def test_a_subscription_that_is_not_shown_whole_is_read_by_lists(
    estate: Estate, cli: Cli, roles: list[dict[str, Any]]
) -> None:
    held = {"location": "japaneast", "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}
    estate.exists(**world(vms("web-01", "web-02"), {"rsv": held}), access=roles)
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    by_lists, by_graph = read(cli, estate, by="lists"), read(cli, estate)
    assert by_graph.json["read"]["subscriptionsByLists"] == [SUBSCRIPTION]
    for field in ("actions", "findings", "coverage", "vms"):  # Compute's list prints ids in another letter case
        assert str(by_graph.json[field]).casefold() == str(by_lists.json[field]).casefold()
    assert f"a part of 1 subscription ({SUBSCRIPTION})" in by_graph.err


def test_a_vault_that_may_not_be_read_is_an_error_and_no_absence(estate: Estate, cli: Cli) -> None:
    estate.exists(
        **world(vms("web-01"), {"rsv": {"location": "japaneast"}}), access=[{"actions": ["Microsoft.Compute/*"]}]
    )
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("plan", *estate.sandboxed, "--read", "graph")
    assert (told.status, "AuthorizationFailed" in told.err) == (1, True)


# ---- auto ----------------------------------------------------------------------------------------------------------


def test_auto_chooses_by_the_hourly_limits_and_says_why(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "READS_AN_HOUR", 6)
    room = "lists would take 10 requests or more, which the hourly limits have room for"
    full = (
        f"lists would take 13 requests or more, 4 of them for backups in subscription {SUBSCRIPTION}, which has 6 of "
        "these left in this hour, and half of them are for apply"
    )
    for vaults, by, name, why in ((3, "lists", "lists", room), (4, "graph", "Resource Graph", full)):
        estate.exists(**fleet(vaults, 1))
        declare_fleet(estate, vaults)
        told = read(cli, estate, "drift", "auto")
        assert (told.json["read"]["by"], told.json["read"]["because"]) == (by, why)
        assert told.err == f"Reading by {name}: {why}.\n"


# ---- shards --------------------------------------------------------------------------------------------------------


def test_shards_that_were_read_by_graph_are_joined_to_what_one_run_tells(
    estate: Estate, cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(budget, "READS_AN_HOUR", 0)
    estate.exists(**fleet(4, 2))
    declare_fleet(estate, 4, stopped=3)
    whole = read(cli, estate, "drift").json
    files = [tmp_path / f"{number}.json" for number in (1, 2)]
    for number, file in enumerate(files, 1):
        file.write_text(read(cli, estate, "drift", "graph", "--shard", f"{number}/2").out)
    merged = cli("report", "merge", *files, "--format", "json").json
    assert merged["read"] == whole["read"]
    assert merged["differences"] == whole["differences"]
    assert [one["byGraph"] for one in merged["differences"]] == [True] * 6
