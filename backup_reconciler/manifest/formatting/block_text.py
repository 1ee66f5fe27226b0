"""Texts after `|` and `>`: their lines without the indentation, which depends on where they will stand."""

import re
from dataclasses import dataclass

from backup_reconciler.manifest.formatting.concrete import BlockText, Comment, Scalar
from backup_reconciler.manifest.formatting.gaps import BREAKS
from backup_reconciler.manifest.formatting.quoting import in_one_line

_HEADER = re.compile(rf"([|>])([-+1-9]*)[ \t]*(#[^{BREAKS}]*)?\n?")


@dataclass(frozen=True, slots=True)
class Read:
    """A text, the comment after its sign, and how many lines end after the last of its own."""

    node: BlockText | Scalar
    comment: Comment | None
    ended_lines: int


def read_block_text(value: str, source: str, properties: str, column: int, around: int) -> Read:
    """The text that reads as `value`.

    `source` goes from its `|` or `>` in this column to the next thing that is written; `around` is the column of the
    entry that holds it, from which an indentation that is given as a number (`|2`) counts.
    """
    header = _HEADER.match(source)
    assert header is not None
    style, signs, comment = header.groups()
    beside = Comment(comment.rstrip(), column + header.start(3), own_line=False) if comment else None
    if "\u2028" in source or "\u2029" in source:  # they end a line, but not one after which a text can be indented
        in_quotes = in_one_line(value, style, source, tagged="!" in properties)
        return Read(Scalar(in_quotes, properties), beside, 1)
    digit = next((int(sign) for sign in signs if sign.isdigit()), None)
    keeps_or_strips = next((sign for sign in signs if sign in "-+"), "")
    chomping = keeps_or_strips if source.endswith("\n") else "-"  # a file may end in mid-line
    lines = source[header.end() :].removesuffix("\n").split("\n") if len(source) > header.end() else []
    indentation = max(around, 0) + digit if digit else _indentation(lines)
    lines = [line[indentation:] for line in lines]
    written = len(lines)
    while lines and not lines[-1] and chomping != "+":
        del lines[-1]
    # An indentation that is given is from now on that which every text gets.
    text = BlockText(f"{style}{'2' if digit else ''}{chomping}", lines, properties)
    return Read(text, beside, 1 + written - len(lines))


def _indentation(lines: list[str]) -> int:
    """That of the first line that is not empty; where all are, so much that they are."""
    first = next((line for line in lines if line.strip(" ")), None)
    return max(map(len, lines), default=0) if first is None else len(first) - len(first.lstrip(" "))
