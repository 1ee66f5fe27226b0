"""Specs + snapshot → a Plan: ordered actions and findings. Pure: no I/O, no clock, no Azure SDK."""

from backup_reconciler.plan.planner import make_plan, scope_of

__all__ = ["make_plan", "scope_of"]
