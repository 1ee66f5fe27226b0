"""What stands between the tokens of YAML: white space, comments, and the indicators `-`, `?`, `:` and `,`."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from backup_reconciler.manifest.formatting.concrete import Comment

BREAKS = "\n\u2028\u2029"
"""What ends a line, once the others (CR LF, CR, NEL), which mean the same as LF, have been made that."""

_PIECE = re.compile(f"[{BREAKS}]|#[^{BREAKS}]*|[-?:,]")


@dataclass(frozen=True, slots=True)
class Indicator:
    """One of `-`, `?`, `:` and `,`; `column` counts from 0, `blank` says that an empty line stands before it."""

    sign: str
    column: int
    blank: bool


class Gaps:
    """Reads the gaps of a text one after the other."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._breaks = 1

    @property
    def blank(self) -> bool:
        """Whether an empty line stands before what comes next."""
        return self._breaks > 1

    def past_token(self, *, breaks: int = 0) -> None:
        """A token has been passed, which itself ended so many lines."""
        self._breaks = breaks

    def between(self, start: int, end: int, column: int) -> Iterator[Comment | Indicator]:
        """The comments and indicators from `start`, which is in this column, to `end`."""
        line = start - column
        for piece in _PIECE.finditer(self._text, start, end):
            found, at = piece[0], piece.start()
            if found in BREAKS:
                self._breaks += 1
                line = at + 1
            elif found.startswith("#"):
                own_line = not self._text[line:at].strip()
                yield Comment(found.rstrip(), at - line, own_line, self.blank)
                self._breaks = 0
            else:
                yield Indicator(found, at - line, self.blank)
                self._breaks = 0
