"""Every verb has a page, every option says what it does, every exit status what it means."""

import re

import pytest

from backup_reconciler.cli.endings import endings_of
from backup_reconciler.cli.status import ExitStatus
from backup_reconciler.report.verb_page import arguments_of, options_of
from docs.generate import MARK, VERBS, verbs
from tests.conftest import Cli


def test_every_verb_has_a_page_and_every_page_a_verb() -> None:
    assert {page.stem for page in VERBS.glob("*.md")} == {"README", *verbs()}


@pytest.mark.parametrize("verb", verbs())
def test_a_page_begins_with_what_the_verb_is_for_and_an_example_of_it(verb: str) -> None:
    by_hand, _, generated = (VERBS / f"{verb}.md").read_text().partition(MARK)
    assert re.match(rf"# {verb}\n\n\w", by_hand)
    assert f"$ backup-reconciler {verb} " in by_hand
    assert generated


@pytest.mark.parametrize("verb", verbs())
def test_every_option_says_what_it_does(verb: str) -> None:
    parameters = [*arguments_of(verbs()[verb]), *options_of(verbs()[verb])]
    assert [one.name for one in parameters if not (one.help or "").strip()] == []
    page = (VERBS / f"{verb}.md").read_text()
    written = [name for one in options_of(verbs()[verb]) for name in (*one.opts, *one.secondary_opts)]
    assert [name for name in written if not re.search(rf"^\|.*`{name}[ `]", page, re.MULTILINE)] == []


@pytest.mark.parametrize("verb", verbs())
def test_the_help_of_a_verb_says_what_its_exit_statuses_mean(cli: Cli, verb: str) -> None:
    endings = endings_of(verb)
    assert {ExitStatus.FINE, ExitStatus.ERROR, ExitStatus.INTERRUPTED} <= endings.keys()
    told = cli(verb, "--help").text
    assert all(f"{int(status)} {' '.join(meaning.split())}" in told for status, meaning in endings.items())
