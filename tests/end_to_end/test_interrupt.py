"""Ctrl-C while applying, and applying again: converged, and nothing was sent twice."""

from collections import Counter

import pytest

from tests.conftest import Cli, Estate, assignment, interrupt_at, policy, vault, vms, world

NAMES = [f"web-{number:02}" for number in range(12)]


@pytest.fixture
def declared(estate: Estate) -> Estate:
    estate.exists(**world(vms(*NAMES)))
    estate.declare("all", vault(), policy(), assignment())
    return estate


@pytest.mark.parametrize(
    ("number", "method", "containing"),
    [
        (1, "PUT", "/vaults/rsv"),  # the vault is accepted and not there yet
        (1, "PUT", "/backupPolicies/daily"),
        (1, "PUT", "/protectedItems/"),
        (5, "PUT", "/protectedItems/"),
        (12, "PUT", "/protectedItems/"),
        (1, "GET", "/backupProtectedItems"),  # while watching
    ],
)
def test_a_second_run_takes_up_where_the_first_was_stopped(
    declared: Estate, cli: Cli, number: int, method: str, containing: str
) -> None:
    interrupt_at(declared, number, method, containing)
    stopped = cli("apply", *declared.sandboxed, "--auto-approve", "--concurrency", "2")
    assert stopped.status == 130
    assert "Stopping: nothing new is sent." in stopped.err
    assert " running" in stopped.out or " not started" in stopped.out
    assert "Run apply again to go on from here." in stopped.text

    declared.on_exchange = lambda _: None
    again = cli("apply", *declared.sandboxed, "--auto-approve")
    assert again.status == 0, again.out + again.err
    assert "nothing to do" in cli("plan", *declared.sandboxed).out

    sent = Counter(seen.path.casefold() for seen in declared.writes())
    assert len(sent) == 14, "a vault, a policy and twelve VMs"
    assert set(sent.values()) == {1}, "nothing was sent twice"


@pytest.mark.parametrize("concurrency", [1, 3])
def test_nothing_new_is_sent(declared: Estate, cli: Cli, concurrency: int) -> None:
    """Writes that wait for their turn when Ctrl-C is pressed do not go out; those on the wire finish."""
    interrupt_at(declared, 1, "PUT", "/protectedItems/")
    stopped = cli("apply", *declared.sandboxed, "--auto-approve", "--concurrency", concurrency)
    assert stopped.status == 130
    sent = len(declared.requests("PUT", "/protectedItems/"))
    assert sent <= concurrency
    assert f"{sent} running and {12 - sent} not started" in stopped.text


def test_a_write_whose_answer_was_lost_is_not_told_as_not_started(declared: Estate, cli: Cli) -> None:
    cut = {"method": "PUT", "path": "*web-05", "cut": "after"}
    declared.exists(**world(vms(*NAMES), faults=[cut]))
    interrupt_at(declared, 1, "PUT", "web-05")
    stopped = cli("apply", *declared.sandboxed, "--auto-approve")
    assert stopped.status == 130
    assert "unknown VM web-05 in rsv" in stopped.text
    assert "it was sent, and whether Azure took it is not known" in stopped.text


def test_what_is_under_way_is_told_as_running(declared: Estate, cli: Cli) -> None:
    interrupt_at(declared, 12, "PUT", "/protectedItems/")
    stopped = cli("apply", *declared.sandboxed, "--auto-approve")
    assert stopped.out.count("Azure accepted it and works on it") == 12
    assert "Apply: 2 done and 12 running" in stopped.out


def test_a_second_ctrl_c_leaves_at_once_and_keeps_the_world(declared: Estate, cli: Cli) -> None:
    interrupt_at(declared, 3, "PUT", "/protectedItems/", times=2)
    assert cli("apply", *declared.sandboxed, "--auto-approve").status == 130
    declared.on_exchange = lambda _: None
    assert cli("apply", *declared.sandboxed, "--auto-approve").status == 0
    assert "nothing to do" in cli("plan", *declared.sandboxed).out


def test_ctrl_c_while_reading_changes_nothing(declared: Estate, cli: Cli) -> None:
    interrupt_at(declared, 1, "GET", "/virtualMachines")
    told = cli("apply", *declared.sandboxed, "--auto-approve")
    assert told.status == 130
    assert told.err == "interrupted\n"
    assert declared.writes() == []
