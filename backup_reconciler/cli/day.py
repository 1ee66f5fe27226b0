"""The day it is."""

from datetime import UTC, date, datetime


def today() -> date:
    """Today, in UTC; what depends on the day does not depend on where it runs."""
    return datetime.now(UTC).date()
