"""Actions on backup policies."""

from dataclasses import dataclass

from backup_reconciler.plan.action.base import VaultAction
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import PolicySettings, Tier
from backup_reconciler.state.policy import LivePolicy


@dataclass(frozen=True, kw_only=True)
class CreatePolicy(VaultAction):
    """Create a policy in a vault."""

    verb = "createPolicy"

    policy: ArmId
    tier: Tier
    settings: PolicySettings
    """What is written; where the policy keeps its local hour, in another time zone than is declared."""
    comes_with_vault: bool = False
    """Whether the service puts a policy of this name into the vault, which this run creates: that one is written
    over."""


@dataclass(frozen=True, kw_only=True)
class UpdatePolicy(VaultAction):
    """Change a policy in place, for all the VMs that are bound to it."""

    verb = "updatePolicy"

    live: LivePolicy
    settings: PolicySettings
    """What is written; where the policy keeps its local hour, in another time zone than is declared."""
    vms: tuple[ArmId, ...]
    """The VMs that are backed up by it."""

    @property
    def touched(self) -> tuple[ArmId, ...]:
        return self.vms

    @property
    def policy(self) -> ArmId:
        return self.live.id


@dataclass(frozen=True, kw_only=True)
class DeletePolicy(VaultAction):
    """Delete a policy that no VM is bound to any more; no recovery point is touched by it."""

    verb = "deletePolicy"

    policy: ArmId
    live: LivePolicy | None
    """What the plan was made from; None for one that the service puts into a vault which this run creates."""
