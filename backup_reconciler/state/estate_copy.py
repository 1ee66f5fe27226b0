"""All that is read of an estate to make a copy of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from backup_reconciler.state.machine import LiveMachine
from backup_reconciler.state.snapshot import VaultContents


@dataclass(frozen=True, slots=True)
class EstateToCopy:
    """Vaults with what they hold, and the VMs of the subscriptions that were read."""

    at: datetime
    """When it was read."""
    subscriptions: frozenset[str]
    """Ids, in lower case, of the subscriptions whose VMs were read: a VM of theirs that is not here does not exist."""
    vaults: Sequence[VaultContents]
    machines: Sequence[LiveMachine]
