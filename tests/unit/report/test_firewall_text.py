"""Azure Firewall in the text of a plan."""

import io
from typing import Any

from rich.console import Console

from backup_reconciler.plan.action import Change, UpdateFirewall
from backup_reconciler.report.text.page import Page
from backup_reconciler.report.text.plan import write_action
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place
from backup_reconciler.state.network.firewall import RuleCollectionGroup

_PLACE = Place("outbound.yaml", 2, 1)
_RULES = {"AzureBackup": {"sources": ["10.0.4.0/24", "10.0.5.0/24"], "fqdnTags": ["AzureBackup"]}}


def _text(path: str, found: Any, declared: Any) -> list[str]:
    action = UpdateFirewall(
        address="x",
        label="Azure Firewall fw",
        changes=(Change(path, found, declared, _PLACE),),
        data_effect="none",
        place=_PLACE,
        live=RuleCollectionGroup(ArmId("/x"), 100, ()),
        written=(),
        removed=(),
    )
    written = io.StringIO()
    write_action(action, Page(Console(file=written, width=100)))
    _, *changes, _ = written.getvalue().splitlines()
    return [line[10:] for line in changes]


def test_a_new_rule_collection_is_told_field_by_field() -> None:
    assert _text("data.applicationRule", None, {"priority": 1000, "rules": _RULES}) == [
        "data.applicationRule",
        "  priority            1000",
        "  rules",
        "    AzureBackup",
        "      sources         10.0.4.0/24, 10.0.5.0/24",
        "      fqdnTags        AzureBackup",
    ]


def test_of_a_rule_collection_that_is_taken_away_stands_what_it_said() -> None:
    assert _text("data.networkRule", {"priority": 999, "rules": _RULES}, None) == [
        "data.networkRule  removed",
        "  priority        999",
        "  rules",
        "    AzureBackup",
        "      sources     10.0.4.0/24, 10.0.5.0/24",
        "      fqdnTags    AzureBackup",
    ]


def test_a_field_that_changes_is_told_with_what_it_was() -> None:
    path = "data.applicationRule.priority"
    assert _text(path, 1000, 200) == [f"{path}  1000 → 200"]
    path = "data.applicationRule.rules.AzureBackup.webCategories"
    assert _text(path, ["News"], None) == [f"{path}  News → —"]
