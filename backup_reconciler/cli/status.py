"""What the exit status means: one list for every verb."""

from enum import IntEnum


class ExitStatus(IntEnum):
    """The promise that pipelines rely on."""

    FINE = 0
    ERROR = 1
    """An error, and nothing was done."""
    DIFFERENCES = 2
    """Managed differences were found, or by `check` VMs that are not ready."""
    IN_PART = 3
    """Applied in part."""
    INTERRUPTED = 130
