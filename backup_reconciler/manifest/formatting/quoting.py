"""Scalars in the one way of writing them that the formatter knows: plain where that is safe, else "double quoted"."""

import json

from backup_reconciler.manifest.text.scalars import needs_quotes, plain_value
from backup_reconciler.spec.visible import MARK_OF_COMMANDS

MERGE = "<<"
"""A key that some readers of YAML take for an order to merge; only as long as it has no quotes."""


def in_one_line(value: str, style: str, source: str, *, tagged: bool) -> str:
    """How a scalar is written, given what it reads as, its style (a quote or nothing) and how it was written.

    Numbers and the words of YAML stay as they are. So do double quotes that are needed: whether é or its escape is
    nicer is for people to say. `source` may have several lines, but for that it would be taken as it is.
    """
    several_lines = any(sign in source for sign in "\n\u2028\u2029")
    if tagged:  # the tag, not the form, says what it is
        return double_quoted(value) if several_lines else source
    if not style and (not isinstance(plain_value(value), str) or value == MERGE):
        return value
    if value != MERGE and not needs_quotes(value):
        return value
    return source if style == '"' and not several_lines else double_quoted(value)


def double_quoted(text: str) -> str:
    """`text` in double quotes, on one line; escapes are for what YAML cannot hold, nobody could see, or would act."""
    escaped = json.dumps(text, ensure_ascii=False)  # every escape of JSON is one of YAML
    if "##" in escaped:
        escaped = MARK_OF_COMMANDS.sub(r"#\\u0023", escaped)
    return escaped if escaped.isprintable() else "".join(map(_shown, escaped))


def _shown(character: str) -> str:
    if character.isprintable():
        return character
    return f"\\u{ord(character):04x}" if ord(character) < 0x10000 else f"\\U{ord(character):08x}"
