"""Vaults and their settings."""
