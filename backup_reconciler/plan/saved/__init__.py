"""Saved plans: what was approved, and whether it is still what would be done."""
