"""A plan → writes: in the order of what depends on what, watched until they are true, and read back."""

from backup_reconciler.apply.executor import execute
from backup_reconciler.apply.gate import DryRunGate, LiveGate
from backup_reconciler.apply.interrupt import Interrupt, InterruptibleClock
from backup_reconciler.plan.outcome import Outcome, Result, Status

__all__ = ["DryRunGate", "Interrupt", "InterruptibleClock", "LiveGate", "Outcome", "Result", "Status", "execute"]
