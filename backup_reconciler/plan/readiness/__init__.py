"""Readiness: whether the backups of VMs would succeed, from what surrounds them."""
