"""The tables of docs/scale.md are computed from what a plan really asks."""

import pytest

from docs import arithmetic
from docs.arithmetic import Estate
from tests.conftest import SUBSCRIPTION, Cli, assignment, vault
from tests.conftest import Estate as InABox

OTHER = "22222222-2222-2222-2222-222222222222"


@pytest.fixture
def small(estate: InABox, monkeypatch: pytest.MonkeyPatch) -> Estate:
    """12 VMs in 4 vaults of 2 subscriptions, with pages so small that each list has several."""
    here = {"location": "japaneast"}
    monkeypatch.setattr(arithmetic, "PAGE", 2)
    monkeypatch.setattr(arithmetic, "ROWS", 5)
    held = {**here, "protectedItems": [{"vm": "vm-[1-3]", "policy": "DefaultPolicy"}]}
    group = {**here, "virtualMachines": {"vm-[1-3]": here}, "vaults": {"rsv": held}}
    both = {id_: {"resourceGroups": {"rg-[1-2]": group}} for id_ in (SUBSCRIPTION, OTHER)}
    estate.exists(pageSize=2, graphPageSize=5, subscriptions=both)
    places = [(id_, f"rg-{number}") for id_ in both for number in (1, 2)]
    for id_, name in places:
        handle = f"{name}-{id_[0]}"
        select = {"subscriptions": [id_], "resourceGroups": [name]}
        estate.declare(
            handle,
            vault(handle, name="rsv", subscription=id_, resourceGroup=name),
            assignment(f"all-{handle}", vault=handle, policy="DefaultPolicy", select=select),
        )
    return Estate(vms=12, vaults=4, subscriptions=2)


@pytest.mark.parametrize("way", ["lists", "graph"])
def test_a_plan_asks_as_often_as_the_page_on_scale_says(estate: InABox, cli: Cli, small: Estate, way: str) -> None:
    told = cli("plan", *estate.sandboxed, "--read", way, "--format", "json").json
    assert told["summary"]["unchanged"] == 16
    computed = small.by_lists() if way == "lists" else small.by_graph()
    assert told["requests"]["read"] == len(estate.requests()) == computed


@pytest.mark.parametrize("shard", ["1/2", "2/2"])
def test_a_shard_asks_as_often_as_the_page_on_scale_says(estate: InABox, cli: Cli, small: Estate, shard: str) -> None:
    told = cli("plan", *estate.sandboxed, "--shard", shard, "--format", "json").json
    not_listed = 1
    """The vaults of a subscription that has none of the shard's; large estates have no such subscription."""
    assert told["requests"]["read"] == small.by_lists(shards=2) - not_listed


def test_a_bucket_lets_through_what_it_holds_and_then_what_it_is_filled_with() -> None:
    assert Estate(10_000, 100, 1).by_lists() == 411
    assert "| 10,000 | 100 | 1 | 411 | 2 s | 6 s |" in arithmetic.arithmetic(), "161 more than 250, by 25 a second"
    assert "| 10,000 | 16 min | 4 min | 47 s | 47 s |" in arithmetic.arithmetic(), "all identities share 15 buckets"
