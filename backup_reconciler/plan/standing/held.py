"""What is known of the backup of a VM."""

from dataclasses import dataclass

from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.policy import LivePolicy
from backup_reconciler.state.protection import ItemState, LiveItem


@dataclass(frozen=True, slots=True)
class Held:
    """A backup of a VM."""

    vault: ArmId
    state: ItemState
    item: LiveItem | None = None
    """None for a vault whose lists are not read: of it is known only what is done for the VM."""
    policy: LivePolicy | None = None
    """The policy that the item is bound to; None where it is bound to none, or that is not read."""
