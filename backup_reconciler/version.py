"""Which version of the program this is."""

from importlib.metadata import version as version_of


def version() -> str:
    """The version that is installed."""
    return version_of("backup-reconciler")
