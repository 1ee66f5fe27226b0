"""Security rules in the text of a plan."""

import io
from dataclasses import replace
from typing import Any

from rich.console import Console

from backup_reconciler.plan.action import Change, CreateSecurityRule, DeleteSecurityRule
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.security_rules import RuleAction, write_security_rules
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.state.network.security_group import RuleSide, SecurityRule

_PLACE = Place("outbound.yaml", 2, 1)
_RULE = SecurityRule("ours", 300, "Outbound", allows=True, protocol="Tcp", source=RuleSide(), destination=RuleSide())


def _create(group: str, name: str, priority: int) -> CreateSecurityRule:
    changes = (Change("port", None, 443, _PLACE), Change("priority", None, priority, _PLACE))
    return CreateSecurityRule(**_common(group), changes=changes, rule=replace(_RULE, name=name, priority=priority))


def _common(group: str) -> dict[str, Any]:
    return {"group": ArmId(group), "address": f"{group}/x", "label": "x", "data_effect": "none", "place": _PLACE}


def _text(*actions: RuleAction) -> list[list[str]]:
    written = io.StringIO()
    write_security_rules(actions, Page(Console(file=written, width=100)))
    return [line.split() for line in written.getvalue().splitlines() if line]


def test_groups_that_get_the_same_rules_are_told_at_once_in_order_of_priority() -> None:
    text = _text(
        *(_create(group, "to-b", 301) for group in ("nsg-1", "nsg-2")),
        *(_create(group, "to-a", 300) for group in ("nsg-2", "nsg-1")),
        _create("nsg-3", "to-a", 250),
    )
    assert text == [
        ["create", "2", "security", "rules", "in", "2", "network", "security", "groups", "outbound.yaml:2"],
        ["nsg-1", "and", "nsg-2"],
        ["rule", "port", "priority"],
        ["to-a", "443", "300"],
        ["to-b", "443", "301"],
        ["recovery", "points:", "none"],
        ["create", "1", "security", "rule", "in", "nsg-3", "outbound.yaml:2"],
        ["rule", "port", "priority"],
        ["to-a", "443", "250"],
        ["recovery", "points:", "none"],
    ]


def test_of_rules_that_go_the_names_are_told() -> None:
    text = _text(DeleteSecurityRule(**_common("nsg-1"), changes=(), live=_RULE))
    assert text[1] == ["ours"]
