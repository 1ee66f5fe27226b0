"""How often lists may be read while watching."""

import math
from datetime import timedelta

READS_AN_HOUR = 150
"""Reads of one action that a subscription has in an hour (429 of 2021: "exceeded the limit of '150'", of 2022: 300).

Today's service may be more generous. It does not say so beforehand, and who exceeds the limit waits for up to an hour.
"""
_REPEATED_READS = READS_AN_HOUR * 2 // 3
AT_LEAST = 30.0
"""Seconds: configuring a VM takes longer than this, and everybody who waits is served by the same look."""
TOO_SLOW = 300.0
"""Seconds from which on Resource Graph, which is minutes behind, knows sooner than the next look at the lists."""
JOBS_BEFORE = timedelta(hours=1)
"""How far back a job may have started and still be under way; configuring a VM takes a minute or two."""


def seconds_between_looks(reads: int, left: int) -> float:
    """Seconds between two looks, when one at all that is watched takes `reads` and an hour has so many of them left."""
    return max(AT_LEAST, 3600 * reads / left) if left > 0 else math.inf


def seconds_for_reads(reads: int) -> float:
    """Seconds between two looks that take so many reads of one action each.

    They spend two thirds of what the limit allows; the rest is for those who look elsewhere, and for what was read
    before. Looks that take more than that come once an hour, and those beyond the limit more seldom.
    """
    looks_an_hour = max(1, _REPEATED_READS // max(reads, 1))
    return max(AT_LEAST, 3600.0 / looks_an_hour, 3600.0 * reads / READS_AN_HOUR)


def reads_in(seconds: float) -> int:
    """How many reads looks may take that are so far apart."""
    return int(_REPEATED_READS * seconds / 3600.0)
