"""Priorities of the rules that are written into a network security group, and what is said where there is none."""

from dataclasses import replace

import pytest

from backup_reconciler.plan.network.flow import Flow, Space
from backup_reconciler.plan.outbound.nsg.priority import (
    Beaten,
    Choice,
    Chosen,
    NoRoom,
    StatedTwice,
    Taken,
    WantedRule,
    choose,
)
from backup_reconciler.plan.outbound.nsg.stopping import stopped_by
from backup_reconciler.plan.outbound.ownership import Mark
from backup_reconciler.state.network.security_group import RuleSide, SecurityGroup, SecurityRule
from tests.property.security_groups import DEFAULTS, GROUP

ANYWHERE = RuleSide(("*",))
SPACE = Space(("10.0.0.0/16",))


def rule(priority: int, access: str = "Deny", name: str = "", *, description: str = "") -> SecurityRule:
    allows = access == "Allow"
    return SecurityRule(
        name or f"{access}-{priority}", priority, "Outbound", allows, "*", ANYWHERE, ANYWHERE, description
    )


def ours(name: str, priority: int, access: str = "Allow") -> SecurityRule:
    return rule(priority, access, name, description=str(Mark.of("a", {})))


def wanted(name: str, *stopped: SecurityRule, stated: int | None = None, document: str = "a") -> WantedRule:
    return WantedRule(name, f"OutboundAccess/{document}", stopped, stated)


def priorities(*rules: SecurityRule, want: list[WantedRule], leaving: tuple[str, ...] = ()) -> dict[str, Choice]:
    return dict(choose(SecurityGroup(GROUP, "japaneast", (*rules, *DEFAULTS)), want, leaving))


DENY_ALL = rule(1000)


def test_the_rules_of_a_document_ascend_before_the_rule_that_stops_them() -> None:
    want = [wanted("backup", DENY_ALL), wanted("storage", DENY_ALL), wanted("entra", DENY_ALL)]
    assert priorities(DENY_ALL, rule(998, "Allow"), want=want) == {
        "backup": Chosen(996),
        "storage": Chosen(997),
        "entra": Chosen(999),
    }


def test_documents_share_the_numbers_in_the_order_of_their_handles() -> None:
    want = [wanted("two", DENY_ALL, document="b"), wanted("one", DENY_ALL, document="a")]
    assert priorities(DENY_ALL, want=want) == {"one": Chosen(998), "two": Chosen(999)}


def test_a_rule_that_is_there_stays_unless_somebody_denies_the_traffic_before_it() -> None:
    there, early = ours("storage", 500), rule(400)
    assert priorities(there, DENY_ALL, want=[wanted("STORAGE", DENY_ALL)]) == {"STORAGE": Chosen(500)}
    assert priorities(there, early, want=[wanted("storage", early)]) == {"storage": Chosen(399)}


def test_what_nothing_stops_gets_the_last_number() -> None:
    assert priorities(want=[wanted("storage")]) == {"storage": Chosen(4096)}


def test_inbound_rules_have_numbers_of_their_own() -> None:
    inbound = replace(DENY_ALL, direction="Inbound")
    want = [wanted("out", DENY_ALL, stated=300), replace(wanted("in", inbound, stated=300), direction="Inbound")]
    assert priorities(DENY_ALL, inbound, want=want) == {"out": Chosen(300), "in": Chosen(300)}


def test_without_room_the_rules_in_the_way_are_named() -> None:
    first, second = rule(100, "Allow"), rule(101)
    assert priorities(first, second, DENY_ALL, want=[wanted("storage", second, DENY_ALL)]) == {
        "storage": NoRoom((first, second))
    }


def test_a_stated_priority_is_taken_as_it_is_or_refused_with_the_rule_that_has_it() -> None:
    holder = rule(201, "Allow")
    want = [wanted("backup", DENY_ALL, stated=200), wanted("storage", DENY_ALL, stated=201)]
    assert priorities(holder, DENY_ALL, want=want) == {"backup": Chosen(200), "storage": Taken(201, holder)}


def test_a_stated_priority_that_a_deny_beats_is_refused_with_that_rule() -> None:
    early = rule(150)
    assert priorities(early, DENY_ALL, want=[wanted("storage", early, DENY_ALL, stated=200)]) == {
        "storage": Beaten(200, (early,))
    }


def test_the_number_of_a_deny_cannot_be_stated() -> None:
    assert priorities(DENY_ALL, want=[wanted("storage", DENY_ALL, stated=1000)]) == {"storage": Taken(1000, DENY_ALL)}


def test_one_priority_stated_by_two_documents_is_refused_with_both() -> None:
    want = [wanted("two", DENY_ALL, stated=200, document="b"), wanted("one", DENY_ALL, stated=200, document="a")]
    twice = StatedTwice(200, ("OutboundAccess/a", "OutboundAccess/b"))
    assert priorities(DENY_ALL, want=want) == {"one": twice, "two": twice}


def test_rules_that_move_up_by_one_move_one_after_the_other() -> None:
    there = [ours("backup", 200), ours("storage", 201)]
    want = [wanted("backup", DENY_ALL, stated=201), wanted("storage", DENY_ALL, stated=202)]
    assert priorities(*there, DENY_ALL, want=want) == {"backup": Chosen(201, after="storage"), "storage": Chosen(202)}


def test_two_rules_cannot_change_places() -> None:
    backup, storage = ours("backup", 200), ours("storage", 201)
    want = [wanted("storage", DENY_ALL, stated=200), wanted("backup", DENY_ALL, stated=201)]
    assert priorities(backup, storage, DENY_ALL, want=want) == {
        "storage": Taken(200, backup),
        "backup": Taken(201, storage),
    }


def test_a_stated_priority_moves_the_rule_of_ours_that_was_given_it_by_choice() -> None:
    there = ours("storage", 999)
    want = [wanted("storage", DENY_ALL), wanted("other", DENY_ALL, stated=999, document="b")]
    assert priorities(there, DENY_ALL, want=want) == {"storage": Chosen(998), "other": Chosen(999, after="storage")}


def test_a_stated_priority_that_is_refused_moves_nobody() -> None:
    there, early = ours("storage", 999), rule(500)
    want = [wanted("storage", DENY_ALL), wanted("other", early, stated=999, document="b")]
    assert priorities(there, early, DENY_ALL, want=want) == {"storage": Chosen(999), "other": Beaten(999, (early,))}
    assert priorities(early, DENY_ALL, want=want)["storage"] == Chosen(998), "it may be free to be stated tomorrow"


def test_a_rule_of_ours_without_another_place_keeps_what_another_document_states() -> None:
    there, deny = ours("storage", 100), rule(101)
    want = [wanted("storage", deny), wanted("other", deny, stated=100, document="b")]
    assert priorities(there, deny, want=want) == {"storage": Chosen(100), "other": Taken(100, there)}


def test_the_priority_of_a_rule_that_is_deleted_can_be_stated_but_is_not_chosen() -> None:
    old = ours("old", 999)
    assert priorities(old, DENY_ALL, want=[wanted("new", DENY_ALL, stated=999)], leaving=("OLD",)) == {
        "new": Chosen(999, after="old")
    }
    assert priorities(old, DENY_ALL, want=[wanted("new", DENY_ALL)], leaving=("old",)) == {"new": Chosen(998)}
    assert priorities(old, DENY_ALL, want=[wanted("new", DENY_ALL, stated=999)]) == {"new": Taken(999, old)}


@pytest.mark.parametrize(
    ("first", "stopping"),
    [
        (rule(100, "Allow", "theirs"), []),
        (ours("ours", 100), ["Deny-1000"]),
        (ours("changed", 100, "Deny"), ["changed"]),
        (rule(100, "Deny", "rewritten"), ["Deny-1000"]),
    ],
)
def test_traffic_is_judged_without_what_we_open_or_write_anew(first: SecurityRule, stopping: list[str]) -> None:
    group = SecurityGroup(GROUP, "japaneast", (first, DENY_ALL, *DEFAULTS))
    flows = [(Flow("10.0.0.4", tag, 443), SPACE) for tag in ("Storage", "AzureBackup")]
    assert [each.name for each in stopped_by(group, flows, ["Rewritten"])] == stopping
