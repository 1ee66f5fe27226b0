"""Backup policies and their rules."""
