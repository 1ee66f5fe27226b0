"""How far around now jobs are looked for."""

from datetime import datetime, timedelta

AHEAD = timedelta(hours=1)
"""How far the service's clock may be ahead of this one."""
_BACK = timedelta(days=30)
"""How far back the service keeps jobs, as far as its clients look."""


def all_jobs(now: datetime) -> tuple[datetime, datetime]:
    """The moments between which every job started that the service still tells of."""
    return now - _BACK, now + AHEAD
