"""A live backup policy."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import PolicySettings, Retention


@dataclass(frozen=True, slots=True)
class LivePolicy:
    """A policy for VMs as Azure has it."""

    id: ArmId
    settings: PolicySettings | None
    """None when the words of a manifest cannot tell it; `not_understood` then says why."""
    not_understood: str
    tier: Literal["Standard", "Enhanced"]
    retention: Retention | None
    """How long it keeps points, of a policy of either tier; None where that cannot be told."""
    raw: Mapping[str, Any] = field(repr=False)

    @property
    def name(self) -> str:
        return self.id.name
