"""Codec of tags."""

from collections.abc import Mapping
from typing import Any


def decode(arm: Mapping[str, Any]) -> dict[str, str]:
    """The tags of a resource. Azure writes null for an empty value too. Raises `TypeError` for what is no text."""
    found = {name: "" if value is None else value for name, value in (arm.get("tags") or {}).items()}
    for name, value in found.items():
        if not isinstance(value, str):
            raise TypeError(f"the tag {name} is no text")
    return found
