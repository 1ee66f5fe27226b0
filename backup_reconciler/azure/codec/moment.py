"""Codec of moments."""

from datetime import UTC, datetime


def utc(text: str) -> datetime:
    """A moment as Azure writes it; without a zone it is UTC."""
    moment = datetime.fromisoformat(text)
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
