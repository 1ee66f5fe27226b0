"""How often a list may be read while watching."""

_READS_AN_HOUR = 150
"""Recorded limit per action, shared by all vaults of a subscription (429 of 2021: "exceeded the limit of '150'")."""
_AT_LEAST = 30.0


def seconds_between_looks(watched_vaults: int) -> float:
    """Seconds between two readings of one vault's list, when that many vaults of its subscription are watched."""
    return max(_AT_LEAST, 3600.0 * watched_vaults / _READS_AN_HOUR)


def seconds_for_reads(reads: int) -> float:
    """Seconds after a look of so many reads of one action, for which no hour holds more reads than the limit.

    An hour may begin with a look and end with one, so it holds one look more than it has pauses.
    """
    return max(_AT_LEAST, 3600.0 * reads / max(_READS_AN_HOUR - reads, 1))
