"""A vault takes 50 writes of policies in a day: a plan spends them on what is most urgent."""

from typing import Any

from tests.conftest import Cli, Estate, assignment, daily_policy, policy, vault, vms, world

LONGER = {"daily": {"days": 60}}


def test_the_most_urgent_writes_go_first_and_the_others_wait(estate: Estate, cli: Cli) -> None:
    """52 to create, of which a VM waits for the last; and a change of a policy that backs up two VMs."""
    held = [{"vm": f"rg-web/{name}", "policy": "zz-bound"} for name in ("db-01", "db-02")]
    live: dict[str, Any] = {"policies": {"zz-bound": daily_policy(30)}, "protectedItems": held}
    estate.exists(**world(vms("web-01", "db-01", "db-02"), {"rsv": {"location": "japaneast", **live}}))
    made = [policy(f"p-{number:02}") for number in range(52)]
    needed = assignment(policy="p-51", select={"names": ["web-01"]})
    bound = assignment("db", policy="zz-bound", select={"names": ["db-*"]})
    estate.declare("all", vault(), *made, policy("zz-bound", retention=LONGER), needed, bound)
    found = cli("plan", *estate.sandboxed, "--format", "json").json
    assert (found["summary"]["createPolicy"], found["summary"]["updatePolicy"]) == (49, 1)
    planned = {action["address"].rpartition("/")[2] for action in found["actions"]}
    assert {"p-51", "web-01", "zz-bound"} <= planned
    assert [(held["address"].rpartition("/")[2], held["why"]) for held in found["heldBack"]] == [
        (name, "write budget") for name in ("p-48", "p-49", "p-50")
    ]
    assert found["summary"]["postponed"] == 3
    told = cli("plan", *estate.sandboxed).text
    assert "later create policy p-48 in rsv" in told
    assert "apply again tomorrow" in told
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    again = cli("apply", *estate.sandboxed, "--auto-approve")
    assert again.status == 1, "what was written earlier today only the service knows"
    assert "the vault has had its 50 writes of policies in 24 hours" in again.text
    assert "fix: apply again tomorrow" in again.text


def test_each_vault_has_its_own_budget(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vaults={"rsv": {"location": "japaneast"}, "rsv-2": {"location": "japaneast"}}))
    estate.declare("all", vault(), vault("rsv-2"), *[policy(f"p-{number:02}", vaults="all") for number in range(40)])
    found = cli("plan", *estate.sandboxed, "--format", "json").json
    assert (found["summary"]["createPolicy"], found["heldBack"]) == (80, [])
