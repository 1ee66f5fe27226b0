"""Reads the snapshot, in as few requests as can be: the unit is the list, not the item."""

from backup_reconciler.live.confirming import confirmed
from backup_reconciler.live.estate_copy import read_to_copy
from backup_reconciler.live.first_backups import with_backups_tried
from backup_reconciler.live.graph import read_by_graph
from backup_reconciler.live.holders import ask_for_holders
from backup_reconciler.live.jobs import list_jobs, with_phases
from backup_reconciler.live.lists import read_fleet, read_left_out, read_snapshot
from backup_reconciler.live.network import read_network, with_network
from backup_reconciler.live.readiness import read_readiness
from backup_reconciler.live.run_commands import with_run_commands
from backup_reconciler.live.vault import list_vaults, read_estate, read_items, read_policies, read_settings

__all__ = [
    "ask_for_holders",
    "confirmed",
    "list_jobs",
    "list_vaults",
    "read_by_graph",
    "read_estate",
    "read_fleet",
    "read_items",
    "read_left_out",
    "read_network",
    "read_policies",
    "read_readiness",
    "read_settings",
    "read_snapshot",
    "read_to_copy",
    "with_backups_tried",
    "with_network",
    "with_phases",
    "with_run_commands",
]
