"""Writing rule collections into a firewall while others write there too, and what is told where it goes wrong."""

from collections.abc import Callable
from copy import deepcopy
from dataclasses import replace
from typing import Any

import pytest

from backup_reconciler.azure.codec.network import firewall_policy, firewall_write
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.action import UpdateFirewall
from backup_reconciler.plan.outcome import Outcome, Status
from tests.unit.apply.test_overlay import run_alone
from tests.unit.fakes import Answer, Cut
from tests.unit.plan.firewalls import POLICY, RCG, network_with, outbound, planned

THEIRS = {
    "name": "theirs",
    "ruleCollectionType": "FirewallPolicyFilterRuleCollection",
    "priority": 200,
    "action": {"type": "Allow"},
    "rules": [],
}
LIVE = {
    "id": RCG.text,
    "name": "rcg",
    "etag": "W/1",
    "properties": {"provisioningState": "Succeeded", "size": "1 MB", "priority": 300, "ruleCollections": [THEIRS]},
}
BUSY = Answer(400, {"error": {"code": "FirewallPolicyUpdateNotAllowedWhenUpdatingOrDeleting", "message": "Wait."}})
STALE = Answer(412, {"error": {"code": "PreconditionFailed", "message": "The etag does not match."}})


def changed(arm: dict[str, Any], state: str = "Succeeded", **properties: Any) -> dict[str, Any]:
    """The group after a write: with another etag, and in another state."""
    etag = f"{arm['etag']}+"
    return {**arm, "etag": etag, "properties": {**arm["properties"], **properties, "provisioningState": state}}


def action() -> UpdateFirewall:
    network = network_with()
    live = firewall_policy.decode_group(LIVE)
    policy = network.firewall_policies[POLICY]
    there = replace(network, firewall_policies={POLICY: replace(policy, groups={RCG: live})})
    return planned(there, outbound("a")).action


class Azure:
    """A rule collection group; what happens to it when it is written, and before, is said by the test."""

    def __init__(self, *on_put: Callable[["Azure", dict[str, Any]], Answer]) -> None:
        self.live: dict[str, Any] | None = deepcopy(LIVE)
        self._on_put = list(on_put)
        self.looked: list[str] = []

    def __call__(self, request: ArmRequest) -> Answer:
        if request.method == "PUT":
            assert request.body is not None
            return self._on_put.pop(0)(self, dict(request.body))
        self.looked.append(request.path.rpartition("/")[2])
        if request.path == POLICY.text:
            return Answer(200, {"properties": {"provisioningState": "Succeeded"}})
        found, self.live = self.live, settled(self.live)
        return Answer(200, found) if found else Answer(404, {"error": {"code": "NotFound", "message": "Gone."}})

    def outcome(self) -> tuple[Outcome, list[ArmRequest]]:
        return run_alone(self, action())


def settled(arm: dict[str, Any] | None) -> dict[str, Any] | None:
    """What is there at the next look."""
    under_way = arm is not None and arm["properties"]["provisioningState"] == "Updating"
    return changed(arm) if arm is not None and under_way else arm


def take(azure: Azure, body: dict[str, Any]) -> Answer:
    assert azure.live is not None
    azure.live = changed(azure.live, "Updating", **body["properties"])
    return Answer(200, azure.live)


def refuse(_azure: Azure, _body: dict[str, Any]) -> Answer:
    return BUSY


def is_stale(_azure: Azure, _body: dict[str, Any]) -> Answer:
    return STALE


def pretend(_azure: Azure, _body: dict[str, Any]) -> Answer:
    return Answer(200, LIVE)


def test_it_is_written_once_in_the_version_that_was_read_right_before() -> None:
    azure = Azure(take)
    azure.live = changed(LIVE, "Updating")
    outcome, writes = azure.outcome()
    assert (outcome.status, len(writes)) == (Status.DONE, 1)
    assert writes[0].etag == "W/1++", "not the one that the plan was made from: nothing that is written has changed"
    assert writes[0].body is not None
    assert writes[0].body.keys() == {"properties"}
    assert writes[0].body["properties"].keys() == {"priority", "ruleCollections"}
    assert azure.looked == ["rcg", "rcg", "rcg", "rcg"]


def test_a_write_of_somebody_else_is_waited_for() -> None:
    azure = Azure(refuse, take)
    outcome, writes = azure.outcome()
    assert (outcome.status, len(writes)) == (Status.DONE, 2)
    assert azure.looked[:3] == ["rcg", "fwp", "rcg"], "another group of the policy may be what is written"


def test_a_policy_that_is_never_at_rest_is_told() -> None:
    outcome, _ = Azure(*[refuse] * 10).outcome()
    assert outcome.status is Status.FAILED
    assert outcome.detail.startswith("the firewall is still being changed by somebody else")


CHANGED = "somebody changed it since it was read; nothing was written"


@pytest.mark.parametrize("theirs", [{"priority": 400}, {"ruleCollections": []}, {"unheardOf": True}])
def test_what_somebody_wrote_since_it_was_read_is_not_undone(theirs: dict[str, Any]) -> None:
    azure = Azure()
    azure.live = changed(LIVE, **theirs)
    outcome, writes = azure.outcome()
    assert (outcome.status, outcome.detail, writes) == (Status.FAILED, CHANGED, [])


def test_what_somebody_wrote_while_it_was_barred_is_not_undone() -> None:
    def change(azure: Azure, _body: dict[str, Any]) -> Answer:
        azure.live = changed(LIVE, priority=400)
        return BUSY

    outcome, writes = Azure(change).outcome()
    assert (outcome.status, outcome.detail, len(writes)) == (Status.FAILED, CHANGED, 1)


def test_what_somebody_wrote_between_the_look_and_the_write_is_not_undone() -> None:
    def change(azure: Azure, _body: dict[str, Any]) -> Answer:
        azure.live = changed(LIVE, priority=400)
        return STALE

    outcome, writes = Azure(change).outcome()
    assert (outcome.status, outcome.detail, len(writes)) == (Status.FAILED, CHANGED, 1)


def test_a_newer_version_that_says_the_same_is_written_to() -> None:
    def touch(azure: Azure, _body: dict[str, Any]) -> Answer:
        azure.live = changed(LIVE)
        return STALE

    outcome, writes = Azure(touch, take).outcome()
    assert (outcome.status, [write.etag for write in writes]) == (Status.DONE, ["W/1", "W/1+"])


def test_an_answer_that_was_lost_is_looked_up() -> None:
    def lose(azure: Azure, body: dict[str, Any]) -> Answer:
        take(azure, body)
        return Cut()

    outcome, writes = Azure(lose, is_stale).outcome()
    assert (outcome.status, len(writes)) == (Status.DONE, 2), "the second meets the version that the first has made"


def test_what_is_as_wished_already_is_not_written() -> None:
    azure = Azure()
    azure.live = changed(LIVE, **firewall_write.encode(action().live, action().written, ())["properties"])
    outcome, writes = azure.outcome()
    assert (outcome.status, writes) == (Status.DONE, [])


def test_what_is_as_wished_and_failed_is_written_anew() -> None:
    azure = Azure(take)
    azure.live = changed(LIVE, "Failed", **firewall_write.encode(action().live, action().written, ())["properties"])
    outcome, writes = azure.outcome()
    assert (outcome.status, [write.etag for write in writes]) == (Status.DONE, ["W/1+"])


def test_a_group_that_is_gone_is_not_made_again() -> None:
    azure = Azure()
    azure.live = None
    outcome, writes = azure.outcome()
    assert (outcome.status, outcome.detail, writes) == (Status.FAILED, "it is not there any more", [])


def test_a_change_that_azure_fails_to_carry_out_is_a_failure() -> None:
    def fail(azure: Azure, body: dict[str, Any]) -> Answer:
        azure.live = changed(LIVE, "Failed", **body["properties"])
        return Answer(200, azure.live)

    outcome, _ = Azure(fail).outcome()
    assert outcome.status is Status.FAILED
    assert outcome.detail == "Azure took the change, and failed in carrying it out"
    assert outcome.remedy.startswith("look at the activity log of the firewall")


def test_a_change_that_does_not_come_true_is_a_failure() -> None:
    outcome, _ = Azure(pretend).outcome()
    assert outcome.status is Status.FAILED
    assert outcome.detail.startswith(
        "accepted, not applied: Azure took the change, and backup-reconciler-a-application "
    )


def test_what_is_lost_of_others_by_the_write_is_a_failure() -> None:
    def lose(azure: Azure, body: dict[str, Any]) -> Answer:
        ours = body["properties"]["ruleCollections"][1:]
        azure.live = changed(LIVE, ruleCollections=ours)
        return Answer(200, azure.live)

    outcome, _ = Azure(lose).outcome()
    assert outcome.status is Status.FAILED
    assert outcome.detail == "ours is as wished; what others wrote beside it is not as it was before"
