"""Reads the snapshot, in as few requests as can be: the unit is the list, not the item."""

from backup_reconciler.live.read import read_estate, read_items, read_policies, read_snapshot, read_vault

__all__ = ["read_estate", "read_items", "read_policies", "read_snapshot", "read_vault"]
