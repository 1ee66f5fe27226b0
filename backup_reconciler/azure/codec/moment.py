"""Codec of moments."""

from datetime import UTC, datetime


def utc(text: str) -> datetime:
    """A moment as Azure writes it, in UTC; without a zone it is UTC.

    Raises `ValueError` for what is no moment, and `OverflowError` for one that UTC has no day for.
    """
    moment = datetime.fromisoformat(text)
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)
