"""Reading costs lists, not VMs: the exact number of requests."""

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, document, policy, vault, vms, world


def plan_requests(estate: Estate, cli: Cli) -> int:
    told = cli("plan", *estate.sandboxed, "--format", "json")
    assert told.status == 0, told.err
    assert told.json["requests"]["read"] == len(estate.requests())
    return len(estate.requests())


@pytest.mark.parametrize("number", [0, 1, 99])
def test_no_request_for_a_vm(estate: Estate, cli: Cli, number: int) -> None:
    names = [f"web-{index:03}" for index in range(number)]
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in names]
    estate.exists(**world(vms(*names), {"rsv": {"location": "japaneast", "protectedItems": items}}))
    estate.declare("all", vault(), policy(), assignment())
    # Lists of vaults and VMs, the graph; and of the vault GET, policies and items.
    assert plan_requests(estate, cli) == 6


def test_pages_are_all_there_is_beside_it(estate: Estate, cli: Cli) -> None:
    names = [f"web-{index:03}" for index in range(250)]
    items = [{"vm": f"rg-web/{name}", "policy": "DefaultPolicy"} for name in names]
    estate.exists(**world(vms(*names), {"rsv": {"location": "japaneast", "protectedItems": items}}, pageSize=100))
    estate.declare("all", vault(), policy(), assignment())
    assert plan_requests(estate, cli) == 6 + 2 + 2, "three pages of VMs and of items"
    assert "250 VMs to bind to another policy" in cli("plan", *estate.sandboxed).text


def test_the_formula_for_many_vaults_and_subscriptions(estate: Estate, cli: Cli) -> None:
    """Per subscription two lists, per vault three reads, per vault to create its group, and one query."""
    other = "22222222-2222-2222-2222-222222222222"
    exists = {f"rsv-{index}": {"location": "japaneast"} for index in range(4)}
    groups = {"rg-backup": {"location": "japaneast", "vaults": exists}}
    estate.exists(subscriptions={SUBSCRIPTION: {"resourceGroups": groups}, other: {"resourceGroups": groups}})
    both = [(subscription, name) for subscription in (SUBSCRIPTION, other) for name in (*exists, "rsv-new")]
    vaults = [vault(f"{name}-{sub[0]}", name=name, subscription=sub) for sub, name in both]
    assignments = [
        document(
            "VMAssignment", f"all-{sub[0]}", vault=f"rsv-0-{sub[0]}", policy="DefaultPolicy", select={"names": ["*"]}
        )
        for sub in (SUBSCRIPTION, other)
    ]
    estate.declare("all", *vaults, *assignments)
    assert plan_requests(estate, cli) == 2 * 2 + 8 * 3 + 2 + 1


def test_a_hundred_vaults_of_a_hundred_vms_are_read_in_pages_and_three_reads_a_vault(estate: Estate, cli: Cli) -> None:
    protected = [{"vm": "vm-[001-100]", "policy": "DefaultPolicy"}]
    group = {
        "location": "japaneast",
        "virtualMachines": {"vm-[001-100]": {"location": "japaneast"}},
        "vaults": {"rsv": {"location": "japaneast", "protectedItems": protected}},
    }
    estate.exists(subscriptions={SUBSCRIPTION: {"resourceGroups": {"rg-[001-100]": group}}})
    names = [f"{number:03}" for number in range(1, 101)]
    vaults = [vault(f"rsv-{name}", name="rsv", resourceGroup=f"rg-{name}") for name in names]
    assignments = [
        assignment(
            f"all-{name}", vault=f"rsv-{name}", policy="DefaultPolicy", select={"resourceGroups": [f"rg-{name}"]}
        )
        for name in names
    ]
    estate.declare("all", *vaults, *assignments)
    vms_read, graph = 10_000 // 100, 10_000 // 1000
    assert plan_requests(estate, cli) == 1 + vms_read + graph + 100 * 3


def test_without_assignments_no_vm_is_read(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), {"rsv": {"location": "japaneast"}}))
    estate.declare("all", vault(), policy())
    assert plan_requests(estate, cli) == 4


def test_watching_costs_two_lists_a_look_however_many_vms(estate: Estate, cli: Cli) -> None:
    counts = []
    for number in (1, 80):
        estate.exists(**world(vms(*[f"web-{index:02}" for index in range(number)]), {"rsv": {"location": "japaneast"}}))
        estate.declare("all", vault(), policy(), assignment())
        estate.forget()
        assert cli("apply", *estate.sandboxed, "--auto-approve", "--concurrency", 128).status == 0
        reads = [
            seen for seen in estate.requests("GET") if "backupProtectedItems" in seen.path or "backupJobs" in seen.path
        ]
        counts.append(len(reads))
    # Planning reads the items once; then come three looks of two lists: before, and two thirty seconds apart.
    assert counts == [1 + 6, 1 + 6]
