"""Ctrl-C while the network is written: what Azure took is told as running, and the next run goes on from there."""

import shutil
from pathlib import Path

import pytest

from tests.conftest import Cli, Estate, interrupt_at

EXAMPLE = Path(__file__).parents[2] / "manifests" / "outbound-access"


@pytest.mark.parametrize("written", ["/ruleCollectionGroups/", "/securityRules/", "/runCommands/"])
def test_a_way_out_that_was_broken_off_is_taken_up_again(estate: Estate, cli: Cli, written: str) -> None:
    shutil.copytree(EXAMPLE, estate.manifests, ignore=shutil.ignore_patterns(".sandbox", "*.world.yaml"))
    shutil.copy(EXAMPLE / "outbound-access.world.yaml", estate.world)
    interrupt_at(estate, 1, "PUT", written)
    broken_off = cli("apply", *estate.sandboxed, "--auto-approve")
    assert broken_off.status == 130
    assert "running" in broken_off.out

    estate.on_exchange = lambda _: None
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert "nothing to do" in cli("plan", *estate.sandboxed).text
