"""A part of the manifests' vaults, for runs that share the work among several machines."""

import hashlib
import re
from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId

MOST_SHARDS = 1000
_WRITTEN = re.compile("([0-9]{1,4})/([0-9]{1,4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Shard:
    """The `number`-th of `count` parts, counted from 1. `1/1` is the whole."""

    number: int = 1
    count: int = 1

    @classmethod
    def written(cls, text: str) -> "Shard | None":
        """What a text such as 3/10 says; None where it says no such thing."""
        match = _WRITTEN.fullmatch(text)
        if match is None:
            return None
        number, count = int(match[1]), int(match[2])
        return cls(number, count) if 1 <= number <= count <= MOST_SHARDS else None

    @property
    def is_whole(self) -> bool:
        return self.count == 1

    def has(self, resource: ArmId) -> bool:
        """Whether a vault, or anything else that has one owner, belongs to this part: to exactly one of them.

        Its id alone decides, in whatever letter case, so that nothing changes hands when others come and go.
        """
        digest = hashlib.sha256(resource.key.encode()).digest()
        return int.from_bytes(digest[:8], "big") % self.count == self.number - 1

    def __str__(self) -> str:
        return f"{self.number}/{self.count}"


WHOLE = Shard()
