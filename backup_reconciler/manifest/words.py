"""How values, choices and field paths are put in a message: on one line, short, and safe to print."""

import json
import re
from collections.abc import Iterable
from difflib import get_close_matches
from math import isfinite

from backup_reconciler.spec.document import FieldPath
from backup_reconciler.spec.visible import visible

_PLAIN_KEY = re.compile(r"[A-Za-z_][A-Za-z0-9_-]*")
_LONGEST = 60
_LONGEST_NAME = 150
"""Characters that a handle may have."""
_SECRET = re.compile(r"\b(sig|password|pwd|AccountKey|SharedAccessKey)=[^&;\s]*", re.IGNORECASE)
"""A signature of a shared access URL, or the key or password of a connection string."""


def quoted(text: str) -> str:
    """A text as a message repeats it, without a secret that stands in it: messages end up in logs."""
    return f'"{visible(_shortened(_without_secrets(text)))}"'


def named(text: str) -> str:
    """As `quoted`, for the kind or the handle of a document, which are whole unless they are no such thing."""
    return visible(_shortened(_without_secrets(text), _LONGEST_NAME))


def _without_secrets(text: str) -> str:
    """Leaves out what may be user:password@, up to the last @, and keys and signatures that are called so."""
    before, _, after = text.rpartition("@")
    return _SECRET.sub(r"\1=…", f"…@{after}" if ":" in before else text)


def shown(value: object) -> str:
    """A value as a message names it."""
    match value:
        case None | bool():
            return json.dumps(value)
        case str():
            return f"the text {quoted(value)}"
        case int() | float():
            return f"the number {_shortened(str(value))}" if isfinite(value) else "no finite number"
        case list():
            return "a list"
        case _:
            return "a mapping"


def _shortened(text: str, longest: int = _LONGEST) -> str:
    return text if len(text) <= longest else text[: longest - 1] + "…"


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
    return f"did you mean {named(choice)}?" if choice else otherwise


def nearest(word: str, choices: Iterable[str]) -> str | None:
    """The choice that `word` is most likely a misspelling of. Letter case, hyphens and underscores do not count."""
    if len(word) > _LONGEST:  # no name is that long, and comparing takes the square of the length
        return None
    by_squashed = {_squashed(choice): choice for choice in choices}
    squashed = _squashed(word)
    found = get_close_matches(squashed, by_squashed, n=1, cutoff=0.65 if len(squashed) > 4 else 0.75)
    begun = [choice for choice in by_squashed if len(squashed) > 2 and choice.startswith(squashed)]
    return next((by_squashed[choice] for choice in (*found, *begun)), None)


def _squashed(word: str) -> str:
    return word.casefold().replace("-", "").replace("_", "")
