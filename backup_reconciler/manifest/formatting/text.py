"""YAML text → the same, formatted."""

import re
from collections import Counter
from collections.abc import Iterator

import yaml

from backup_reconciler.manifest.formatting.concrete import Stream
from backup_reconciler.manifest.formatting.meaning import Meaning
from backup_reconciler.manifest.formatting.order import put_in_order
from backup_reconciler.manifest.formatting.printing import printed
from backup_reconciler.manifest.formatting.reading import read_stream
from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.text.parse import Parsed, events_of, parse
from backup_reconciler.manifest.text.syntax import LINE_BREAK
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules.document import WRONG_TYPE
from backup_reconciler.spec.rules.file import FORMAT_KEEPS_MEANING

_BREAK = re.compile("\r\n|\r|\x85")

Said = tuple[list[bytes], Counter[str]]
"""What a text says: a digest of each document, and the comments."""


def format_text(text: str, file: str) -> str | list[Problem]:
    """The text of a file, formatted; or why it cannot be: faults of its YAML. Other rules may be broken."""
    parsed = parse(text, file)
    problems = parsed.problems or list(_templates(text, parsed))
    if problems:
        return problems
    text = _BREAK.sub("\n", text)
    stream, said = _read(text)
    put_in_order(stream)
    formatted = printed(stream)
    return formatted if formatted == text or _says(formatted, said) else [_changed_meaning(file)]


def _templates(text: str, parsed: Parsed) -> Iterator[Problem]:
    """What may be {{ a template }} that nobody has rendered: YAML by chance, and spoilt by quotes that YAML needs."""
    lines = LINE_BREAK.split(text)
    for problem in (problem for tree in parsed.trees for problem in tree.problems if problem.rule is WRONG_TYPE):
        if lines[problem.place.line - 1][problem.place.column - 1 :].startswith("{"):
            yield problem


def _read(text: str) -> tuple[Stream, Said]:
    meaning = Meaning()
    stream = read_stream(text, meaning.watching(events_of(text)))
    return stream, (meaning.documents, Counter(stream.comments))


def _says(text: str, said: Said) -> bool:
    """Whether this is what the text says: what is written over somebody's work is read once more before."""
    try:
        return _read(text)[1] == said
    except yaml.YAMLError:
        return False


def _changed_meaning(file: str) -> Problem:
    rule = FORMAT_KEEPS_MEANING
    return Problem(Place(file, 1, 1), "", (), "formatted it would mean something else", rule.remedy, rule)
