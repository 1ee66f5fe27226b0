"""What the YAML parser says, in words that say what to do about it."""

import re
from dataclasses import dataclass

import yaml

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.manifest.words import printable
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules import YAML_ALIAS, YAML_SYNTAX, Rule


@dataclass(frozen=True, slots=True)
class _Saying:
    """How one of the parser's messages, "context: problem", is told."""

    pattern: re.Pattern[str]
    what: str
    remedy: str
    rule: Rule = YAML_SYNTAX
    from_start: bool = False
    """The fault is where the construct begins, not where the parser gave up."""


def _saying(pattern: str, what: str, remedy: str, rule: Rule = YAML_SYNTAX, *, from_start: bool = False) -> _Saying:
    return _Saying(re.compile(pattern), what, remedy, rule, from_start)


_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TAB = _saying("", "a tab stands where YAML takes only spaces", "indent with spaces")

# The C and the Python parser word many of these differently; both are matched.
_SAYINGS = (
    _saying(
        "scanning an (alias|anchor)",
        "a text cannot begin with * or & here",
        'put it in quotes: "*"',
        YAML_ALIAS,
        from_start=True,
    ),
    _saying("cannot start any token", "a text cannot begin with this character", "put the text in quotes"),
    _saying(
        "mapping values are not allowed",
        "a ':' stands where no key can be",
        "mend the indentation, or put a text that holds ': ' in quotes",
    ),
    _saying(
        "quoted scalar: found unexpected (end of stream|document)",
        "the quote is never closed",
        "close it",
        from_start=True,
    ),
    _saying(
        "unknown escape character",
        "a backslash begins an escape that YAML does not know",
        r"write \\ for a backslash, or use 'single quotes'",
    ),
    _saying("flow sequence", "the list that [ opens goes on with neither ',' nor ']'", "close it with ]"),
    _saying("flow mapping", "the mapping that { opens goes on with neither ',' nor '}'", "close it with }"),
    _saying(
        "block collection",
        "the line belongs to no item of the list above it",
        "begin it with '- ', or mend its indentation",
    ),
    _saying(
        "block mapping", "the line does not fit the mapping above it", "write 'key: value', or mend its indentation"
    ),
)


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The problem that a parser's error is."""
    context, message = getattr(error, "context", None), getattr(error, "problem", None)
    began, ended = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    said = f"{context or ''}: {message or error}"
    saying = _TAB if _is_tab(text, ended) else next((each for each in _SAYINGS if each.pattern.search(said)), None)
    if saying is None:
        what = f"this is not YAML: {printable(message or 'it cannot be read')}"
        return Problem(_place(file, ended), "", "", what, YAML_SYNTAX.remedy, YAML_SYNTAX)
    place = _place(file, began if saying.from_start else ended)
    start = _place(file, began) if began else place
    also = start if start != place else None
    return Problem(place, "", "", saying.what, saying.remedy, saying.rule, also)


def _is_tab(text: str, mark: yaml.Mark | None) -> bool:
    if mark is None:
        return False
    lines = _LINE_BREAK.split(text)
    return mark.line < len(lines) and lines[mark.line][mark.column : mark.column + 1] == "\t"


def _place(file: str, mark: yaml.Mark | None) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
