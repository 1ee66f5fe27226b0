"""What cannot be read is one clear error, and never an absence."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world

PROTECTED = {"rsv": {"location": "japaneast", "protectedItems": [{"vm": "rg-web/web-01", "policy": "DefaultPolicy"}]}}

READS = {
    "the vaults": "*/Microsoft.RecoveryServices/vaults",
    "a vault": "*/vaults/rsv",
    "the policies": "*/backupPolicies",
    "the items": "*/backupProtectedItems",
    "the VMs": "*/virtualMachines",
    "the graph": "/providers/Microsoft.ResourceGraph/resources",
}


@pytest.fixture
def declared(estate: Estate) -> Estate:
    estate.declare("all", vault(), policy(), assignment())
    return estate


def exists_with(estate: Estate, **fault: Any) -> None:
    estate.exists(**world(vms("web-01", "web-02"), PROTECTED, faults=[{"method": "*", **fault}]))


@pytest.mark.parametrize("path", [path for what, path in READS.items() if what != "the VMs"])
@pytest.mark.parametrize("verb", ["plan", "drift", "apply"])
def test_a_forbidden_read_ends_the_run(declared: Estate, cli: Cli, verb: str, path: str) -> None:
    exists_with(declared, path=path, status=403, code="AuthorizationFailed", message="no right to do that")
    consent = ["--auto-approve"] if verb == "apply" else []
    told = cli(verb, *declared.sandboxed, *consent)
    assert told.status == 1
    assert told.out == ""
    assert told.err.count("\n") == 1
    assert "403 AuthorizationFailed: no right to do that; grant this identity the missing action" in told.err
    assert declared.writes() == []


@pytest.mark.parametrize("path", READS.values(), ids=READS)
def test_a_read_that_keeps_failing_ends_the_run(declared: Estate, cli: Cli, path: str) -> None:
    exists_with(declared, path=path, status=503, code="ServiceUnavailable", message="try later")
    told = cli("plan", *declared.sandboxed)
    assert told.status == 1
    assert told.out == ""
    assert told.err.splitlines()[-1].startswith("error: ")
    assert "503 ServiceUnavailable: try later; Azure itself is failing here" in told.err.splitlines()[-1]


@pytest.mark.parametrize("path", READS.values(), ids=READS)
@pytest.mark.parametrize(
    "fault",
    [{"status": 503, "retryAfter": 7}, {"status": 500}, {"status": 429, "retryAfter": 17}, {"cut": "before"}],
    ids=lambda fault: "-".join(map(str, fault.values())),
)
def test_a_read_that_fails_twice_is_tried_again(declared: Estate, cli: Cli, path: str, fault: Any) -> None:
    exists_with(declared, path=path, times=2, **fault)
    told = cli("plan", *declared.sandboxed)
    assert told.status == 0, told.err
    assert "1 VM to protect" in told.out
    assert told.err.count("again in") == 2


def test_the_wait_is_what_the_service_asks_for(declared: Estate, cli: Cli) -> None:
    message = "Number of requests exceeded the limit of '150' for '01:00:00'. Please try again after '324' seconds."
    exists_with(
        declared, path="*/backupProtectedItems", status=429, code="ResourceRequestsThrottled", message=message, times=1
    )
    told = cli("plan", *declared.sandboxed)
    assert told.status == 0
    assert "429 ResourceRequestsThrottled; again in 324 s" in told.err
    first, second = declared.requests("GET", "backupProtectedItems")
    assert 324 <= (second.at - first.at).total_seconds() < 326


def test_wrong_credentials_are_one_sentence(declared: Estate, cli: Cli, monkeypatch: pytest.MonkeyPatch) -> None:
    declared.exists(**world())
    monkeypatch.setenv("AZURE_TOKEN_CREDENTIALS", "EnvironmentCredential")
    told = cli("plan", declared.manifests, "--arm-endpoint", "http://127.0.0.1:9")
    assert told.status == 1
    assert told.err.startswith("error: signing in to Azure: ")
    assert "sign in with 'az login'" in told.err
    assert told.err.count("\n") == 1


@pytest.mark.parametrize("endpoint", ["http://management.example.com", "ftp://x", "nonsense", "https://"])
def test_an_endpoint_that_cannot_be_is_refused(declared: Estate, cli: Cli, endpoint: str) -> None:
    told = cli("plan", declared.manifests, "--arm-endpoint", endpoint)
    assert told.status == 1
    assert told.err.startswith("error: ")
    assert "https" in told.err
