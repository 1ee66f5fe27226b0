"""Request bodies as data, of a kind that can be answered with and kept: what is not is handed on as text.

The core takes text for no object, and answers as ARM does to content that it cannot deserialise.
"""

from __future__ import annotations

import json
from typing import Any, NoReturn

_DEEPEST = 64
"""Objects and lists inside each other; real bodies have eight."""


def content(raw: bytes) -> Any:
    """The body as JSON; None where there is none."""
    if not raw.strip():
        return None
    try:
        found = json.loads(raw, parse_constant=_no_number)
        if b"\\u" in raw:
            json.dumps(found, ensure_ascii=False).encode()  # half a surrogate pair is no text
    except (ValueError, RecursionError):
        return as_text(raw)
    return found if _is_shallow(found) else as_text(raw)


def as_text(raw: bytes) -> str:
    """Bytes as text that can be written again, whatever they are."""
    return raw.decode("utf-8", "replace")


def _no_number(constant: str) -> NoReturn:
    """`NaN` and `Infinity` are Python's, not JSON's."""
    raise ValueError(constant)


def _is_shallow(value: Any) -> bool:
    level = [value]
    for _ in range(_DEEPEST):
        level = [
            inner
            for outer in level
            for inner in (outer.values() if isinstance(outer, dict) else outer if isinstance(outer, list) else ())
            if isinstance(inner, dict | list)
        ]
        if not level:
            return True
    return False
