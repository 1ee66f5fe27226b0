"""Completion at scale: many VMs, many vaults, and an hour in which each action may be read 150 times."""

from collections import Counter, defaultdict
from datetime import datetime, timedelta
from io import StringIO
from typing import Any

import pytest
from rich.console import Console
from rich.text import Text

from backup_reconciler.cli import applying
from tests.conftest import (
    SUBSCRIPTION,
    Cli,
    Estate,
    assignment,
    document,
    interrupt_at,
    pass_time,
    policy,
    vm_id,
)

QUOTAS = {"arm": {}, "backup": 150, "graph": True, "compute": 24000}
HOUR = timedelta(hours=1)
FEW = 15
"""Vaults: so many that their lists cannot be read as often as it would be worth it."""


def fleet(estate: Estate, vaults: int, vms_each: int, **more: Any) -> None:
    """So many vaults in one subscription, so many VMs in each, and Resource Graph two minutes behind."""
    names = [f"{number:03}" for number in range(vaults)]
    machines = {f"vm-[{1:0{len(str(vms_each))}}-{vms_each}]": {"location": "japaneast"}}
    groups = {
        f"rg-{name}": {
            "location": "japaneast",
            "virtualMachines": machines,
            "vaults": {f"rsv-{name}": {"location": "japaneast"}},
        }
        for name in names
    }
    lag = 120 if vaults > 1 else 0  # the box is slow at noting the changes of a large vault
    subscriptions = {SUBSCRIPTION: {"resourceGroups": groups}}
    estate.exists(**{"subscriptions": subscriptions, "quotas": QUOTAS, "graphLagSeconds": lag, **more})
    where = {"subscription": SUBSCRIPTION, "location": "japaneast"}
    estate.declare(
        "all",
        policy(vaults="all"),
        *[document("Vault", f"rsv-{name}", resourceGroup=f"rg-{name}", **where) for name in names],
        *[assignment(name, vault=f"rsv-{name}", select={"resourceGroups": [f"rg-{name}"]}) for name in names],
    )


def action_of(path: str) -> str:
    return "/".join(path.casefold().rpartition("/providers/")[2].split("/")[1::2])


def within_the_quota(estate: Estate) -> None:
    """No action was read more than 150 times in any hour, and none was refused for it, of Resource Graph neither."""
    read: dict[str, list[datetime]] = defaultdict(list)
    for seen in estate.requests("GET", "RecoveryServices"):
        if seen.status != 429:
            read[action_of(seen.path)].append(seen.at)
    for action, moments in read.items():
        if action != "vaults":  # which the vault provider answers: it has no such quota
            worst = max(sum(began <= moment < began + HOUR for moment in moments) for began in moments)
            assert worst <= 150, (action, worst)
    refused = Counter(seen.code for seen in estate.requests() if seen.status == 429)
    assert set(refused) <= {"SubscriptionRequestsThrottled"}, refused


def taken(estate: Estate) -> Counter[str]:
    """How often each write of an item was accepted."""
    return Counter(seen.path.casefold() for seen in estate.requests("PUT", "/protectedItems/") if seen.status == 202)


def took(estate: Estate) -> timedelta:
    return estate.requests()[-1].at - estate.requests()[0].at


@pytest.mark.parametrize(("vaults", "vms_each"), [(100, 10), (1, 1000)])
def test_a_thousand_vms_are_done_in_minutes_and_within_the_quota(
    estate: Estate, cli: Cli, vaults: int, vms_each: int
) -> None:
    fleet(estate, vaults, vms_each)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out[-2000:]
    assert f"Apply: {1000 + vaults} done;" in told.text
    within_the_quota(estate)
    assert took(estate) < timedelta(minutes=10)
    pass_time(estate, 3600)
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


def test_in_one_vault_nothing_but_its_lists_is_read(estate: Estate, cli: Cli) -> None:
    fleet(estate, 1, 30, pageSize=10)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    read = Counter(action_of(seen.path) for seen in estate.requests("GET", "/vaults/"))
    # The plan's items and those of the first look, none; then looks after half a minute and a minute, three pages each.
    assert (read["vaults/backupprotecteditems"], read["vaults/backupjobs"]) == (1 + 1 + 1 + 3, 1 + 3 + 3)
    assert len(estate.requests("POST", "ResourceGraph")) == 1, "the plan's"


def test_many_vaults_cost_one_list_each_after_the_plan(estate: Estate, cli: Cli) -> None:
    fleet(estate, FEW, 2)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    read = Counter(action_of(seen.path) for seen in estate.requests("GET", "/vaults/"))
    confirmed = read["vaults/backupprotecteditems"] - FEW + read["vaults/backupjobs"]
    assert confirmed <= FEW + 2 * 10, "of some vaults both, as long as few were watched"
    assert took(estate) < timedelta(minutes=10)


@pytest.mark.parametrize("times", [1, 2], ids=["Ctrl-C", "left at once"])
@pytest.mark.parametrize(
    ("number", "method", "containing"),
    [
        (1, "PUT", "/protectedItems/"),
        (17, "PUT", "/protectedItems/"),
        (30, "PUT", "/protectedItems/"),
        (6, "POST", "/Microsoft.ResourceGraph/"),  # while Resource Graph is watched
        (3, "GET", "/backupJobs"),
    ],
)
def test_a_run_that_was_broken_off_is_taken_up_and_nothing_is_begun_twice(
    estate: Estate, cli: Cli, number: int, method: str, containing: str, times: int
) -> None:
    fleet(estate, FEW, 2)
    interrupt_at(estate, number, method, containing, times)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 130
    estate.on_exchange = lambda _: None
    again = cli("apply", *estate.sandboxed, "--auto-approve")
    assert again.status == 0, again.out
    assert "nothing to do" in cli("plan", *estate.sandboxed).out
    assert set(taken(estate).values()) == {1}
    assert len(taken(estate)) == 2 * FEW


def test_what_fails_and_what_is_not_applied_is_told_for_its_vm_alone(estate: Estate, cli: Cli) -> None:
    failing = {"path": "*rg-003;vm-1", "operation": {"code": "CloudInternalError", "message": "It broke."}}
    ignored = {"method": "PUT", "path": "*rg-004;vm-1", "ignored": True}
    fleet(estate, FEW, 2, faults=[failing, ignored])
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert f"Apply: {FEW + 2 * FEW - 2} done and 2 failed;" in told.text
    assert "vm-1: It broke" in told.text
    assert "accepted, not applied: Azure took the change, and the VM still reads not protected" in told.text
    within_the_quota(estate)
    assert took(estate) < HOUR


def test_failures_of_the_run_before_are_not_taken_for_those_of_this(estate: Estate, cli: Cli) -> None:
    """Resource Graph shows the failed jobs only when this run is already under way."""
    failing = {"path": "*;vm-1", "operation": {"code": "CloudInternalError", "message": "No."}, "times": FEW}
    fleet(estate, FEW, 1, faults=[failing], graphLagSeconds=600)
    assert "0 done" not in cli("apply", *estate.sandboxed, "--auto-approve").text
    again = cli("apply", *estate.sandboxed, "--auto-approve")
    assert again.status == 0, again.out


def test_without_resource_graph_the_lists_are_waited_for(estate: Estate, cli: Cli) -> None:
    fleet(estate, FEW, 1, faults=[{"path": "*Microsoft.ResourceGraph*", "status": 400, "skip": 1}])
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out
    within_the_quota(estate)


def test_who_takes_much_longer_than_the_others_is_read_singly(estate: Estate, cli: Cli) -> None:
    slow = {"method": "PUT", "path": "*vm-07", "slow": 30}
    fleet(estate, 1, 40, pageSize=5, faults=[slow])
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    singly = estate.requests("GET", "/protectedItems/")
    assert singly
    assert {seen.path[-5:] for seen in singly} == {"vm-07"}
    within_the_quota(estate)


def test_backups_are_looked_at_one_by_one_before_they_are_deleted_where_there_is_no_list(
    estate: Estate, cli: Cli
) -> None:
    fleet(estate, FEW, 1)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    pass_time(estate, 3600)
    ids = [vm_id("vm-1", f"rg-{number:03}") for number in range(FEW)]
    where = {"subscription": SUBSCRIPTION, "location": "japaneast"}
    approval = {"by": "Ada", "reason": "retired", "expires": "2099-12-31", "vms": ids}
    gone = [
        document("Vault", f"rsv-{name}", resourceGroup=f"rg-{name}", state="absent", approval=approval, **where)
        for name in (f"{number:03}" for number in range(FEW))
    ]
    estate.declare("all", *gone)
    estate.forget()
    consent = ("--allow-destructive", "--allow-one-way", "--max-changes", FEW)
    cli("apply", *estate.sandboxed, "--auto-approve", *consent)
    deleted = [seen.path.casefold() for seen in estate.requests("DELETE", "/protectedItems/")]
    looked_at = [seen.path.casefold() for seen in estate.requests("GET", "/protectedItems/")]
    assert len(deleted) == FEW
    assert set(deleted) == set(looked_at)
    within_the_quota(estate)


def test_a_terminal_shows_how_many_have_ended_and_how_and_what_was_sent(
    estate: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch
) -> None:
    failing = {"path": "*;vm-1", "operation": {"code": "CloudInternalError", "message": "It broke."}}
    fleet(estate, 1, 3, faults=[failing])
    shown = StringIO()
    monkeypatch.setattr(applying, "progress_console", lambda: Console(file=shown, force_terminal=True, width=100))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 3
    told = Text.from_ansi(shown.getvalue()).plain
    assert "Applying: 3 done, 1 failed" in told
    assert "4/4 4 writes, 8 reads" in " ".join(told.split())
