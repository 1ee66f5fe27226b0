"""JSON as it may go to a terminal too: every name exact, and nothing in it that acts."""

import json

from backup_reconciler.spec.visible import MARK_OF_COMMANDS


def harmless(text: str) -> str:
    """JSON, less the characters that a terminal or an editor acts on: they are written as escapes, which read the same.

    JSON itself asks that of U+0000 to U+001F alone (RFC 8259, section 7), and not of what turns text round, ends a line
    or begins a command to the terminal (U+007F to U+009F) or to a pipeline. Between its strings it has none of them.
    """
    if "##" in text:
        text = MARK_OF_COMMANDS.sub(r"#\\u0023", text)
    if text.replace("\n", "").isprintable():
        return text
    return "\n".join(line if line.isprintable() else "".join(map(_written, line)) for line in text.split("\n"))


def _written(character: str) -> str:
    """In JSON characters beyond U+FFFF are two escapes; `json` leaves U+007F as it is."""
    if character.isprintable():
        return character
    return "\\u007f" if character == "\x7f" else json.dumps(character)[1:-1]
