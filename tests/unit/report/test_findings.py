"""Findings that say the same of several VMs are told once."""

from pathlib import Path

from backup_reconciler.plan.finding import Finding, Severity
from backup_reconciler.report.findings import by_message
from backup_reconciler.report.text.table import table
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules.protection import VM_REGION


def finding(label: str, message: str = "far", line: int = 1) -> Finding:
    return Finding(VM_REGION, Severity.BLOCKED, label, label, message, Place(Path("all.yaml"), line, 1))


def told(*findings: Finding) -> list[tuple[str, list[str], int | None]]:
    return [(same.title, same.names, same.place.line if same.place else None) for same in by_message(findings)]


def test_vms_of_one_vault_and_one_line() -> None:
    assert told(finding("VM a in rsv"), finding("VM rg/b in rsv")) == [("2 VMs in rsv", ["a", "rg/b"], 1)]


def test_vms_of_several_vaults_and_lines() -> None:
    assert told(finding("VM a in one"), finding("VM b in two", line=2)) == [("2 VMs", ["a", "b"], None)]


def test_what_differs_or_is_no_vm_stays_by_itself() -> None:
    assert told(finding("VM a in rsv"), finding("VM b in rsv", "near")) == [
        ("VM a in rsv", [], 1),
        ("VM b in rsv", [], 1),
    ]
    assert told(finding("vault a"), finding("VM b in rsv")) == [("vault a", [], 1), ("VM b in rsv", [], 1)]


def test_a_table_breaks_no_word_and_takes_the_room_there_is() -> None:
    path = f"/subscriptions/{'x' * 60}"
    (first, second) = table([(["one"], [f"see {path} there", "fix: it"]), (["other\x1b"], [""])], 30, 4)
    assert first == ["one   see", f"      {path}", "      there", "      fix: it"]
    assert second == ["other\\x1b"]


def test_one_script_in_several_vms() -> None:
    assert told(finding("script ours in a"), finding("script ours in b")) == [("script ours in 2 VMs", ["a", "b"], 1)]
