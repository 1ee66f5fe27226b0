"""A box under pressure, seen through the front door: what the product says and does when Azure is slow, or lies."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.conftest import assignment, policy, vault, vms, world

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
