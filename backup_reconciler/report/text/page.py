"""Lines of a report for a terminal: a word, a heading, the place in the manifests, and indented text below."""

from collections.abc import Iterable, Sequence
from textwrap import wrap

from rich.console import Console
from rich.text import Text

from backup_reconciler.report.text.table import Cell, table
from backup_reconciler.report.words import visible
from backup_reconciler.spec.document import Place

_INDENT = 10
_GAP = 2
_FIRST = 20
"""Rows of a long list that are told."""
_STYLES = {
    "create": "green",
    "protect": "green",
    "undelete": "green",
    "resume": "green",
    "back up": "green",
    "update": "yellow",
    "lock": "yellow",
    "re-bind": "yellow",
    "re-disk": "yellow",
    "migrate": "yellow",
    "stop": "red",
    "suspend": "red",
    "delete": "red",
    "unwanted": "red",
    "blocked": "bold red",
    "later": "cyan",
    "left": "cyan",
    "refused": "bold red",
    "settled": "green",
    "warning": "yellow",
    "info": "cyan",
    "ready": "green",
    "differs": "yellow",
    "missing": "red",
    "under way": "yellow",
    "failed": "bold red",
    "running": "yellow",
    "unknown": "bold yellow",
    "skipped": "yellow",
    "not started": "yellow",
}


class Page:
    """Writes to a console; a pipe gets what a terminal gets, less the colour. Nothing is ever cut off."""

    def __init__(self, console: Console) -> None:
        self._console = console

    def line(self, text: str = "", style: str = "") -> None:
        """A paragraph from the left margin."""
        self.note(text, style, indent=0)

    def note(self, text: str, style: str = "", indent: int = _INDENT) -> None:
        """A paragraph, indented and wrapped."""
        for part in self._wrapped(visible(text), indent) or [""]:
            self._print(Text(" " * indent + part if part else "", style))

    def verbatim(self, line: str, indent: int = _INDENT) -> None:
        """A line as it is, indented and never wrapped, so that it can be copied."""
        self._print(Text(" " * indent + visible(line)))

    def heading(self, word: str, title: str, place: Place | str | None = None, suffix: str = "") -> None:
        """`word      title                      file:line`; the place goes to the right margin where it fits."""
        left = Text.assemble((f"{word:<{_INDENT - 1}} ", _STYLES.get(word, "")), (visible(title), "bold"))
        if suffix:
            left.append(f"  {suffix}", _STYLES["warning"])
        right = Text(_short(place), "dim")
        gap = self._console.width - left.cell_len - right.cell_len
        if right and gap >= _GAP:
            self._print(Text.assemble(left, " " * gap, right))
            return
        self._print(left)
        if right:
            self.note(right.plain, "dim")

    def rows(self, rows: Iterable[Sequence[str]], indent: int = _INDENT) -> None:
        """Columns as wide as they need to be; what does not fit beside the first goes on below, under the second."""
        cells = [[visible(cell) for cell in row] for row in rows]
        if not cells:
            return
        widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]) - 1)]
        for row in cells:
            padded = [cell.ljust(width + _GAP) for cell, width in zip(row, widths, strict=False)]
            self._hanging("".join((*padded, row[-1])).rstrip(), indent, indent + len(padded[0]))

    def first_rows(self, rows: Sequence[Sequence[str]], *, verbose: bool) -> None:
        """The first of many rows, or all of them, and how many are left out."""
        told = rows if verbose else rows[:_FIRST]
        self.rows(told)
        if more := len(rows) - len(told):
            self.note(f"and {more:,} more; -v names them all", "dim")

    def has_room_for(self, rows: Sequence[Sequence[str]]) -> bool:
        """Whether rows fit side by side, none of them going on below."""
        if not rows:
            return True
        widths = [max(len(visible(row[column])) for row in rows) for column in range(len(rows[0]))]
        return _INDENT + sum(widths) + _GAP * (len(widths) - 1) <= self._console.width

    def table(self, rows: Sequence[Sequence[Cell]], most: int) -> None:
        """Rows of cells, an empty line between them; the first word of each row is coloured."""
        for first, *more in table(rows, self._console.width, most):
            word = first.split("  ", 1)[0]
            self._print(Text.assemble((word, _STYLES.get(word, "")), first[len(word) :]))
            for line in more:
                self._print(Text(line))
            self.line()

    def _hanging(self, text: str, indent: int, hanging: int) -> None:
        if indent + len(text) <= self._console.width:
            self._print(Text(" " * indent + text))
            return
        for line in self._wrapped(text, indent, " " * (hanging - indent)):
            self._print(Text(" " * indent + line))

    def _wrapped(self, text: str, indent: int, following: str = "") -> list[str]:
        """Wrapped between words alone: a path or a name that is broken can be neither copied nor searched for."""
        width = max(20, self._console.width - indent)
        return wrap(text, width, subsequent_indent=following, break_long_words=False, break_on_hyphens=False)

    def _print(self, text: Text) -> None:
        self._console.print(text, soft_wrap=True)


def _short(place: Place | str | None) -> str:
    if place is None or isinstance(place, str):
        return place or ""
    return f"{place.file}:{place.line}"
