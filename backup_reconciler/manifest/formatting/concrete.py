"""The concrete syntax tree: what a YAML file says together with how it says it, comments above all.

A tree of our own, because the libraries that keep comments hang each one on the value before it: once keys change
places, "# why so long" stands above a neighbour, and comments inside of [lists] that are unfolded are lost.
"""

from dataclasses import dataclass, field
from typing import Literal


@dataclass(frozen=True, slots=True)
class Comment:
    """From `#` to the end of the line. `column` counts from 0; `blank` says that an empty line stands before it."""

    text: str
    column: int
    own_line: bool
    blank: bool = False


@dataclass(frozen=True, slots=True)
class Scalar:
    """A value on one line, in the quotes it is to have, or an alias. Without text it is the null that nobody wrote.

    `properties` are its anchor and its tag, as written. `value` is what a field of this name is called, or None.
    """

    text: str
    properties: str = ""
    value: str | None = None

    @property
    def is_alias(self) -> bool:
        return self.text.startswith("*")


@dataclass(frozen=True, slots=True)
class BlockText:
    """A text of several lines, after `|` or `>`, its lines without their indentation."""

    header: str
    lines: list[str]
    properties: str = ""

    @property
    def keeps_blank_lines(self) -> bool:
        """Whether empty lines after the text are part of it."""
        return "+" in self.header


@dataclass(slots=True)
class Collection:
    """A mapping or a list; `flow` where it is written in brackets. `tail` are the comments after its last entry."""

    of: Literal["mapping", "list"]
    flow: bool
    properties: str = ""
    entries: list["Entry"] = field(default_factory=list)
    tail: list[Comment] = field(default_factory=list)


Node = Scalar | BlockText | Collection


@dataclass(slots=True)
class Entry:
    """A key and its value, an item of a list (without a key), or the value that a whole document is.

    `above` are the comments on lines of their own before it, `beside` the one on its first line, and `below` those
    that stand where its value would, if it has none. `blank` says that an empty line stands directly before it.
    """

    value: Node = Scalar("")
    key: Node | None = None
    has_colon: bool = True
    above: list[Comment] = field(default_factory=list)
    blank: bool = False
    beside: Comment | None = None
    below: list[Comment] = field(default_factory=list)

    @property
    def has_no_value(self) -> bool:
        return isinstance(self.value, Scalar) and not self.value.text and not self.value.properties


@dataclass(slots=True)
class Document:
    """One document. `before` stands before its `---`, which `beside` shares the line with."""

    root: Entry
    explicit: bool
    before: list[Comment] = field(default_factory=list)
    directives: list[str] = field(default_factory=list)
    beside: Comment | None = None


@dataclass(slots=True)
class Stream:
    """The documents of a file, and the comments after them; `comments` are the texts of all comments in the file."""

    documents: list[Document] = field(default_factory=list)
    tail: list[Comment] = field(default_factory=list)
    comments: list[str] = field(default_factory=list)
