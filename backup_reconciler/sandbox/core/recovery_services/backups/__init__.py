"""Backups as they run."""
