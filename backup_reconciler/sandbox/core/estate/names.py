"""The words that everything in the estate is said with."""

from __future__ import annotations

from typing import Any, Literal

Json = dict[str, Any]
Era = Literal[2021, 2026]


def region_key(location: str) -> str:
    """`Japan East` and `japaneast` are one region."""
    return location.replace(" ", "").lower()


def fold(name: str) -> str:
    """The form under which a name or id is compared."""
    return name.lower()
