"""The pages of the language tell all of it, and nothing that is not so."""

import importlib
import pkgutil
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from backup_reconciler import manifest
from backup_reconciler.manifest.shape.fields import fields_at
from backup_reconciler.report.language import table as language_table
from backup_reconciler.report.language.links import anchor
from backup_reconciler.report.language.page import kind_page
from backup_reconciler.spec.document import KINDS, FieldPath
from backup_reconciler.spec.rules import CATALOGUE, Rule
from docs.generate import LANGUAGE, pages, rules_of_fields
from tests.conftest import Cli
from tests.pages import PAGES, ROOT, manifests_shown

PAGE_OF = {kind: page for kind in KINDS for page in LANGUAGE.glob("*.md") if page.read_text().startswith(f"# {kind}\n")}


def test_generated_pages_are_fresh() -> None:
    stale = [path.name for path, text in pages().items() if path.read_text() != text]
    assert stale == [], "run `make generated`"


def test_every_kind_has_a_page() -> None:
    assert PAGE_OF.keys() == KINDS.keys()


@pytest.mark.parametrize("kind", KINDS)
def test_every_field_is_on_the_page_of_its_kind(kind: str) -> None:
    rows = set(re.findall(r"^\| `(\w+)`", PAGE_OF[kind].read_text(), re.MULTILINE))
    assert {path[-1] for path in _fields(kind, ())} == rows


def _fields(kind: str, around: FieldPath) -> Iterator[FieldPath]:
    for name in fields_at(KINDS[kind], around):
        yield (*around, name)
        yield from _fields(kind, (*around, name))


def test_every_rule_of_the_validator_is_linked_from_a_page() -> None:
    modules = pkgutil.walk_packages(manifest.__path__, f"{manifest.__name__}.")
    enforced = {
        value.id
        for module in modules
        for value in vars(importlib.import_module(module.name)).values()
        if isinstance(value, Rule)
    }
    linked = {rule for page in LANGUAGE.glob("*.md") for rule in re.findall(r"rules\.md#([\w-]+)", page.read_text())}
    assert enforced - linked == set()
    assert linked <= CATALOGUE.keys()


def test_a_field_names_the_rules_that_messages_about_it_name() -> None:
    rules = rules_of_fields()
    assert [rule.id for rule in rules["Vault"]["spec", "resourceGroup"]] == ["resource-group-name"]
    assert "schedule-time" in {rule.id for rule in rules["BackupPolicy"]["spec", "schedule", "time"]}
    (row,) = re.findall(r"^\| `resourceGroup` .*$", PAGE_OF["Vault"].read_text(), re.MULTILINE)
    assert "Rules: [resource-group-name](../rules.md#resource-group-name)." in row


def test_a_bar_in_a_description_does_not_break_its_row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language_table, "meaning_of", lambda _: "this|that")
    assert "| `strict` | `true` or `false` | this\\|that |" in kind_page("Settings", {})


@pytest.mark.parametrize(("where", "block"), list(manifests_shown()))
def test_manifests_in_the_documentation_are_valid(cli: Cli, tmp_path: Path, where: str, block: str) -> None:
    """By themselves; what a block refers to may stand in another."""
    file = tmp_path / ("backup-reconciler.yaml" if "\nkind: Settings\n" in block else "block.yaml")
    file.write_text(block)
    told = cli("validate", file, "--as-of", "2026-01-31")
    assert [line for line in told.err.splitlines() if not line.endswith("[unknown-reference]")] == []


def test_the_index_names_every_page() -> None:
    """Of the sandbox and of the verbs it names the page that names the others."""
    docs = ROOT / "docs"
    pages = {str(page.relative_to(docs)) for page in docs.rglob("*.md")} - {"README.md"}
    links = re.findall(r"\]\(([^)#:]+)\)", (docs / "README.md").read_text())
    named = set(links)
    assert {page for page in pages - named if not page.startswith(("sandbox/", "verbs/"))} == set()
    assert len(links) == len(named), "once each"
    assert {"sandbox/README.md", "verbs/README.md"} <= named


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_a_link_into_a_page_leads_to_a_heading(page: Path) -> None:
    for target, fragment in re.findall(r"\]\(([^)#:]*)(#[^)]+)\)", page.read_text()):
        text = (page.parent / target).read_text() if target else page.read_text()
        headings = re.findall(r"^#+ (.*)$", text, re.MULTILINE)
        assert fragment in map(anchor, headings), f"{target}{fragment}"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_tables_have_whole_rows(page: Path) -> None:
    for table in re.findall(r"(?:^\|.*\n)+", page.read_text(), re.MULTILINE):
        assert len({len(re.findall(r"(?<!\\)\|", row)) for row in table.splitlines()}) == 1, table
