"""What the YAML parser says, in words that say what to do about it."""

import re
from dataclasses import dataclass
from typing import Literal

import yaml

from backup_reconciler.manifest.problem import Problem
from backup_reconciler.spec.document import Place
from backup_reconciler.spec.rules import Rule
from backup_reconciler.spec.rules.file import YAML_ALIAS, YAML_SYNTAX, YAML_TAG
from backup_reconciler.spec.visible import visible

At = Literal["start", "end", "both"]
"""Where the fault is: where the construct begins, where the parser gave up, or between the two."""


@dataclass(frozen=True, slots=True)
class _Saying:
    """How one of the parser's messages, "context: problem", is told."""

    pattern: str
    what: str
    remedy: str
    at: At = "end"
    rule: Rule = YAML_SYNTAX


LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_TAB = _Saying("", "a tab stands where YAML takes only spaces", "indent with spaces")
_MORE = _Saying(
    "block (mapping|collection)",
    "a value has ended here, and more text follows on its line",
    "put the whole value in quotes, or remove the rest of the line",
)

# The C and the Python parser word many of these differently; both are matched, and the first that matches is told.
_SAYINGS = (
    _Saying(
        "scanning an (alias|anchor)",
        "a text cannot begin with * or & here",
        'put it in quotes: "*"',
        at="start",
        rule=YAML_ALIAS,
    ),
    _Saying("undefined tag handle", "this is a tag", YAML_TAG.remedy, rule=YAML_TAG),
    _Saying("(scanning|parsing) a tag", "this is a tag", YAML_TAG.remedy, at="start", rule=YAML_TAG),
    _Saying("cannot start any token", "a text cannot begin with this character", "put the text in quotes"),
    _Saying(
        "mapping values are not allowed",
        "a ':' stands where no key can be",
        "mend the indentation, or put a text that holds ': ' in quotes",
    ),
    _Saying(
        "sequence entries are not allowed",
        "a '- ' stands where no list item can begin",
        "begin each item on a line of its own",
    ),
    _Saying(
        "could not find expected ':'",
        "the line is no 'key: value'",
        "add ': ' and a value, or mend its indentation",
        at="start",
    ),
    _Saying(
        "a block scalar", "the line that begins a block of text goes on with something else", "begin the text below it"
    ),
    _Saying("quoted scalar: found unexpected", "the quote is never closed", "close it", at="start"),
    _Saying(
        "unknown escape character",
        "a backslash begins an escape that YAML does not know",
        r"write \\ for a backslash, or use 'single quotes'",
    ),
    _Saying("document start", "a document has ended, and more text follows", "begin the next document with ---"),
    _Saying("flow sequence", "the list that [ opens goes on with neither ',' nor ']'", "close it with ]", at="both"),
    _Saying("flow mapping", "the mapping that { opens goes on with neither ',' nor '}'", "close it with }", at="both"),
    _Saying(
        "block collection",
        "the line belongs to no item of the list above it",
        "begin it with '- ', or mend its indentation",
        at="both",
    ),
    _Saying(
        "block mapping",
        "the line does not fit the mapping above it",
        "write 'key: value', or mend its indentation",
        at="both",
    ),
    _Saying("node content", "a value is expected here", "write one, or remove what asks for it"),
    _Saying("incompatible YAML", "%YAML names a version that is not known", "remove the line"),
    _Saying(
        "directive|duplicate tag handle",
        "a line that begins with % is a directive, which no manifest needs",
        "remove the line, or put a text that begins with % in quotes",
    ),
    _Saying(
        "hexa?decimal",
        "an escape lacks its digits",
        r"write two after \x, four after \u or eight after \U; \\ is a backslash",
    ),
    _Saying("plain scalar: found unexpected ':'", "a ':' stands inside a text", "put the text in quotes"),
    _Saying(
        "mapping keys are not allowed",
        "a '?' begins a key where none can be",
        "put a text that begins with '? ' in quotes",
    ),
)


def syntax_problem(error: yaml.YAMLError, text: str, file: str) -> Problem:
    """The problem that a parser's error is."""
    context, message = getattr(error, "context", None), getattr(error, "problem", None)
    began, ended = getattr(error, "context_mark", None), getattr(error, "problem_mark", None)
    said = f"{context or ''}: {message or error}"
    start, end = _place(file, began or ended), _place(file, ended)
    saying = _saying(said, *_around(text, ended))
    if saying is None:
        what = f"this is not YAML: {visible(message or 'it cannot be read')}"
        return Problem(end, "", (), what, YAML_SYNTAX.remedy, YAML_SYNTAX)
    place = start if saying.at == "start" else end
    also = start if saying.at == "both" else None
    return Problem(place, "", (), saying.what, saying.remedy, saying.rule, also)


def _saying(said: str, before: str, after: str) -> _Saying | None:
    """How a message of the parser is told; `before` and `after` are what its line has on either side of its place."""
    if after.startswith("\t"):
        return _TAB
    if before.strip() and re.search(_MORE.pattern, said):
        return _MORE
    return next((each for each in _SAYINGS if re.search(each.pattern, said)), None)


def _around(text: str, mark: yaml.Mark | None) -> tuple[str, str]:
    lines = LINE_BREAK.split(text)
    if mark is None or mark.line >= len(lines):
        return "", ""
    return lines[mark.line][: mark.column], lines[mark.line][mark.column :]


def _place(file: str, mark: yaml.Mark | None) -> Place:
    return Place(file, mark.line + 1, mark.column + 1) if mark else Place(file, 1, 1)
