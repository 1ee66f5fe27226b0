"""Which errors are the user's to read, and how each is told."""

import sys

from backup_reconciler.report.words import visible


class UsageError(Exception):
    """The command line asks for something that does not go together."""


class UserInterrupted(Exception):
    """The user pressed Ctrl-C, and what was going on was left."""


def told_to_users(error: BaseException) -> str:
    """The message for an error, in one piece.

    The rooms are asked only if they have been imported: an error of a room that nobody imported cannot have happened.
    """
    if isinstance(error, OSError):
        return f"error: {visible(_of_the_system(error))}"
    if isinstance(error, UsageError):
        return f"error: {visible(error)}"
    for module, name in _TOLD:
        kind = getattr(sys.modules.get(module), name, None)
        if kind is not None and isinstance(error, kind):
            return str(error) if name == "ManifestError" else f"error: {error}"
    return (
        f"error: a mistake of backup-reconciler itself: {type(error).__name__}: {error}; "
        "please report it, with what BACKUP_RECONCILER_TRACEBACK=1 prints"
    )


def _of_the_system(error: OSError) -> str:
    """What the system says of which file. Its number for that helps nobody."""
    said = error.strerror or str(error)
    return f"{error.filename}: {said}" if error.filename else said


_TOLD = (
    ("backup_reconciler.manifest", "ManifestError"),
    ("backup_reconciler.manifest.starting_point", "NoStartingPointError"),
    ("backup_reconciler.azure.errors", "AzureError"),
    ("backup_reconciler.azure.cloud", "EndpointError"),
    ("backup_reconciler.azure.lease_errors", "LockError"),
    ("backup_reconciler.apply.interrupt", "Interrupted"),
    ("backup_reconciler.plan.order", "PlanCycleError"),
    ("backup_reconciler.report.earlier", "EarlierReportError"),
    ("backup_reconciler.report.merge.errors", "MergeError"),
    ("backup_reconciler.sandbox", "WorldError"),
)
