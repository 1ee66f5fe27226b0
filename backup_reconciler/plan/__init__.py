"""Specs + snapshot → a Plan: ordered actions and findings. Pure: no I/O, no clock, no Azure SDK."""

from backup_reconciler.plan.planner import make_plan, scope_of
from backup_reconciler.plan.protection.first_backup import vaults_with_first_backups

__all__ = ["make_plan", "scope_of", "vaults_with_first_backups"]
