"""How much a run changes, beside what has been agreed to for it."""

from dataclasses import dataclass

from backup_reconciler.spec.document import Place
from backup_reconciler.spec.max_changes import MaxChanges


@dataclass(frozen=True, slots=True)
class Limit:
    """How many VMs one run may do something to."""

    most: int
    place: Place | None = None
    """Where the settings state it; None where it is what holds unless they do."""


@dataclass(frozen=True, slots=True)
class Measured:
    """The VMs whose backups a run changes, and the limits of a run as a whole."""

    changed: int
    """Stopped, deleted, bound to another policy, or bound to a policy that changes."""
    stopped: int
    """Of these the ones whose backups are stopped, suspended or deleted."""
    held: int
    """The VMs that its vaults hold."""
    stops: Limit
    changes: Limit | None
    """None where the settings state none."""
    max_changes: MaxChanges | None
    """What the command line agrees to, in the place of all limits of the settings."""
