"""The two sides of a resource as digests: what manifests declare of it, and what Azure has."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

NONE = "none"
"""In the place of a digest: no manifest declares it, or Azure does not have it."""
_DIGITS = 16


@dataclass(frozen=True, slots=True)
class Sides:
    """What is declared and what was found at one address. None is what cannot be told, and never a guess."""

    declared: str | None
    """A digest of what manifests state, whatever their places and comments."""
    found: str | None
    """A digest of all that Azure has there, whatever part of it is stated."""
    selected_by: tuple[str, ...] = ()
    """The documents that mean the resource by selecting it in Azure; none where a manifest names it."""


def digest(value: Any) -> str:
    """Of plain data in the words of a manifest. Neither letter case in ids nor the order of lists counts."""
    text = json.dumps(_folded(value), sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(text.encode()).hexdigest()[:_DIGITS]


def _folded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _folded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return sorted((_folded(inner) for inner in value), key=lambda inner: json.dumps(inner, sort_keys=True))
    return value.casefold() if isinstance(value, str) and value.startswith("/") else value
