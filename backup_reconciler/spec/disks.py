"""Which data disks of a VM are backed up. The disk of the operating system always is."""

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Disks:
    """Data disks by their LUN: those of a list, or all but those of a list."""

    luns: frozenset[int] = frozenset()
    included: bool = False
    """Whether the list names the disks that are backed up; otherwise those that are left out."""

    @property
    def words(self) -> Any:
        """The value of `disks` in a manifest."""
        if self == ALL:
            return "all"
        if self == OS_ONLY:
            return "osOnly"
        return {"include" if self.included else "exclude": sorted(self.luns)}


ALL = Disks()
OS_ONLY = Disks(included=True)
