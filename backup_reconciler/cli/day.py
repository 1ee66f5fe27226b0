"""The day it is, or is taken to be."""

import re
from datetime import UTC, date, datetime

import typer


def today() -> date:
    """Today, in UTC; what depends on the day does not depend on where it runs."""
    return datetime.now(UTC).date()


def written(text: str) -> date:
    """The day that an option names."""
    if re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):  # Python reads other forms of ISO 8601 too
        try:
            return date.fromisoformat(text)
        except ValueError:
            pass
    raise typer.BadParameter(f"'{text}' is not a day such as 2027-01-31.")
