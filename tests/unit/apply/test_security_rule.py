"""Before a security rule is written it is read again, and afterwards until its group has settled."""

from copy import deepcopy
from dataclasses import replace
from typing import Any

from backup_reconciler.azure.codec.network import security_group, security_rule
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.plan.action import AnyAction, CreateSecurityRule, DeleteSecurityRule, UpdateSecurityRule
from backup_reconciler.plan.outcome import Status
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule
from tests.unit.apply.test_overlay import COMMON, run_alone
from tests.unit.fakes import Answer, Cut
from tests.unit.plan.networks import group_id

GROUP = group_id("nsg-web")
WISHED = SecurityRule(
    "ours", 999, "Outbound", True, "Tcp", RuleSide(("VirtualNetwork",)), RuleSide(("Storage",), ports=("80", "443")),
    "backup-reconciler web 0123456789abcdef",
)  # fmt: skip
AS_IT_WAS: dict[str, Any] = {
    "name": "ours",
    "properties": {
        **security_rule.encode(replace(WISHED, priority=998), {}),
        "provisioningState": "Succeeded",
        "destinationAddressPrefixes": [],
        "theirs": {"kept": True},
    },
}
LIVE = security_group.decode_rule(AS_IT_WAS)

CREATE = CreateSecurityRule(address="r", group=GROUP, rule=WISHED, **COMMON)
UPDATE = UpdateSecurityRule(address="r", group=GROUP, rule=WISHED, live=LIVE, **COMMON)
DELETE = DeleteSecurityRule(address="r", group=GROUP, live=LIVE, **COMMON)


class Group:
    """One network security group with one rule at most, which takes a look to settle after a write."""

    def __init__(self, rule: dict[str, Any] | None) -> None:
        self.rule = deepcopy(rule)
        self.state = "Succeeded"
        self.ends = "Succeeded"
        self.keeps = False
        """Whether it takes writes and does nothing."""

    def __call__(self, request: ArmRequest) -> Answer:
        if request.changes:
            self.state = "Updating"
            if not self.keeps:
                put = request.method == "PUT"
                self.rule = {"name": "ours", "properties": dict((request.body or {})["properties"])} if put else None
            return Answer(200)
        found = self._shown(request)
        self.state = self.ends
        return found

    def _shown(self, request: ArmRequest) -> Answer:
        rule = self.rule and {**self.rule, "properties": {**self.rule["properties"], "provisioningState": self.state}}
        if request.path == GROUP.text:
            held = {"securityRules": [rule] if rule else [], "provisioningState": self.state}
            return Answer(200, {"id": GROUP.text, "properties": held})
        return Answer(200, rule) if rule else Answer(404, {"error": {"code": "NotFound"}})


def outcome_of(action: AnyAction, azure: Group) -> tuple[Status, str, list[ArmRequest]]:
    outcome, writes = run_alone(azure, action)
    return outcome.status, outcome.detail, writes


def test_what_is_as_it_was_read_is_written_once_and_read_back() -> None:
    for action, found, method in ((CREATE, None, "PUT"), (UPDATE, AS_IT_WAS, "PUT"), (DELETE, AS_IT_WAS, "DELETE")):
        status, _, writes = outcome_of(action, Group(found))
        assert status is Status.DONE
        assert [(one.method, one.path) for one in writes] == [(method, f"{GROUP}/securityRules/ours")]


def test_what_nobody_here_knows_survives() -> None:
    _, _, (write,) = outcome_of(UPDATE, Group(AS_IT_WAS))
    assert write.body == {"properties": {**security_rule.encode(WISHED, {}), "theirs": {"kept": True}}}


def test_what_somebody_did_meanwhile_is_not_undone() -> None:
    other = {**AS_IT_WAS, "properties": {**AS_IT_WAS["properties"], "access": "Deny"}}
    for action, found, what in (
        (CREATE, other, "created"),
        (UPDATE, other, "changed"),
        (UPDATE, None, "removed"),
        (DELETE, other, "changed"),
    ):
        told = (Status.FAILED, f"somebody {what} it since it was read; nothing was sent", [])
        assert outcome_of(action, Group(found)) == told


def test_what_is_so_already_is_not_written_again() -> None:
    done = {"name": "OURS", "properties": security_rule.encode(WISHED, {})}
    assert outcome_of(CREATE, Group(done)) == (Status.DONE, "", [])
    assert outcome_of(UPDATE, Group(done)) == (Status.DONE, "", [])
    assert outcome_of(DELETE, Group(None)) == (Status.DONE, "", [])


def test_what_azure_took_and_did_not_do_is_a_failure_of_that_name() -> None:
    kept = Group(AS_IT_WAS)
    kept.keeps = True
    _, detail, _ = outcome_of(UPDATE, kept)
    assert detail == "accepted, not applied: Azure took the change, and priority still reads 998 instead of 999"
    none = Group(None)
    none.keeps = True
    _, detail, _ = outcome_of(CREATE, none)
    assert detail == "accepted, not applied: Azure took the change, and it is not there"
    _, detail, _ = outcome_of(DELETE, kept)
    assert detail == "accepted, not applied: Azure took the deletion, and it is still there"
    failing = Group(None)
    failing.ends = "Failed"
    assert outcome_of(CREATE, failing)[:2] == (Status.FAILED, "its provisioning state is Failed")


def test_a_write_is_of_the_version_that_was_looked_at_right_before() -> None:
    """Somebody changes something between the look and the write: of the rule itself, or of another one of its group."""
    for action in (UPDATE, DELETE):
        for change, status, sent in (({"priority": 997}, Status.FAILED, 1), ({}, Status.DONE, 2)):
            azure = Group({**AS_IT_WAS, "etag": "W/1"})
            stale = iter([{**AS_IT_WAS, "etag": "W/2", "properties": {**AS_IT_WAS["properties"], **change}}])

            def meanwhile(request: ArmRequest, azure: Group = azure, stale: Any = stale) -> Answer:
                if request.changes and (theirs := next(stale, None)):
                    azure.rule = theirs
                    return Answer(412, {"error": {"code": "PreconditionFailed", "message": "Not that etag."}})
                return azure(request)

            outcome, writes = run_alone(meanwhile, action)
            assert (outcome.status, len(writes)) == (status, sent)
            assert [write.etag for write in writes] == ["W/1", "W/2"][:sent]


def test_a_rule_that_azure_failed_to_carry_out_is_written_anew() -> None:
    failed = Group({"name": "ours", "properties": security_rule.encode(WISHED, {})})
    failed.state = "Failed"
    status, _, writes = outcome_of(CREATE, failed)
    assert (status, len(writes)) == (Status.DONE, 1)


def test_a_write_whose_answer_is_lost_is_looked_for() -> None:
    azure = Group(None)

    def cut(request: ArmRequest) -> Answer:
        answer = azure(request)
        return Cut() if request.changes else answer

    outcome, _ = run_alone(cut, CREATE)
    assert outcome.status is Status.DONE


def test_a_write_whose_answer_is_lost_and_that_is_not_seen_is_in_doubt() -> None:
    azure = Group(None)

    def cut(request: ArmRequest) -> Answer:
        if not request.changes:
            return azure(request)
        azure.rule = {"name": "ours", "properties": security_rule.encode(replace(WISHED, priority=300), {})}
        return Cut()

    outcome, _ = run_alone(cut, CREATE)
    assert outcome.status is Status.UNKNOWN
    assert "nothing was sent" not in outcome.detail


def test_a_priority_that_somebody_took_meanwhile_is_explained() -> None:
    def refusing(request: ArmRequest) -> Answer:
        error = {"code": "SecurityRuleConflict", "message": "Rules cannot have the same Priority and Direction."}
        return Answer(400, {"error": error}) if request.changes else Answer(404, {"error": {"code": "NotFound"}})

    outcome, _ = run_alone(refusing, CREATE)
    assert outcome.detail.startswith("another rule of the network security group has this priority now")
    assert outcome.remedy.startswith("run again")
