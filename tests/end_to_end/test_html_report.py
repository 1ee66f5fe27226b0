"""`--format html`: where the page goes, and what status tells. The page itself is looked at in a browser."""

import pytest

from tests.conftest import Cli, Estate, assignment, policy, vault, vms, world


@pytest.fixture
def declared(estate: Estate) -> Estate:
    estate.exists(**world(vms("web-01")))
    estate.declare("all", vault(), policy(), assignment())
    return estate


def test_the_page_goes_to_a_file_or_into_a_pipe(declared: Estate, cli: Cli) -> None:
    page = declared.folder / "report.html"
    told = cli("drift", *declared.sandboxed, "--format", "html", "--output", page)
    assert (told.status, told.out) == (2, "")
    piped = cli("drift", *declared.sandboxed, "--format", "html")
    assert (piped.status, piped.out) == (2, page.read_text(encoding="utf-8"))
    assert piped.out.startswith("<!doctype html>\n")


@pytest.mark.parametrize("verb", ["plan", "drift"])
def test_a_terminal_gets_no_page(declared: Estate, cli: Cli, verb: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    told = cli(verb, *declared.sandboxed, "--format", "html")
    assert (told.status, told.out) == (1, "")
    assert told.err == "error: a page of HTML is for a browser; add --output report.html, or pipe it to a program\n"
    assert declared.requests() == []
