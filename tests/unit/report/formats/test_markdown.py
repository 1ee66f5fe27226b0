"""Markdown for a comment: foreign text never acts, folds are closed, and what does not fit is counted."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.plan.action import Change
from backup_reconciler.report.markdown.cells import moved_fields
from backup_reconciler.report.markdown.escape import code, prose
from backup_reconciler.report.markdown.page import Section, written
from backup_reconciler.report.words import visible
from backup_reconciler.spec.document import Place
from tests.unit.report.formats.tables import broken_rows, shown, tokens

HOSTILE = [
    "<script>alert(1)</script>",
    "a | b",
    "`tick`",
    "``two`` `",
    "@octocat look at #1",
    "</details>",
    "![x](http://evil.example/x.png)",
    "[click](http://evil.example)",
    "**bold** _it_ ~~gone~~",
    "line\nbreak",
    "\u202egnp.exe",
    "\\",
    "\\|",
    "&lt;&amp;",
    "!1 ~bug %9.9 $3 ^4 &5 GH-6",
    " ",
    "",
]


@pytest.mark.parametrize("text", HOSTILE)
@pytest.mark.parametrize("write", [prose, code])
def test_hostile_text_is_shown_as_it_is_and_does_nothing(text: str, write: object) -> None:
    assert callable(write)
    page = f"| a | b |\n| --- | --- |\n| {write(text)} | end |\n"
    assert broken_rows(page) == []
    cell = "".join(
        one.content for token in tokens(page) for one in token.children or () if one.type in {"text", "code_inline"}
    )
    assert cell.removeprefix("ab").removesuffix("end").strip() == visible(text).strip()
    kinds = {one.type for token in tokens(page) for one in token.children or ()}
    assert kinds <= {"text", "code_inline", "html_inline"}
    inline = [one.content for token in tokens(page) for one in token.children or () if one.type == "html_inline"]
    assert set(inline) <= {"<!-- -->"}


REFERENCES = ["@octocat", "x@octocat", "#12", "org/repo#12", "gh-6", "!1", "~bug", "%9", "$3", "^alert", "&5"]


@pytest.mark.parametrize("text", [*REFERENCES, "http://evil.example", "www.evil.example"])
def test_nothing_is_mentioned_or_linked_in_prose(text: str) -> None:
    """Code hosts look for these in the text between tags, and do not look into code."""
    for piece in prose(text).split("<!-- -->"):
        assert not re.search(r"(?:[@#!~%$^]|&amp;)\w|://|www\.|gh-\d", piece.casefold())


@given(st.text(max_size=40))
def test_any_text_is_one_cell(text: str) -> None:
    for write in (prose, code):
        assert broken_rows(f"| a | b |\n| --- | --- |\n| {write(text)} | end |\n") == []


def section(title: str, rows: int, *, important: bool = False, width: int = 10) -> Section:
    return Section(title, rows, ("what", "why"), [(code(f"vm-{n:05}"), "x" * width) for n in range(rows)], important)


def test_a_long_part_is_folded_and_an_important_one_never() -> None:
    page = written("# head\n", [section("One", 20), section("Two", 20, important=True), section("Three", 2)], "", 9999)
    assert re.findall("<summary><b>(.*?)</b></summary>", page) == ["One (20)"]
    assert page.count("<details>") == page.count("</details>") == 1
    assert "#### Two (20)" in page
    assert "#### Three (2)" in page
    assert broken_rows(page) == []


@pytest.mark.parametrize("limit", [400, 1000, 5000, 65_000])
def test_what_does_not_fit_is_cut_from_the_end_and_counted(limit: int) -> None:
    sections = [section("First", 10, important=True, width=3), section("Last", 9000, width=30)]
    page = written("# 漢字\n", sections, "\nend\n", limit)
    assert len(page.encode()) <= limit
    assert page.startswith("# 漢字\n")
    assert page.endswith("\nend\n")
    assert broken_rows(page) == []
    told = len(re.findall("vm-", page))
    left_out = sum(int(number.replace(",", "")) for number in re.findall(r"\*([\d,]+) rows? (?:is|are) left out", page))
    assert told + left_out == 9010
    first = page.partition("Last (9,000)")[0]
    assert limit < 1000 or first.count("vm-") == 10, "what weighs most is cut last"


def test_no_important_part_takes_the_room_of_another_and_nothing_of_less_weight_stands_after_a_cut() -> None:
    many, few = section("Destructive", 3000, important=True), section("Blocked", 3, important=True)
    page = written("# head\n", [many, few, section("Other", 3, width=1)], "", 5000)
    told = [part.count("vm-") for part in re.split("Blocked|Other", page)]
    assert told[0] > 50
    assert told[1:] == [3, 0]


def test_a_value_without_end_is_cut_visibly() -> None:
    place = Place("a.yaml", 1, 1)
    cell = moved_fields([Change("sources", None, ["10.0.0.0/8"] * 9000, place)])
    assert len(cell) < 1000
    assert cell.endswith("…`")


def test_a_renderer_sees_the_names() -> None:
    assert "vm-00001" in shown(written("# head\n", [section("One", 3)], "", 9999))
