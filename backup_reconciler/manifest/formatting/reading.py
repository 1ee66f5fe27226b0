"""YAML text → the concrete syntax tree: each comment with the entry that it speaks of."""

import re
from collections.abc import Iterable
from dataclasses import replace

import yaml

from backup_reconciler.manifest.formatting.block_text import read_block_text
from backup_reconciler.manifest.formatting.concrete import Collection, Comment, Document, Entry, Node, Scalar, Stream
from backup_reconciler.manifest.formatting.cursor import Cursor, is_block
from backup_reconciler.manifest.formatting.gaps import Indicator
from backup_reconciler.manifest.formatting.quoting import in_one_line

_ITEM = re.compile(r"#+ *- ")
_DIRECTIVE = re.compile(r"^%.*?(?=\s+#|\s*$)", re.MULTILINE)


def read_stream(text: str, events: Iterable[yaml.Event]) -> Stream:
    """The documents of a text whose lines end in LF, by the events of a parser that finds no fault with it."""
    return _Reader(Cursor(text, events)).stream()


class _Reader:
    def __init__(self, cursor: Cursor) -> None:
        self._cursor = cursor
        self._displaced: list[Comment] = []
        """Comments where none can stay, such as between an anchor and its value: they go above their entry."""

    def stream(self) -> Stream:
        cursor, stream = self._cursor, Stream()
        cursor.take()
        while isinstance(cursor.next, yaml.DocumentStartEvent):
            stream.documents.append(self._document(cursor.next))
        stream.tail, stream.comments = cursor.comments(), cursor.seen
        return stream

    def _document(self, start: yaml.DocumentStartEvent) -> Document:
        cursor = self._cursor
        document = Document(Entry(), explicit=bool(start.explicit))
        if document.explicit:
            document.directives = _DIRECTIVE.findall(cursor.prologue(start))
            document.before = cursor.comments()
            cursor.take()
            document.beside = cursor.beside()
        else:
            cursor.take()
        document.root.above = cursor.comments()
        self._begin(document.root, first=True)
        self._fill(document.root, -1)
        document.root.blank = document.root.blank and not document.root.has_no_value
        document.root.below += cursor.comments()
        cursor.take()
        return document

    # ---- entries ---------------------------------------------------------------------------------------------------

    def _begin(self, entry: Entry, sign: Indicator | None = None, *, first: bool) -> None:
        """Say whether an empty line stands before an entry; that before the first of a block is not taken along."""
        blank = sign.blank if sign else self._cursor.blank
        entry.blank = blank and (bool(entry.above) or not first)
        if first:
            entry.above[:1] = [replace(comment, blank=False) for comment in entry.above[:1]]

    def _fill(self, entry: Entry, column: int) -> None:
        """Read the value of an entry that begins in this column, and the comments around it."""
        cursor = self._cursor
        if is_block(cursor.next):
            entry.beside = cursor.beside()
            block = self._open()
            entry.value, entry.beside = block, entry.beside or cursor.beside()
            self._fill_block(block, column)
        else:
            entry.above += cursor.comments()
            entry.value = self._node(column)
            entry.beside = cursor.beside()
            if entry.beside and isinstance(entry.value, Collection) and not entry.value.flow:
                entry.beside = replace(entry.beside, column=0)  # it was that of a bracket, which is gone
        entry.above += self._take_displaced()
        if entry.has_no_value:
            entry.below = cursor.leading(lambda comment: comment.column > column)

    def _take_displaced(self) -> list[Comment]:
        displaced, self._displaced = self._displaced, []
        return displaced

    # ---- nodes -----------------------------------------------------------------------------------------------------

    def _node(self, column: int) -> Node:
        """The node of an entry that begins in this column."""
        event, line = self._cursor.next, self._cursor.line
        if isinstance(event, yaml.CollectionStartEvent):
            collection = self._open()
            if collection.flow:
                self._fill_flow(collection, line)
            else:
                self._fill_block(collection, column)
            return collection
        if isinstance(event, yaml.AliasEvent):
            self._cursor.take()
            return Scalar(f"*{event.anchor}")
        assert isinstance(event, yaml.ScalarEvent)
        return self._scalar(event, column)

    def _scalar(self, event: yaml.ScalarEvent, column: int) -> Node:
        cursor = self._cursor
        properties = cursor.properties(event)
        self._displaced += cursor.comments()
        source, source_column = cursor.source(event)
        if event.style in ("|", ">"):
            read = read_block_text(event.value, source, properties, source_column, column)
            cursor.met(read.comment, read.ended_lines)
            node: Node = read.node
        else:
            text = in_one_line(event.value, event.style or "", source, tagged=event.tag is not None)
            node = Scalar(text, properties, event.value if event.tag is None else None)
        cursor.go_on()
        return node

    def _open(self) -> Collection:
        """Go into a collection, up to its first entry."""
        cursor, event = self._cursor, self._cursor.next
        assert isinstance(event, yaml.CollectionStartEvent)
        properties = cursor.properties(event)
        mapping = isinstance(event, yaml.MappingStartEvent)
        collection = Collection("mapping" if mapping else "list", bool(event.flow_style), properties)
        if collection.flow:
            cursor.take()
        else:
            cursor.go_on()
        return collection

    # ---- collections -----------------------------------------------------------------------------------------------

    def _fill_block(self, block: Collection, around: int) -> None:
        """Read the entries of a block that belongs to an entry in column `around`."""
        cursor, column = self._cursor, around
        while not isinstance(cursor.next, yaml.CollectionEndEvent):
            entry = Entry()
            column = self._key(entry, block) if block.of == "mapping" else self._dash(entry, block)
            block.entries.append(entry)
            self._fill(entry, column)
        block.tail = cursor.leading(lambda comment: _ends_block(comment, column, around))
        cursor.take()

    def _key(self, entry: Entry, block: Collection) -> int:
        """Read a key up to its colon; returns the column of the entry."""
        cursor = self._cursor
        question, entry.above = cursor.up_to("?")
        column = question.column if question else cursor.column
        entry.above += cursor.comments()
        self._begin(entry, question, first=not block.entries)
        entry.key = self._node(column)
        entry.above += _lifted(entry.key) + cursor.up_to(":")[1]
        return column

    def _dash(self, entry: Entry, block: Collection) -> int:
        """Go past the dash of an item; returns its column."""
        dash, entry.above = self._cursor.up_to("-")
        assert dash is not None
        self._begin(entry, dash, first=not block.entries)
        return dash.column

    def _fill_flow(self, flow: Collection, line: int) -> None:
        """Read the entries between two brackets, the first in this line; on several lines they become a block."""
        cursor = self._cursor
        while not isinstance(cursor.next, yaml.CollectionEndEvent):
            entry = Entry(above=self._between(flow))
            if flow.of == "mapping":
                entry.key = self._node(0)
                colon, before = cursor.up_to(":")
                entry.has_colon = colon is not None
                entry.above += _lifted(entry.key) + before + cursor.comments()
            entry.value = self._node(0)
            entry.above += self._take_displaced()
            flow.entries.append(entry)
        flow.flow = cursor.line == line or not flow.entries
        between = self._between(flow)
        if flow.entries:
            flow.tail = between
        else:
            self._displaced += between
        cursor.take()

    def _between(self, flow: Collection) -> list[Comment]:
        """The comments before the next entry, or before the bracket; one on the line of the entry before is that's."""
        comments = self._cursor.comments()
        last = flow.entries[-1] if flow.entries else None
        if last and not last.beside and comments and not comments[0].own_line:
            last.beside = replace(comments.pop(0), column=0)  # which says nothing once the brackets are gone
        return comments


def _lifted(node: Node) -> list[Comment]:
    """Takes the comments that would stand between the `?` of a key and the key itself: they go above the entry."""
    if not isinstance(node, Collection) or node.flow or not node.entries:
        return []
    first = node.entries[0]
    lifted, first.above = first.above, []
    return lifted + _lifted(first.value if first.key is None else first.key)


def _ends_block(comment: Comment, column: int, around: int) -> bool:
    """Whether a comment after a block in this column belongs to the block, and not to what follows.

    A list may stand in the column of its key. There, only a comment that is an item taken out belongs to the list.
    """
    if column > around:
        return comment.column >= column
    return comment.column > column or (comment.column == column and _ITEM.match(comment.text) is not None)
