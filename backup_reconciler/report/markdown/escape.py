"""Text of other people in Markdown: it is shown, and never acts.

Names and tags of resources can hold anything. In a comment they could otherwise draw a table, close a fold, load an
image, mention a person or refer to an issue.
"""

import re

from backup_reconciler.report.words import visible

_SPECIAL = re.compile(r"([\\`*_\[\]|~])")
"""What acts in the middle of a line; foreign text never begins one."""
_REFERENCE = re.compile(r"[@#]|://|www\.", re.IGNORECASE)
_BACKTICKS = re.compile(r"`+")
_NOTHING = "<!-- -->"
"""Shows nothing, and keeps apart what a code host would otherwise read together."""


def prose(text: object) -> str:
    """A sentence that may hold names: no markup in it counts, nobody is mentioned, nothing is linked."""
    plain = visible(text).replace("&", "&amp;").replace("<", "&lt;")
    parts: list[str] = []
    end = 0
    for reference in _REFERENCE.finditer(plain):
        head, tail = reference[0][0], reference[0][1:]
        parts += [_escaped(plain[end : reference.start()]), _escaped(head), _NOTHING, _escaped(tail)]
        end = reference.end()
    return "".join((*parts, _escaped(plain[end:])))


def code(text: object) -> str:
    """A name or a value as code, whatever backticks it holds; within a table a pipe is escaped, as tables want it."""
    plain = visible(text)
    if not plain.strip():
        return prose(plain)
    fence = "`" * (1 + max((len(run) for run in _BACKTICKS.findall(plain)), default=0))
    pad = " " if plain.startswith(("`", " ")) or plain.endswith(("`", " ")) else ""
    return f"{fence}{pad}{plain}{pad}{fence}".replace("|", r"\|")


def _escaped(text: str) -> str:
    return _SPECIAL.sub(r"\\\1", text)
