"""Manifests before and after formatting: `cases/NAME.yaml` becomes `cases/NAME.formatted.yaml`."""

import re
from datetime import date
from pathlib import Path

import pytest

from backup_reconciler.manifest.formatting import text as formatting
from backup_reconciler.manifest.formatting.text import format_text
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.starting_point import STARTING_POINTS, starting_point
from tests.pages import ROOT, manifests_shown

CASES = Path(__file__).parent / "cases"
NAMES = sorted(path.stem for path in CASES.glob("*.yaml") if not path.stem.endswith(".formatted"))


def formatted(text: str) -> str:
    found = format_text(text, "a.yaml")
    assert isinstance(found, str), found
    return found


def test_a_block_of_text_that_ends_in_another_line_break_gets_quotes_where_it_needs_them() -> None:
    assert formatted("a: |-\n  t\u2028\nb: |-\n  23:00\u2028\n") == 'a: t\nb: "23:00"\n'


@pytest.mark.parametrize("name", NAMES)
def test_case(name: str) -> None:
    expected = (CASES / f"{name}.formatted.yaml").read_text(encoding="utf-8")
    assert formatted((CASES / f"{name}.yaml").read_text(encoding="utf-8")) == expected
    assert formatted(expected) == expected, "formatting again changes it"


@pytest.mark.parametrize("text", ["", "\n \n", "\r\n"])
def test_what_holds_nothing_becomes_empty(text: str) -> None:
    assert formatted(text) == ""


@pytest.mark.parametrize("end", ["\r\n", "\r", "\x85"])
def test_lines_end_in_one_way(end: str) -> None:
    lines = ["kind: Vault  # a kind", "# above spec", "spec: {name: a}", "text: |", "  one", "", "  two"]
    assert formatted(end.join([*lines, ""])) == "\n".join([*lines, ""])


def test_what_some_readers_take_for_the_end_of_a_line_is_written_as_an_escape() -> None:
    assert formatted("a: x\u2028  y\n") == 'a: "x\\u2028y"\n'
    assert formatted("a: |  # why\n  x\u2028  y\n") == 'a: "x\\u2028y\\n"  # why\n'
    assert formatted("# one\u2028# two\na: 1") == "# one\n# two\na: 1\n"


def test_a_result_that_would_mean_something_else_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    for wrong in ("a: 1\n", "a: 2\n# c\n", "a: '1'\n# c\n", "a: 1\nb: 2\n# c\n", "a: [1]\n# c\n", "a: [\n", "# c\n"):
        monkeypatch.setattr(formatting, "printed", lambda _, wrong=wrong: wrong)
        found = format_text("a: 1\n# c\n", "a.yaml")
        assert isinstance(found, list)
        assert "\n".join(map(str, found)) == (
            "a.yaml:1:1: formatted it would mean something else; the file was left as it was; please report it, "
            "because this is a mistake of backup-reconciler itself [format-keeps-meaning]"
        )


def test_an_alias_that_would_stand_for_something_else_is_noticed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(formatting, "printed", lambda _: "a: &x 1\nc: &x 2\nb: *x\n")
    assert isinstance(format_text("a: &x 1\nb: *x\nc: &x 2\n", "a.yaml"), list)


def test_what_is_no_yaml_is_told_as_validate_tells_it() -> None:
    (problem,) = format_text("a: [1\n", "a.yaml")
    assert isinstance(problem, Problem)
    assert str(problem).startswith("a.yaml:2:1: the list that [ opens goes on")


@pytest.mark.parametrize("path", sorted((ROOT / "manifests").rglob("*.yaml")), ids=lambda path: path.name)
def test_the_manifests_of_this_repository_are_formatted(path: Path) -> None:
    if not path.name.endswith(".world.yaml"):
        text = path.read_text(encoding="utf-8")
        assert formatted(text) == text


def test_the_page_on_formatting_shows_what_becomes_of_its_example() -> None:
    page = (ROOT / "docs" / "formatting.md").read_text(encoding="utf-8")
    before, after = re.findall(r"```(?:yaml)?\n(# Vaults.*?)```", page, re.DOTALL)
    assert formatted(before) == after


@pytest.mark.parametrize("kind", STARTING_POINTS)
def test_starting_points_are_formatted(kind: str) -> None:
    text = starting_point(kind, None, date(2027, 1, 15))
    assert formatted(text) == text


@pytest.mark.parametrize(("where", "block"), list(manifests_shown()))
def test_the_documented_manifests_are_formatted(where: str, block: str) -> None:
    assert formatted(block) == block
