"""The concrete syntax tree → YAML text, in the one way that it is written."""

from collections.abc import Sequence
from dataclasses import replace

from backup_reconciler.manifest.formatting.concrete import (
    BlockText,
    Collection,
    Comment,
    Document,
    Entry,
    Node,
    Scalar,
    Stream,
)
from backup_reconciler.manifest.formatting.flow import Flow, joined

WIDTH = 100
"""Columns."""

_STEP = 2
_GAP = 2
"""Spaces that a comment keeps from what stands before it."""


def printed(stream: Stream, *, width: int = WIDTH) -> str:
    """The text of some documents; `width` is what a collection in brackets may reach, a comment after it apart."""
    printer = _Printer(width)
    for index, document in enumerate(stream.documents):
        printer.document(document, first=index == 0)
    printer.comments(stream.tail, 0, first=not stream.documents)
    return "".join(f"{line}\n" for line in printer.lines)


class _Printer:
    def __init__(self, width: int) -> None:
        self._width = width
        self.lines: list[str] = []
        self._flow = Flow()
        self._ends_open = False
        """Whether an empty line would become part of the text before it."""

    def document(self, document: Document, *, first: bool) -> None:
        if document.directives and not first:
            self._line("...")
        self.comments(document.before, 0, first=first)
        for directive in document.directives:
            self._line(directive)
        if document.explicit or not first:
            self._line("---", document.beside)
        self._above(document.root, 0, first=True)
        self._value("", -_STEP, document.root)

    # ---- entries ---------------------------------------------------------------------------------------------------

    def _entries(self, block: Collection, indent: int, lead: str) -> None:
        """The entries of a block; the first goes on after `lead`, if that is not empty."""
        for index, entry in enumerate(block.entries):
            start = lead if lead and index == 0 else " " * indent
            self._above(entry, indent, first=index == 0)
            if block.of == "list":
                self._value(f"{start}-", indent, entry)
            elif key := self._flow.key(entry):
                self._value(f"{start}{key}:", indent, entry)
            else:
                self._complex_key(start, indent, entry)
        self.comments(block.tail, indent)

    def _complex_key(self, start: str, indent: int, entry: Entry) -> None:
        assert entry.key is not None
        self._node(f"{start}?", indent, entry.key, None)
        self._value(" " * indent + ":", indent, entry)

    def _above(self, entry: Entry, indent: int, *, first: bool) -> None:
        self.comments(entry.above, indent, first=first)
        if entry.blank and (entry.above or not first):
            self._blank()

    def _value(self, head: str, indent: int, entry: Entry) -> None:
        self._node(head, indent, entry.value, entry.beside)
        self.comments(entry.below, indent + _STEP)

    # ---- nodes -----------------------------------------------------------------------------------------------------

    def _node(self, head: str, indent: int, node: Node, beside: Comment | None) -> None:
        """A node after `head`, in an entry that is indented so far."""
        if isinstance(node, Scalar):
            self._line(joined(head, node.properties, node.text), beside)
        elif isinstance(node, BlockText):
            self._line(joined(head, node.properties, node.header), beside)
            self._text(node, max(indent, 0) + _STEP)
        else:
            flat = self._flow.flat(node)
            if flat is not None and (len(joined(head, flat)) <= self._width or not node.entries):
                self._line(joined(head, flat), beside)
            else:
                self._block(head, indent + _STEP, node, beside)

    def _text(self, text: BlockText, indent: int) -> None:
        self.lines += (" " * indent + line if line else "" for line in text.lines)
        self._ends_open = text.keeps_blank_lines

    def _block(self, head: str, indent: int, block: Collection, beside: Comment | None) -> None:
        after_sign = bool(head) and not head.strip(" -?:")
        if after_sign and not block.properties and not beside and not block.entries[0].above:
            self._entries(block, indent, f"{head} ")
            return
        if beside and block.flow:
            beside = replace(beside, column=0)  # it was that of the closing bracket, which is gone
        self._line(joined(head, block.properties), beside)
        self._entries(block, indent, "")

    # ---- lines -----------------------------------------------------------------------------------------------------

    def comments(self, comments: Sequence[Comment], indent: int, *, first: bool = False) -> None:
        for index, comment in enumerate(comments):
            if comment.blank and not (first and index == 0):
                self._blank()
            self._line(" " * indent + comment.text)

    def _line(self, line: str, beside: Comment | None = None) -> None:
        """A line, unless it is empty. A comment keeps its column as far as there is room."""
        if beside:
            start = line.ljust(max(beside.column, len(line) + _GAP)) if line else ""
            line = start + beside.text
        if line:
            self.lines.append(line)
            self._ends_open = False

    def _blank(self) -> None:
        if not self._ends_open:
            self.lines.append("")
