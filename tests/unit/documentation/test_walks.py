"""What guides and pages of verbs show is so: their commands are run over their files, and print what is shown."""

from pathlib import Path

import pytest

from docs.walk import PAGES, TODAY, Step, refreshed, walk
from tests.conftest import OneDay


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}-{page.stem}")
def test_what_a_page_shows_is_what_is_printed(page: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COLUMNS", "100")
    untrue = [step for step in walk(page, tmp_path) if not step.true]
    assert untrue == [], "run `make generated`, and read what has become of the page"


def test_pages_are_walked_through_on_the_day_of_the_tests() -> None:
    assert OneDay.now().date() == TODAY


def test_guides_have_commands() -> None:
    guides = [page for page in PAGES if page.parent.name == "guides"]
    assert len(guides) >= 4
    assert [page.stem for page in guides if "$ backup-reconciler" not in page.read_text()] == []


@pytest.mark.parametrize(
    ("shown", "status", "true"),
    [
        ("one\ntwo\n", 0, True),
        ("one\ntwo\n", 1, False),
        ("…\ntwo\n", 0, True),
        ("one\n…\n", 0, True),
        ("", 0, True),
        ("one\n", 0, False),
        ("o.e\ntwo\n", 0, False),
    ],
)
def test_a_step_is_true_if_it_ends_and_prints_as_shown(shown: str, status: int, true: bool) -> None:
    assert Step("plan", 0, status, shown, "one\ntwo\n", 0).true is true


def test_what_is_printed_now_takes_the_place_of_what_was() -> None:
    text = "$ a\nold\n$ b\nsame\n$ c\nolder\n"
    steps = [
        Step("a", 0, 0, "old\n", "new\nand more\n", 4),
        Step("b", 0, 0, "same\n", "same\n", 12),
        Step("c", 0, 0, "older\n", "newer\n", 21),
    ]
    assert refreshed(text, steps) == "$ a\nnew\nand more\n$ b\nsame\n$ c\nnewer\n"
