"""The ways of reading Azure that stand behind a snapshot."""

from enum import StrEnum


class ReadBy(StrEnum):
    """How what vaults hold is read."""

    LISTS = "lists"
    """The services' own lists: consistent, and three requests for each vault."""
    GRAPH = "graph"
    """Resource Graph: pages of a thousand rows over all vaults, minutes behind the services."""
    AUTO = "auto"
    """One of the others, whichever the request budget suggests: a wish, and never how a snapshot was read."""
