"""What can be declared and is not acted on yet: it is told, nothing of it is carried out, the rest goes on."""

from typing import Any

import pytest

from tests.conftest import Cli, Estate, assignment, document, policy, vault, vms, world

OUTBOUND = document("OutboundAccess", "out", **{"for": {"assignments": ["production"]}, "method": "nsg"})


def found(estate: Estate, cli: Cli, *documents: dict[str, Any]) -> tuple[list[str], list[tuple[str, str]]]:
    """The verbs of the plan, and which rule each of its blocked addresses breaks."""
    estate.declare("all", *documents)
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    blocked = [
        (finding["rule"], finding["message"]) for finding in planned["findings"] if finding["severity"] == "blocked"
    ]
    return [action["verb"] for action in planned["actions"]], blocked


@pytest.fixture(autouse=True)
def unprotected(estate: Estate) -> None:
    estate.exists(**world(vms("web-01", "web-02")))


def test_outbound_access_is_told_and_left_alone(estate: Estate, cli: Cli) -> None:
    verbs, blocked = found(estate, cli, vault(), policy(), assignment(), OUTBOUND)
    assert verbs == ["createVault", "createPolicy", "protect", "protect"]
    assert blocked == [
        ("not-acted-on", "this version does not act on any OutboundAccess, so nothing of it is compared or carried out")
    ]


def test_tags_that_exist_or_do_not_are_selected_by(estate: Estate, cli: Cli) -> None:
    tagged = {**vms("web-01", tags={"env": "prod", "Keep": ""}), **vms("web-02", tags={"env": "prod"})}
    estate.exists(**world(tagged))
    keep = assignment("keep", select={"tags": {"keep": {"exists": True}}})
    estate.declare("all", vault(), policy(), keep, assignment("rest", select={"tags": {"KEEP": {"exists": False}}}))
    planned = cli("plan", *estate.sandboxed, "--format", "json").json
    protected = [(action["address"].rpartition("/")[2], action["source"]) for action in planned["actions"][2:]]
    assert [vm for vm, _ in protected] == ["web-01", "web-02"]
    assert len({source for _, source in protected}) == 2
