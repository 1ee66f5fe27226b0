"""The two sides of a resource as digests: what manifests declare of it, and what Azure has."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backup_reconciler.plan.canonical import ALGORITHM, canonical, digest_of

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
    return digest_of(canonical(_folded(value))).removeprefix(ALGORITHM)[:_DIGITS]


def _folded(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {str(name): _folded(inner) for name, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return sorted((_folded(inner) for inner in value), key=canonical)
    return value.casefold() if isinstance(value, str) and value.startswith("/") else value
