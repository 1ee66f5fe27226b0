"""What apply sends to create a vault, to protect and to stop carries what the recorded client sent."""

from typing import Any
from urllib.parse import unquote

from tests.conformance.recorded import recording
from tests.conftest import Cli, Estate, assignment, vault

SUBSCRIPTION = "00000000-0000-0000-0000-000000000000"
GROUP, VAULT, VM = "clitest.rg000001", "clitest-vault000002", "clitest-vm000003"


def normal(value: Any) -> Any:
    """ARM ids ignore letter case."""
    if isinstance(value, dict):
        return {name: normal(inner) for name, inner in value.items()}
    return value.casefold() if isinstance(value, str) and value.startswith("/") else value


def carries(sent: Any, recorded: Any) -> bool:
    if isinstance(recorded, dict):
        return isinstance(sent, dict) and all(carries(sent.get(name), inner) for name, inner in recorded.items())
    return bool(sent == recorded)


def recorded_write(number: int) -> tuple[str, str, Any]:
    exchange = recording("protection")[number]
    return exchange["method"], exchange["path"].casefold(), normal(exchange["request"])


def test_apply_sends_what_the_recorded_client_sent(estate: Estate, cli: Cli) -> None:
    expected = [recorded_write(0), recorded_write(16), recorded_write(21)]
    groups = {GROUP: {"location": "southeastasia", "virtualMachines": {VM: {"location": "southeastasia"}}}}
    estate.exists(era=2021, subscriptions={SUBSCRIPTION: {"resourceGroups": groups}})
    where = {"subscription": SUBSCRIPTION, "resourceGroup": GROUP, "location": "southeastasia"}
    estate.declare("vault", vault(VAULT, **where))
    protect = {"vault": VAULT, "policy": "DefaultPolicy", "select": {"names": [VM]}}
    estate.declare("vms", assignment("vms", **protect))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0
    estate.declare("vms", assignment("vms", **protect, protection="stopped"))
    assert cli("apply", *estate.sandboxed, "--auto-approve").status == 0

    sent = [(seen.method, unquote(seen.path).casefold(), normal(seen.request)) for seen in estate.writes()]
    assert [(method, path) for method, path, _ in sent] == [(method, path) for method, path, _ in expected]
    for (_, _, body), (_, _, recorded) in zip(sent, expected, strict=True):
        assert carries(body, recorded), f"{body} lacks part of {recorded}"
