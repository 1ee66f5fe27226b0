"""Colour only where somebody sees it and nobody has asked to leave it away."""

import io
import sys
from pathlib import Path

import pytest

from backup_reconciler.cli.console import file_console, output
from backup_reconciler.report.text.page import Page


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture(autouse=True)
def environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE", "COLORTERM"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm")


def write(page: Page) -> None:
    page.heading("differs", "VM web-01", suffix="(needs approval)")
    page.note("why", "dim")
    page.line("Drift: 1 difference.", "bold")


@pytest.mark.parametrize(
    ("stream", "wishes", "coloured"),
    [
        (Terminal(), {}, True),
        (Terminal(), {"NO_COLOR": "1"}, False),
        (Terminal(), {"NO_COLOR": ""}, True),
        (Terminal(), {"NO_COLOR": "1", "FORCE_COLOR": "1"}, False),
        (Terminal(), {"TERM": "dumb"}, False),
        (io.StringIO(), {}, False),
        (io.StringIO(), {"FORCE_COLOR": "1"}, True),
    ],
)
def test_colour_is_for_terminals_and_for_who_wants_it(
    stream: io.StringIO, wishes: dict[str, str], coloured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name, value in wishes.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr(sys, "stdout", stream)
    write(Page(output()))
    assert "VM web-01" in stream.getvalue()
    assert ("\x1b" in stream.getvalue()) is coloured


def test_a_file_never_gets_colour(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    with (tmp_path / "report.txt").open("w", encoding="utf-8") as file:
        write(Page(file_console(file)))
    assert "\x1b" not in (tmp_path / "report.txt").read_text(encoding="utf-8")
