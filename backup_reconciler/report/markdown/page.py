"""Headings, tables and folds, cut honestly where they would grow over a limit."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, zip_longest

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
    """Whether it is never folded, and cut only when all that is not important is."""


def written(head: str, sections: Iterable[Section], tail: str, limit: int) -> str:
    """The page, in no more than `limit` bytes of UTF-8, which are never fewer than its characters.

    What does not fit is counted where it is missing; once a row is left out, none of less weight stands.
    Head, tail and the frames of all sections always stand.
    """
    told = [section for section in sections if section.rows]
    room = limit - _size(head) - _size(tail) - sum(map(_frame, told))
    standing = [0] * len(told)
    for number, row in _by_weight(told):
        room -= _size(_line(row))
        if room < 0:
            break
        standing[number] += 1
    pages = (
        _framed(section, section.rows[:number], len(section.rows) - number)
        for section, number in zip(told, standing, strict=True)
    )
    return "".join((head, *pages, tail))


def _by_weight(sections: Sequence[Section]) -> Iterator[tuple[int, tuple[str, ...]]]:
    """Every row with the number of its section: those of important sections in turn, so that all have some, then the
    others."""
    rows = {number: [(number, row) for row in section.rows] for number, section in enumerate(sections)}
    important = [rows[number] for number, section in enumerate(sections) if section.important]
    yield from filter(None, chain.from_iterable(zip_longest(*important)))
    for number, section in enumerate(sections):
        if not section.important:
            yield from rows[number]


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
