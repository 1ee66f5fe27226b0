"""When Azure says no, says it late, or says yes and does nothing: told by name, and neighbours go on."""

from typing import Any

from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world

AGENT_GONE = {"code": "UserErrorGuestAgentStatusUnavailable", "message": "VM agent unable to communicate"}


def declare_all(estate: Estate, **assigned: Any) -> None:
    estate.declare("all", vault(), policy(), assignment(**assigned))


def test_a_vm_that_cannot_be_configured_stops_nobody_else(estate: Estate, cli: Cli) -> None:
    estate.exists(**world({**vms("web-01", "web-03"), **vms("web-02", configureFails=AGENT_GONE)}))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "failed VM web-02 in rsv" in told.text
    assert "the VM agent does not answer the backup service" in told.text
    assert "[UserErrorGuestAgentStatusUnavailable]" in told.text
    assert "fix: start the VM, then install or restart its agent" in told.text
    assert "Apply: 4 done and 1 failed" in told.text
    assert "1 VM to protect" in cli("plan", *estate.sandboxed).text


def test_what_azure_took_and_then_failed_is_not_nothing_done(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", configureFails=AGENT_GONE), {"rsv": {"location": "japaneast"}}))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 3


def test_a_failure_stops_its_dependents(estate: Estate, cli: Cli) -> None:
    refused = {
        "method": "PUT",
        "path": "*/backupPolicies/daily",
        "status": 400,
        "code": "BMSUserErrorInvalidPolicyInput",
    }
    estate.exists(**world(vms("web-01", "web-02"), faults=[refused]))
    estate.declare(
        "all", vault(), policy(), assignment(), assignment("other", policy="DefaultPolicy", select={"names": ["app-*"]})
    )
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "[BMSUserErrorInvalidPolicyInput]" in told.text
    assert told.text.count("it needs policy daily in rsv, which is failed") == 2
    assert "Apply: 1 done, 1 failed and 2 skipped" in told.text


def test_when_nothing_at_all_was_done_it_is_an_error(estate: Estate, cli: Cli) -> None:
    forbidden = {"method": "PUT", "path": "*/vaults/rsv", "status": 403, "code": "AuthorizationFailed"}
    estate.exists(**world(vms("web-01"), faults=[forbidden]))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 1
    assert "this identity lacks the right to do that" in told.text


def test_a_write_whose_answer_was_lost_is_not_lost(estate: Estate, cli: Cli) -> None:
    cut = [
        {"method": "PUT", "path": path, "cut": "after", "times": 1}
        for path in ("*/vaults/rsv", "*/backupPolicies/*", "*/protectedItems/*")
    ]
    estate.exists(**world(vms("web-01"), faults=cut))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out + told.err
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


def test_our_own_operation_is_not_sent_again_when_its_answer_was_lost(estate: Estate, cli: Cli) -> None:
    """Cut after the effect, then a conflict: it is our own operation that is under way."""
    put = {"method": "PUT", "path": "*/protectedItems/*"}
    busy = {**put, "status": 400, "code": "BMSUserErrorConflictingProtectionOperation", "times": 1}
    estate.exists(**world(vms("web-01"), faults=[{**put, "cut": "after", "times": 1}, busy]))
    declare_all(estate)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert len(estate.requests("PUT", "/protectedItems/")) == 2


def test_a_write_that_was_perhaps_taken_is_not_nothing_done(estate: Estate, cli: Cli) -> None:
    put = {"method": "PUT", "path": "*/protectedItems/*"}
    estate.exists(
        **world(
            vms("web-01"),
            {"rsv": {"location": "japaneast"}},
            faults=[{**put, "cut": "after", "times": 1}, {**put, "status": 500}],
        )
    )
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 3
    assert "unknown VM web-01 in rsv" in told.text
    assert "it was sent, and whether Azure took it is not known" in told.text


def test_what_the_class_of_an_error_advises_is_told(estate: Estate, cli: Cli) -> None:
    busy = {"method": "PUT", "path": "*/protectedItems/*", "status": 429, "code": "TooManyRequests"}
    estate.exists(**world(vms("web-01"), {"rsv": {"location": "japaneast"}}, faults=[busy]))
    estate.declare("all", vault(), assignment(policy="DefaultPolicy"))
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 1
    assert "fix: wait and run again, with a lower --concurrency" in told.text


def test_a_write_that_is_throttled_waits_and_is_sent_again(estate: Estate, cli: Cli) -> None:
    throttled = {"method": "PUT", "path": "*/protectedItems/*", "status": 429, "retryAfter": 40, "times": 3}
    estate.exists(**world(vms("web-01", "web-02"), faults=[throttled]))
    declare_all(estate)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0
    assert [seen.status for seen in estate.requests("PUT", "/protectedItems/")].count(429) == 3
    assert told.err.count("again in 40 s") == 1, "of those that wait in one line the first is told"


def test_another_operation_on_the_vm_is_waited_for(estate: Estate, cli: Cli) -> None:
    """Somebody else's change of the same item: the service answers with a conflict until that is over."""
    busy = {
        "method": "PUT",
        "path": "*/protectedItems/*",
        "status": 400,
        "code": "BMSUserErrorConflictingProtectionOperation",
        "times": 2,
    }
    estate.exists(**world(vms("web-01"), faults=[busy]))
    declare_all(estate)
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    assert len(estate.requests("PUT", "/protectedItems/")) == 3


def test_an_update_of_a_policy_ends_before_its_vms_are_changed(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01", "web-02", "web-03")))
    declare_all(estate, select={"names": ["web-01", "web-02"]})
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    estate.forget()
    longer = policy(retention={"daily": {"days": 60}})
    stop = assignment("stop", select={"names": ["web-01"]}, protection="stopped")
    estate.declare("all", vault(), longer, assignment(select={"names": ["web-02", "web-03"]}), stop)
    told = cli("apply", *estate.sandboxed, "--auto-approve")
    assert told.status == 0, told.out
    first, *others = estate.writes()
    assert "/backupPolicies/" in first.path
    assert all((other.at - first.at).total_seconds() >= 45 for other in others), "its jobs take 45 seconds"
    assert len(others) == 2
    assert "nothing to do" in cli("plan", *estate.sandboxed).out


def test_a_vault_in_a_group_that_does_not_exist_is_refused_with_what_needs_it(estate: Estate, cli: Cli) -> None:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(resourceGroup="rg-nowhere"), policy(), assignment())
    planned = cli("plan", *estate.sandboxed)
    assert planned.status == 0
    assert "the resource group rg-nowhere does not exist [resource-group-missing]" in planned.text
    assert "Plan: nothing to do. 3 blocked." in planned.text
    applied = cli("apply", *estate.sandboxed, "--auto-approve")
    assert applied.status == 0
    assert estate.writes() == []
