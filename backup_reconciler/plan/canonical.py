"""Data in one form, and the digest of that form."""

import json
from hashlib import sha256
from typing import Any

ALGORITHM = "sha256:"
"""What a digest begins with."""


def canonical(data: Any) -> str:
    """JSON in which equal data is equal text: keys in order, and no space between the marks."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def digest_of(text: str) -> str:
    """Its SHA-256, with the name of the algorithm in front."""
    return f"{ALGORITHM}{sha256(text.encode(errors='surrogatepass')).hexdigest()}"
