"""A box under pressure, seen through the front door: what the product says and does when Azure is slow, or lies."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

import pytest

from tests.conftest import assignment, pass_time, policy, vault, vms, world

if TYPE_CHECKING:
    from tests.conftest import Cli, Estate


def declare_all(estate: Estate) -> None:
    estate.declare("all", vault(), policy(), assignment())


def test_a_plan_waits_for_slow_answers_in_virtual_time_alone(estate: Estate, cli: Cli) -> None:
    declare_all(estate)
    estate.exists(**world(vms("web-01", "web-02")))
    quick = cli("plan", *estate.sandboxed).text
    estate.forget()
    estate.exists(**world(vms("web-01", "web-02"), latency={"seconds": 30, "jitter": 10}))
    assert cli("plan", *estate.sandboxed).text == quick
    moments = [exchange.at for exchange in estate.requests()]
    assert moments == sorted(moments)
    assert (moments[-1] - moments[0]).total_seconds() >= 20, "one request waits for the answer to another"


def test_an_apply_over_a_slow_line_ends_well(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02", "web-03"), latency={"seconds": 2, "jitter": 1}))
    declare_all(estate)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


IGNORED = [
    ("*/vaults/rsv", "it was not listed after minutes"),
    ("*/backupPolicies/*", "accepted, not applied: Azure took the change, and"),
    ("*/protectedItems/*", "accepted, not applied: Azure took the change, and the VM still reads not protected"),
]


@pytest.mark.parametrize(("path", "words"), IGNORED)
def test_what_azure_takes_and_does_not_do_is_told_by_that_name(estate: Estate, cli: Cli, path: str, words: str) -> None:
    estate.exists(**world(vms("web-01"), faults=[{"method": "PUT", "path": path, "ignored": True}]))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert words in told.text


@pytest.mark.parametrize("path", ["*/backupPolicies/*", "*/protectedItems/*"])
def test_what_comes_late_is_told_as_not_applied_and_found_by_the_next_run(estate: Estate, cli: Cli, path: str) -> None:
    late = {"method": "PUT", "path": path, "late": 3600, "times": 1}
    estate.exists(**world(vms("web-01"), faults=[late]))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "accepted, not applied" in told.text
    pass_time(estate, 3600)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert "nothing to do" in cli("plan", *estate.sandboxed).out
    assert len(estate.requests("PUT", path.strip("*/"))) == 1, "it came by itself"


def test_the_seconds_in_a_refusal_of_the_quota_are_waited(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02"), quotas={"backup": 2}))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out
    assert "429 ResourceRequestsThrottled; again in " in " ".join(told.err.split())
    refused = [exchange for exchange in estate.requests() if exchange.status == 429]
    for exchange in refused:
        nexts = [one for one in estate.requests(exchange.method) if one.path == exchange.path and one.at > exchange.at]
        assert nexts[0].status == 200, "who waits as told is answered"
    assert (estate.requests()[-1].at - estate.requests()[0].at).total_seconds() >= 3600


def test_arms_throttling_is_waited_for_by_its_header(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02", "web-03"), quotas={"arm": {"reads": 1, "writes": 1}}))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out
    assert "429 SubscriptionRequestsThrottled; again in 1 s" in " ".join(told.err.split())


def test_writes_that_are_throttled_together_go_out_in_order(estate: Estate, cli: Cli) -> None:
    """Twelve that all wait the same second would collide again and again, with one token for them."""
    names = [f"web-{number:02}" for number in range(12)]
    estate.exists(**world(vms(*names), quotas={"arm": {"writes": 1}}))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out
    sent = Counter(seen.path for seen in estate.requests("PUT", "protectedItems"))
    assert len(sent) == 12
    assert max(sent.values()) <= 4, "of the six attempts that each has"


def test_an_operation_that_fails_is_told_with_azures_code(estate: Estate, cli: Cli) -> None:
    failing = {"path": "*/protectedItems/*", "operation": {"code": "CloudInternalError", "message": "It broke."}}
    estate.exists(**world(vms("web-01", "web-02"), faults=[{**failing, "times": 1}]))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "[CloudInternalError]" in told.text
    assert "1 failed" in told.text


def test_a_vault_whose_creation_fails_is_told(estate: Estate, cli: Cli) -> None:
    failing = {"path": "*/vaults/rsv", "operation": {"code": "CloudInternalError"}}
    estate.exists(**world(vms("web-01"), faults=[failing]))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "the vault's provisioning failed" in told.text


def test_slow_operations_are_waited_for(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01"), faults=[{"path": "*", "slow": 20}]))
    declare_all(estate)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


def test_a_list_that_gives_a_vm_twice_changes_no_plan(estate: Estate, cli: Cli) -> None:
    declare_all(estate)
    names = [f"web-{number:02}" for number in range(7)]
    estate.exists(**world(vms(*names), pageSize=3))
    whole = cli("plan", *estate.sandboxed).text
    estate.exists(**world(vms(*names), pageSize=3, faults=[{"path": "*/virtualMachines", "pages": "repeat"}]))
    assert cli("plan", *estate.sandboxed).text == whole


def test_errors_at_random_are_lived_through(estate: Estate, cli: Cli) -> None:
    faults = [{"path": "*", "status": 503, "retryAfter": 3, "rate": 0.15}, {"path": "*", "cut": "before", "rate": 0.1}]
    estate.exists(**world(vms(*(f"web-{number:02}" for number in range(8))), seed=7, faults=faults))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out
    assert "nothing to do" in cli("plan", *estate.sandboxed).out
