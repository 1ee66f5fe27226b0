"""A walk over the parser's events that misses nothing between them.

The events know exactly where each token begins and ends. Between two tokens there is nothing but white space,
indicators and comments, so every comment is found, and found with its neighbours.
"""

import re
from collections.abc import Callable, Iterable
from itertools import takewhile

import yaml

from backup_reconciler.manifest.formatting.concrete import Comment
from backup_reconciler.manifest.formatting.gaps import BREAKS, Gaps, Indicator

_PROPERTY = re.compile(r"&[0-9A-Za-z_-]+|!<[^>]*>|![^\s,\[\]{}]*")
_SPACE = re.compile(rf"(?:\s|#[^{BREAKS}]*)*")


class Cursor:
    """Stands before an event. What was met on the way to it waits in the order written until somebody asks for it."""

    def __init__(self, text: str, events: Iterable[yaml.Event]) -> None:
        self._text = text
        self._events = iter(events)
        self._at, self._column = 0, 0
        self._gaps = Gaps(text)
        self._gap: list[Comment | Indicator] = []
        self.next = next(self._events)
        self.seen: list[str] = []
        """The texts of all comments so far."""

    # ---- going on --------------------------------------------------------------------------------------------------

    @property
    def column(self) -> int:
        """The column of the next event, counted from 0."""
        mark = self.next.start_mark
        assert mark is not None
        return mark.column

    @property
    def line(self) -> int:
        """The line of the next event, counted from 0."""
        mark = self.next.start_mark
        assert mark is not None
        return mark.line

    @property
    def blank(self) -> bool:
        """Whether an empty line stands before the next event."""
        return self._gaps.blank

    def take(self) -> None:
        """Go past the event, and on to the one after it."""
        self._end(self.next)
        self.go_on()

    def go_on(self) -> None:
        """On to the event after this one, from inside of this one."""
        self.next = next(self._events, self.next)
        mark = self.next.start_mark
        assert mark is not None
        self._skip(mark.index)

    def properties(self, event: yaml.NodeEvent) -> str:
        """The anchor and the tag of an event, and up to the rest of it; a block begins only with its first entry."""
        mark = event.end_mark
        assert mark is not None
        found = []
        for _ in range((event.anchor is not None) + (getattr(event, "tag", None) is not None)):
            self._skip_space(mark.index)
            word = _PROPERTY.match(self._text, self._at)
            assert word is not None
            found.append(word[0])
            self._pass(word.end(), self._column + len(word[0]))
        if found and not is_block(event):
            self._skip_space(mark.index)
        return " ".join(found)

    def source(self, event: yaml.Event) -> tuple[str, int]:
        """What is written from here to the end of the event, and the column it begins in; goes to that end."""
        begun, column = self._at, self._column
        self._end(event)
        return self._text[begun : self._at], column

    def prologue(self, event: yaml.DocumentStartEvent) -> str:
        """What a document has before its `---`; goes to that."""
        mark = event.end_mark
        assert mark is not None
        begun = self._at
        self._skip(mark.index - len("---"))
        return self._text[begun : self._at]

    def met(self, comment: Comment | None, ended_lines: int) -> None:
        """What was passed last had this comment inside of it, and has itself ended so many lines."""
        if comment:
            self._wait([comment])
        self._gaps.past_token(breaks=ended_lines)

    def _end(self, event: yaml.Event) -> None:
        mark = event.end_mark
        assert mark is not None
        self._pass(mark.index, mark.column)

    def _pass(self, index: int, column: int) -> None:
        if index > self._at:
            self._at, self._column = index, column
            self._gaps.past_token()

    def _skip_space(self, end: int) -> None:
        space = _SPACE.match(self._text, self._at, end)
        assert space is not None
        self._skip(space.end())

    def _skip(self, end: int) -> None:
        if end <= self._at:
            return
        self._wait(self._gaps.between(self._at, end, self._column))
        last_break = max(self._text.rfind(sign, self._at, end) for sign in BREAKS)
        self._column = self._column + end - self._at if last_break < 0 else end - last_break - 1
        self._at = end

    def _wait(self, met: Iterable[Comment | Indicator]) -> None:
        for each in met:
            self._gap.append(each)
            if isinstance(each, Comment):
                self.seen.append(each.text)

    # ---- what waits ------------------------------------------------------------------------------------------------

    def comments(self) -> list[Comment]:
        """All comments that wait."""
        comments = [each for each in self._gap if isinstance(each, Comment)]
        self._gap.clear()
        return comments

    def beside(self) -> Comment | None:
        """The comment that waits first, if it shares its line with what stands before it."""
        first = self._gap[0] if self._gap else None
        if isinstance(first, Comment) and not first.own_line:
            del self._gap[0]
            return first
        return None

    def leading(self, belongs: Callable[[Comment], bool]) -> list[Comment]:
        """The comments that wait first, as far as they belong to what has been read."""
        found = [
            each
            for each in takewhile(lambda each: isinstance(each, Comment) and belongs(each), self._gap)
            if isinstance(each, Comment)
        ]
        del self._gap[: len(found)]
        return found

    def up_to(self, sign: str) -> tuple[Indicator | None, list[Comment]]:
        """The first indicator of this sign, and the comments before it; nothing where none waits."""
        for index, each in enumerate(self._gap):
            if isinstance(each, Indicator) and each.sign == sign:
                comments = [before for before in self._gap[:index] if isinstance(before, Comment)]
                del self._gap[: index + 1]
                return each, comments
        return None, []


def is_block(event: yaml.Event) -> bool:
    """Whether a mapping or list without brackets begins."""
    return isinstance(event, yaml.CollectionStartEvent) and not event.flow_style
