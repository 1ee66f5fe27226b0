"""A table for a terminal, the last column of which takes the room that is left."""

from collections.abc import Iterator, Sequence
from itertools import zip_longest
from textwrap import wrap

from backup_reconciler.report.words import visible

_GAP = "  "


Cell = Sequence[str]
"""Paragraphs."""


def table(rows: Sequence[Sequence[Cell]], width: int, most: int) -> Iterator[list[str]]:
    """The lines of each row.

    All columns but the last are as wide as they need to be, up to `most`. Text is wrapped between words alone: a path
    or a name that is broken can be neither copied nor searched for.
    """
    columns = list(zip(*rows, strict=True))[:-1]
    widths = [min(most, max(len(visible(text)) for cell in column for text in cell)) for column in columns]
    widths.append(max(20, width - sum(widths) - len(_GAP) * len(widths)))
    for row in rows:
        cells = [_lines(cell, room) for cell, room in zip(row, widths, strict=True)]
        yield [
            _GAP.join(part.ljust(room) for part, room in zip(parts, widths, strict=True)).rstrip()
            for parts in zip_longest(*cells, fillvalue="")
        ]


def _lines(cell: Cell, room: int) -> list[str]:
    return [
        line
        for text in cell
        for line in wrap(visible(text), room, break_long_words=False, break_on_hyphens=False) or [""]
    ]
