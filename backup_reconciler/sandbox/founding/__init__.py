"""Makes the estate that a world describes, and finds what in a world does not fit together."""

from backup_reconciler.sandbox.founding.estate import found_estate
from backup_reconciler.sandbox.founding.mistakes import mistakes
from backup_reconciler.sandbox.founding.policies import why_no_policy

__all__ = ["found_estate", "mistakes", "why_no_policy"]
