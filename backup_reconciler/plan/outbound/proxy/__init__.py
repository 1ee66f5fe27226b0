"""Outbound access by a proxy."""
