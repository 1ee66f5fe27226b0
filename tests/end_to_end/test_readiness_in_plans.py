"""What `plan` and `apply` tell of the readiness of VMs that they would begin to back up."""

from tests.conftest import Cli, Estate, assignment, planned, vault, vms
from tests.end_to_end.checks import GROUP, LIVE, declare, exists

GUARD = "/subscriptions/s/resourceGroups/sec/providers/Microsoft.DataProtection/resourceGuards/guard"


def test_a_plan_warns_of_the_vms_that_it_would_begin_to_back_up(estate: Estate, cli: Cli) -> None:
    items = [
        {"vm": "rg-web/held-01", "policy": "DefaultPolicy"},
        {"vm": "rg-web/stopped-01", "state": "ProtectionStopped"},
    ]
    machines = vms("held-01", "new-01", "stopped-01", agent=None) | vms("off-01", power="stopped")
    exists(estate, machines, LIVE | {"protectedItems": items}, locks={"everything": {}})
    declare(estate, vault(), assignment(policy="DefaultPolicy"))
    estate.forget()
    found = planned(estate, cli)
    assert found["requests"]["read"] == len(estate.requests()) == 6 + 3 + 2
    told = [(one["severity"], one["rule"], one["address"].rpartition("/")[2]) for one in found["findings"]]
    assert told == [
        ("warning", "vm-agent", "new-01"),
        ("warning", "vm-agent", "stopped-01"),
        ("warning", "snapshots-locked", GROUP.lower()),
    ]
    assert found["findings"][2]["message"].endswith("holds it (this concerns 3 VMs)")
    applied = cli("apply", *estate.sandboxed, "--auto-approve", "--allow-destructive", "--strict")
    assert applied.status == 0, "Azure takes them, so they are carried out"
    assert "2 VMs in rsv" in applied.text
    assert "[vm-agent]" in applied.text


def test_a_plan_that_begins_no_backup_asks_nothing_of_it(estate: Estate, cli: Cli) -> None:
    items = [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]
    exists(estate, vms("web-01", agent=None), LIVE | {"protectedItems": items})
    declare(estate, vault(), assignment(policy="DefaultPolicy"))
    found = planned(estate, cli)
    assert (found["requests"]["read"], found["findings"]) == (6, [])


def test_a_vm_that_is_resumed_under_a_resource_guard_is_asked_about(estate: Estate, cli: Cli) -> None:
    item = {"vm": "rg-web/web-01", "state": "ProtectionStopped"}
    guard = {"id": GUARD, "protects": ["updateProtectedItemRequests"]}
    exists(estate, vms("web-01", agent=None), LIVE | {"protectedItems": [item], "resourceGuard": guard})
    declare(estate, vault(), assignment(policy="DefaultPolicy"))
    found = planned(estate, cli)
    assert [(one["verb"], one["needsApproval"]) for one in found["actions"]] == [("resume", None)]
    assert [one["rule"] for one in found["findings"]] == ["vm-agent"]


def test_drift_tells_differences_alone(estate: Estate, cli: Cli) -> None:
    exists(estate, vms("web-01", agent=None))
    declare(estate)
    estate.forget()
    told = cli("drift", *estate.sandboxed, "--format", "json").json
    assert (told["findings"], told["requests"]["read"]) == ([], len(estate.requests()))
    assert len(estate.requests()) == 6
