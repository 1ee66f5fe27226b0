"""Headings, tables and folds, cut honestly where they would grow over a limit."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

FOLDED_FROM = 6
"""Rows from which on a table that need not be seen at once is folded."""


@dataclass(frozen=True, slots=True)
class Section:
    """A table under a heading; cells are Markdown already."""

    title: str
    number: int
    """How many things it tells; rows may tell several that are alike."""
    header: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]
    important: bool = False
    """Whether it is never folded."""


def written(head: str, sections: Iterable[Section], tail: str, limit: int) -> str:
    """The page, in no more than `limit` bytes of UTF-8, which are never fewer than its characters.

    Sections come in the order of their weight: what does not fit is cut from the end, and counted where it is missing.
    Head, tail and the frames of all sections always stand.
    """
    told = [section for section in sections if section.rows]
    room = limit - _size(head) - _size(tail) - sum(map(_frame, told))
    pages = [head]
    for section in told:
        rows: list[tuple[str, ...]] = []
        for row in section.rows:
            size = _size(_line(row))
            if size > room:
                break
            room -= size
            rows.append(row)
        pages.append(_framed(section, rows, len(section.rows) - len(rows)))
    return "".join((*pages, tail))


def _frame(section: Section) -> int:
    """The most that a section takes beside its rows."""
    return _size(_head(section)) + _size(_framed(section, (), len(section.rows)))


def _framed(section: Section, rows: Sequence[tuple[str, ...]], left_out: int) -> str:
    number = f"{section.title} ({section.number:,})"
    table = "".join((_head(section), *map(_line, rows))) if rows else ""
    more = f"\n{_left_out(left_out)}\n" if left_out else ""
    if section.important or len(section.rows) < FOLDED_FROM:
        return f"\n#### {number}\n\n{table}{more}"
    return f"\n<details><summary><b>{number}</b></summary>\n\n{table}{more}\n</details>\n"


def _head(section: Section) -> str:
    return _line(section.header) + _line(("---",) * len(section.header))


def _left_out(number: int) -> str:
    what = "row is" if number == 1 else "rows are"
    return f"*{number:,} {what} left out here, because a comment has no room for more; text, HTML and JSON have all.*"


def _line(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |\n"


def _size(text: str) -> int:
    return len(text.encode())
