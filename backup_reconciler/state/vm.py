"""A live virtual machine."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from backup_reconciler.spec.arm_id import ArmId


@dataclass(frozen=True, slots=True)
class LiveVM:
    """A virtual machine, as far as choosing it for a backup needs it."""

    id: ArmId
    location: str
    tags: Mapping[str, str]
    """By their names in lower case, because Azure ignores the case of a tag's name."""
    needs_enhanced: str = ""
    """What of it no Standard policy backs up, in words; empty where there is no such thing."""
    os: Literal["Linux", "Windows"] | None = None

    @property
    def name(self) -> str:
        return self.id.name
