"""What is ours in the network: told by a name, and by a description that holds a handle and a digest of the rest.

There is no state file, so what an earlier run wrote is found again by what it wrote.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from backup_reconciler.spec.outbound import owned_name

_DIGITS = 16
_MARK = re.compile(rf"backup-reconciler (?P<handle>\S+) (?P<digest>[0-9a-f]{{{_DIGITS}}})")


@dataclass(frozen=True, slots=True)
class Mark:
    """What a description of ours says."""

    handle: str
    digest: str

    @classmethod
    def of(cls, handle: str, body: Mapping[str, Any]) -> "Mark":
        """The mark of something that a document writes; `body` is all that must be so, as plain data."""
        text = json.dumps(body, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
        return cls(handle, sha256(text.encode()).hexdigest()[:_DIGITS])

    @classmethod
    def read(cls, description: str) -> "Mark | None":
        """The mark in a description; None where there is none."""
        found = _MARK.search(description)
        return cls(found["handle"], found["digest"]) if found else None

    def __str__(self) -> str:
        """As it is written, of at most 80 characters; the description of a security rule may have 140."""
        return f"backup-reconciler {self.handle} {self.digest}"


def is_named_for(name: str, handle: str) -> bool:
    """Whether a name is one that a document of this handle gives. ARM names ignore letter case."""
    return name.casefold().startswith(owned_name(handle, "").casefold())
