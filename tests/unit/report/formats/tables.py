"""Markdown as a code host renders it."""

from markdown_it import MarkdownIt
from markdown_it.token import Token

_RENDERER = MarkdownIt("commonmark", {"html": True}).enable(["table", "strikethrough"])


def tokens(text: str) -> list[Token]:
    return _RENDERER.parse(text)


def broken_rows(text: str) -> list[str]:
    """The lines that look like rows of a table and are in none, and those with more or fewer cells than the header.

    A renderer silently cuts or fills such rows, so the cells are counted in the text.
    """
    broken, width = [], 0
    in_tables = {
        number
        for one in tokens(text)
        if one.type == "table_open" and one.map
        for number in range(one.map[0], one.map[1])
    }
    for number, line in enumerate(text.split("\n")):
        if not line.startswith("|"):
            width = 0
            continue
        cells = line.replace(r"\|", "").count("|") - 1
        width = width or cells
        if number not in in_tables or cells != width:
            broken.append(line)
    return broken


def shown(text: str) -> str:
    """All the text that a reader sees, and nothing of the markup."""
    found = []
    for block in tokens(text):
        found += [one.content for one in block.children or () if one.type in {"text", "code_inline"}]
    return "\n".join(found)
