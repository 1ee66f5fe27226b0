"""Moments as a world writes them."""

from datetime import UTC, datetime

_NONE_BEFORE = datetime(2002, 1, 1, tzinfo=UTC)
"""Where the service has nothing to tell it writes a time of 2001 (recorded answers)."""


def written(moment: datetime) -> str:
    """To the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def past(moment: datetime | None, before: datetime) -> str | None:
    """A moment in the words of a world; None where it is none that lies in the past."""
    return written(moment) if moment and _NONE_BEFORE < moment <= before else None
