"""As fast as Azure's limits allow and no faster: with all of them on, hardly anything is refused, however much may go
out at once.
"""

import json
from collections import Counter

import pytest

from tests.conftest import SUBSCRIPTION, Cli, Estate, assignment, vault

QUOTAS = {"arm": {}, "backup": 150, "graph": True, "compute": 24_000}
HERE = {"location": "japaneast"}


READS = 1 + 2 + 100 * 3 + 2 + 2
"""GETs of a plan of 100 vaults: vaults, VMs on two pages, three of each vault; the status of the VMs that are to be
protected on two pages, locks and resource groups. There are three queries besides, two of them of Azure Policy.
"""


def fleet(estate: Estate, vaults: int, vms: int, **quotas: object) -> None:
    """So many vaults in one subscription and so many VMs for each, none of them protected."""
    names = [f"{number:03}" for number in range(vaults)]
    machines = {f"vm-[{1:0{len(str(vms))}}-{vms}]": HERE}
    groups = {f"rg-{name}": {**HERE, "virtualMachines": machines, "vaults": {"rsv": HERE}} for name in names}
    estate.exists(subscriptions={SUBSCRIPTION: {"resourceGroups": groups}}, quotas=QUOTAS | quotas)
    estate.declare("vaults", *(vault(f"rsv-{name}", name="rsv", resourceGroup=f"rg-{name}") for name in names))
    select = [{"resourceGroups": [f"rg-{name}"]} for name in names]
    handles = [f"rsv-{name}" for name in names]
    everything = [
        assignment(f"all-{handle}", vault=handle, policy="DefaultPolicy", select=some)
        for handle, some in zip(handles, select, strict=True)
    ]
    estate.declare("vms", *everything)


def refusals(estate: Estate) -> int:
    return sum(seen.status == 429 for seen in estate.requests())


def test_a_plan_that_needs_more_reads_than_the_bucket_holds(estate: Estate, cli: Cli) -> None:
    fleet(estate, vaults=100, vms=2)
    told = cli("plan", *estate.sandboxed, "--format", "json", "--concurrency", 256, "--log-format", "json")
    assert (told.status, refusals(estate)) == (0, 0)
    assert told.json["requests"]["read"] == len(estate.requests()) == READS + 3
    seconds = (estate.exchanges[-1].at - estate.exchanges[0].at).total_seconds()
    assert seconds == pytest.approx((READS - 250) / 25, abs=0.2), "no longer than it has to be"

    summary = json.loads(told.err)
    assert (summary["level"], summary["throttled"]) == ("warning", 0)
    assert summary["waitedSeconds"] == pytest.approx(seconds, abs=0.3)
    limits = {one["limit"]: one for one in summary["limits"]}
    assert limits["subscription resource requests"] == {
        "limit": "subscription resource requests",
        "waitedSeconds": pytest.approx(seconds, abs=0.3),
        "fewestLeft": 0,
        "subscription": SUBSCRIPTION,
    }
    assert limits["Resource Graph queries"]["fewestLeft"] == 14
    assert limits["Microsoft.Compute/LowCostGetSubscriptionMaximum"]["fewestLeft"] == 23_998


def test_an_apply_of_more_vms_than_the_bucket_of_writes_holds(estate: Estate, cli: Cli) -> None:
    fleet(estate, vaults=3, vms=80)
    told = cli("apply", *estate.sandboxed, "--auto-approve", "--concurrency", 256)
    assert (told.status, refusals(estate)) == (0, 0)
    assert set(Counter(seen.path for seen in estate.requests("PUT")).values()) == {1}
    assert " to read, 240 to write; 4 s waited: 4 s for subscription writes (0 left)\n" in told.err


def test_the_smallest_buckets_make_a_run_slow_and_nothing_is_refused(estate: Estate, cli: Cli) -> None:
    fleet(estate, vaults=1, vms=40, arm={"reads": 3, "writes": 3})
    told = cli("apply", *estate.sandboxed, "--auto-approve", "--concurrency", 256)
    assert (told.status, refusals(estate)) == (0, 0)
    assert len(estate.writes()) == 40
    assert "for subscription writes (0 left)" in told.err
