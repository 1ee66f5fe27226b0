"""Declared Azure VM backups: manifests in git, Azure converged to them."""
