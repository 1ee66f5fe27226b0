"""Rules that earlier runs wrote into network security groups: kept, put right, left and taken away."""

from dataclasses import replace
from datetime import date
from typing import Any

from backup_reconciler.plan.action import CreateSecurityRule, DeleteSecurityRule
from backup_reconciler.plan.draft import Draft
from backup_reconciler.plan.outbound.nsg.standing import tell_undeclared
from backup_reconciler.plan.outbound.planning import plan_outbound
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Manifests
from backup_reconciler.state.network.network import Network
from backup_reconciler.state.snapshot import Snapshot
from tests.unit.plan.networks import (
    DENY_ALL,
    RG,
    group,
    group_id,
    network,
    outbound,
)
from tests.unit.plan.nsg_plans import NAME, ONE_VM, STORAGE, changed, ours, plan, written


def opened(**nsg: Any) -> Network:
    return written(network(group("nsg-web", DENY_ALL), interfaces=ONE_VM), outbound(nsg=STORAGE | nsg))


def test_a_rule_of_ours_that_somebody_changed_is_put_right() -> None:
    found = changed(opened(), NAME, allows=False, description=f"temporarily! {ours(opened(), NAME).description}")
    planned = plan(found, outbound(nsg=STORAGE))
    (action,) = planned.draft.actions.values()
    assert [(one.path, one.found, one.declared) for one in action.changes] == [("access", "Deny", "Allow")]
    assert written(found, outbound(nsg=STORAGE)) == opened()
    without_denial = replace(found, security_groups={
        id_: replace(one, rules=tuple(each for each in one.rules if each != DENY_ALL))
        for id_, one in found.security_groups.items()
    })  # fmt: skip
    assert len(plan(without_denial, outbound(nsg=STORAGE)).rules) == 1, "now it is what stops the traffic"


def test_a_rule_of_ours_that_somebody_moved_stays_where_it_is_as_long_as_that_is_good() -> None:
    moved = changed(opened(), NAME, priority=500)
    assert plan(moved, outbound(nsg=STORAGE)).same == ["it is as declared"]
    too_late = changed(opened(), NAME, priority=1001)
    assert list(plan(too_late, outbound(nsg=STORAGE)).rules.values()) == [("Storage.japaneast", 443, 999)]
    assert list(plan(moved, outbound(nsg=STORAGE | {"priority": 300})).rules.values()) == [
        ("Storage.japaneast", 443, 300)
    ]


def test_the_mark_of_what_it_said_before_is_renewed() -> None:
    old = f"backup-reconciler web {'0' * 16}"
    (action,) = plan(changed(opened(), NAME, description=old), outbound(nsg=STORAGE)).draft.actions.values()
    (change,) = action.changes
    assert (change.path, change.found, change.declared) == ("description", old, ours(opened(), NAME).description)


def test_a_rule_of_ours_that_nothing_needs_any_more_is_left_and_told() -> None:
    here = opened().security_groups[group_id("nsg-web")]
    without_denial = replace(here, rules=tuple(one for one in here.rules if one != DENY_ALL))
    found = replace(opened(), security_groups={here.id: without_denial})
    assert plan(found, outbound(nsg=STORAGE)).same == [
        "nothing else there stops the traffic any more; the rule is left"
    ]
    planned = plan(opened(), outbound(nsg={"destinations": ["AzureBackup"]}))
    assert planned.findings == [
        ("info", "owned-left", f"nothing that it declares needs security rule {NAME} in nsg-web")
    ]
    draft = Draft(date.min)
    tell_undeclared(["WEB"], opened(), draft)
    assert draft.findings == []
    tell_undeclared(["other"], opened(), draft)
    (finding,) = draft.findings
    assert (finding.label, finding.message) == (
        "OutboundAccess/web",
        f"it declares no security rules here, and wrote security rule {NAME} in nsg-web",
    )
    assert finding.resources == (ArmId(f"{RG}/Microsoft.Network/networkSecurityGroups/nsg-web/securityRules/{NAME}"),)


def test_the_rules_of_a_document_that_writes_none_any_more_are_told() -> None:
    """Its handle is declared, with a method that has nothing to do with security rules."""
    target = {"firewallPolicy": f"{RG}/Microsoft.Network/firewallPolicies/fwp", "ruleCollectionGroup": "rcg"}
    declared = Manifests(outbound=(outbound(method="firewall", firewall=target),))
    draft = Draft(date.min)
    plan_outbound(declared, Snapshot(network=opened()), draft)
    message = f"it declares no security rules here, and wrote security rule {NAME} in nsg-web"
    assert message in [finding.message for finding in draft.findings]


def test_stated_priorities_are_handed_on_in_an_order_that_azure_takes() -> None:
    tags = ["AzureBackup", "Storage", "AzureActiveDirectory"]
    at_200 = outbound(nsg={"destinations": tags, "priority": 200})
    found = written(network(group("nsg-web", DENY_ALL), interfaces=ONE_VM), at_200)
    planned = plan(found, outbound(nsg={"destinations": tags, "priority": 201}))
    assert [name.rpartition("-")[2] for name in planned.rules] == tags[::-1]
    assert [len(action.depends_on) for action in planned.draft.actions.values()] == [0, 1, 1]
    other = outbound("other", nsg={"destinations": tags[:1], "priority": 200})
    planned = plan(found, outbound(state="absent"), other)
    (created,) = (one for one in planned.draft.actions.values() if isinstance(one, CreateSecurityRule))
    assert created.depends_on == (
        f"deleteSecurityRule:SecurityRule/s/rg/nsg-web/backup-reconciler-web-{tags[0].lower()}",
    )


def test_rules_go_when_those_are_there_that_take_their_place() -> None:
    planned = plan(opened(), outbound(state="absent"), outbound("other", nsg=STORAGE))
    created, deleted = sorted(planned.draft.actions.values(), key=lambda action: action.verb)
    assert (created.verb, created.depends_on) == ("createSecurityRule", ())
    assert (deleted.verb, deleted.depends_on) == ("deleteSecurityRule", (created.id,))


def test_absent_takes_away_what_is_as_it_was_written() -> None:
    planned = plan(changed(opened(), NAME, priority=500), outbound(state="absent"))
    (action,) = planned.draft.actions.values()
    assert isinstance(action, DeleteSecurityRule)
    assert plan(planned.carried_out(), outbound(state="absent")).same == ["nothing of it is there"]
    planned = plan(changed(opened(), NAME, protocol="*"), outbound(state="absent"))
    message = "somebody changed it since it was written, so it is left"
    assert (planned.findings, planned.draft.actions) == ([("warning", "owned-changed", message)], {})


def test_a_copy_of_a_rule_of_ours_under_another_name_is_somebodys() -> None:
    here = opened().security_groups[group_id("nsg-web")]
    copy = replace(ours(opened(), NAME), name="Allow_Storage", priority=4000)
    found = replace(opened(), security_groups={here.id: replace(here, rules=(*here.rules, copy))})
    planned = plan(found, outbound(state="absent"))
    assert [action.address.rpartition("/")[2] for action in planned.draft.actions.values()] == [NAME.lower()]
