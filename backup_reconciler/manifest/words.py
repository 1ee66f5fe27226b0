"""How values, choices and field paths are put in a message: on one line, short, and safe to print."""

import re
from collections.abc import Iterable
from difflib import get_close_matches

from backup_reconciler.spec.document import FieldPath

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST = 60


def printable(text: str) -> str:
    """`text` with every character escaped that could break the line or fool the terminal."""
    return "".join(char if char.isprintable() else char.encode("unicode_escape").decode() for char in text)


def quoted(text: str) -> str:
    short = text if len(text) <= _LONGEST else text[: _LONGEST - 1] + "…"
    return f'"{printable(short)}"'


def shown(value: object) -> str:
    """A value as a message names it."""
    match value:
        case None:
            return "null"
        case bool():
            return "true" if value else "false"
        case str():
            return f"the text {quoted(value)}"
        case int() | float():
            number = str(value)
            return f"the number {number if len(number) <= _LONGEST else number[: _LONGEST - 1] + '…'}"
        case list():
            return "a list"
        case _:
            return "a mapping"


def dotted(path: FieldPath) -> str:
    """A field path as people write it: `spec.select.ids[0]`."""
    return "".join(_step(step) for step in path).removeprefix(".")


def _step(step: str | int) -> str:
    if isinstance(step, int):
        return f"[{step}]"
    return f".{step}" if _PLAIN_KEY.fullmatch(step) and len(step) <= _LONGEST else f"[{quoted(step)}]"


def either(choices: Iterable[str]) -> str:
    """`a`, `a or b`, `a, b or c`."""
    *most, last = choices
    return f"{', '.join(most)} or {last}" if most else last


def did_you_mean(word: str, choices: Iterable[str], otherwise: str) -> str:
    """The remedy for a misspelt word: the nearest choice, or `otherwise` where none is near."""
    choice = nearest(word, choices)
    return f"did you mean {printable(choice)}?" if choice else otherwise


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` is most likely a misspelling of. Letter case, hyphens and underscores do not count."""
    if len(word) > _LONGEST:  # no name is that long, and comparing takes the square of the length
        return None
    by_squashed = {_squashed(choice): choice for choice in choices}
    found = get_close_matches(_squashed(word), by_squashed, n=1)
    return by_squashed[found[0]] if found else None


def _squashed(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")
