"""How often a list may be read while watching."""

_READS_AN_HOUR = 150
"""Recorded limit per action, shared by all vaults of a subscription (429 of 2021: "exceeded the limit of '150'")."""
_REPEATED_READS = _READS_AN_HOUR * 2 // 3
_AT_LEAST = 30.0


def seconds_between_looks(watched_vaults: int) -> float:
    """Seconds between two readings of one vault's list, when that many vaults of its subscription are watched."""
    return max(_AT_LEAST, 3600.0 * watched_vaults / _READS_AN_HOUR)


def seconds_for_reads(reads: int) -> float:
    """Seconds between two looks that take so many reads of one action each.

    They spend two thirds of what the limit allows; the rest is for those who look elsewhere, and for what was read
    before. Looks that take more than that come once an hour, and those beyond the limit more seldom.
    """
    looks_an_hour = max(1, _REPEATED_READS // max(reads, 1))
    return max(_AT_LEAST, 3600.0 / looks_an_hour, 3600.0 * reads / _READS_AN_HOUR)


def reads_in(seconds: float) -> int:
    """How many reads looks may take that are so far apart."""
    return int(_REPEATED_READS * seconds / 3600.0)
