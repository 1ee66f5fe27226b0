"""What is taken away from Azure Firewall, and what is left there and told."""

from dataclasses import replace
from typing import Any

import pytest

from tests.unit.plan.firewalls import (
    CLASSIC,
    IN_POLICY,
    NETWORK_RULE,
    after,
    network_with,
    outbound,
    planned,
)


@pytest.mark.parametrize("where", [CLASSIC, IN_POLICY], ids=["classic", "policy"])
def test_an_absent_document_takes_away_what_was_written_for_it(where: dict[str, Any]) -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a", networkRule=NETWORK_RULE, **where), outbound("b", **where)))
    told = planned(there, outbound("a", state="absent", **where), outbound("b", **where))
    assert [one.name for one in told.action.removed] == [
        "backup-reconciler-a-application",
        "backup-reconciler-a-network",
    ]
    assert (told.action.written, told.opened) == ((), [])
    assert [(change.path, change.declared) for change in told.action.changes] == [
        ("a.applicationRule", None),
        ("a.networkRule", None),
    ]
    assert "backups that need what is taken away fail" in told.action.data_effect
    again = planned(after(there, told), outbound("a", state="absent", **where), outbound("b", **where))
    assert again.reasons == {"OutboundAccess/a": "nothing of it is there", "OutboundAccess/b": "it is as declared"}


def test_a_priority_that_is_taken_away_can_be_had_in_the_same_write() -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a", priority=300)))
    told = planned(there, outbound("a", state="absent"), outbound("b", priority=300))
    assert (told.numbers, len(told.action.removed)) == ({"b-application": 300}, 1)


def test_what_somebody_changed_is_not_taken_away() -> None:
    (ours,) = planned(network_with(), outbound("a")).action.written
    network = network_with(groups={"rcg": (300, [replace(ours, rules=(replace(ours.rules[0], sources=("*",)),))])})
    told = planned(network, outbound("a", state="absent"))
    message = "backup-reconciler-a-application in rule collection group rcg of fwp is not as it was written, "
    assert (told.actions, told.findings) == ([], [("owned-changed", "warning", f"{message}and is left there")])


def test_what_bears_another_mark_is_not_taken_away() -> None:
    (ours,) = planned(network_with(), outbound("b")).action.written
    network = network_with(groups={"rcg": (300, [replace(ours, name="Backup-Reconciler-A-Application")])})
    told = planned(network, outbound("a", state="absent"))
    assert told.finding("owned-name-taken").message == (
        "Backup-Reconciler-A-Application is in rule collection group rcg of fwp already, and bears the mark of b"
    )
    assert told.actions == []


def test_what_somebody_moved_is_taken_away_all_the_same() -> None:
    (ours,) = planned(network_with(), outbound("a")).action.written
    network = network_with(groups={"rcg": (300, [replace(ours, priority=700)])})
    assert [one.name for one in planned(network, outbound("a", state="absent")).action.removed] == [ours.name]


def test_what_no_document_wants_any_more_is_told_and_left_there() -> None:
    network = network_with()
    there = after(network, planned(network, outbound("a", networkRule=NETWORK_RULE), outbound("gone", **CLASSIC)))
    told = planned(there, outbound("a"))
    assert told.actions == []
    assert {finding[:2] for finding in told.findings} == {("owned-left", "info")}
    what = "nothing that is declared needs the rule collection backup-reconciler-"
    assert {one.address: one.message.removeprefix(what) for one in told.draft.findings} == {
        "OutboundAccess/gone": "gone-application of Azure Firewall fw",
        "OutboundAccess/a": "a-network of rule collection group rcg of fwp",
    }
