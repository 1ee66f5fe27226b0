"""A live estate as a world, for an Azure in a box to be made from: names as they are, or scrambled."""

from backup_reconciler.report.copy.names import Kept, Names, Scrambled
from backup_reconciler.report.copy.policy import WhyNoPolicy
from backup_reconciler.report.copy.world import WorldCopy, copy_world

__all__ = ["Kept", "Names", "Scrambled", "WhyNoPolicy", "WorldCopy", "copy_world"]
