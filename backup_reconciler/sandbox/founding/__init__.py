"""Makes the estate that a world describes, and finds what in a world does not fit together."""

from backup_reconciler.sandbox.founding.estate import found_estate
from backup_reconciler.sandbox.founding.mistakes import mistakes

__all__ = ["found_estate", "mistakes"]
