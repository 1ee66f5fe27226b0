"""Days of the calendar as people write them."""

import re
from datetime import date


def written_day(text: str) -> date | None:
    """The day that a text such as 2027-01-31 names; None where it names none.

    Python's own reading takes the other forms of ISO 8601 as well, such as 20270131.
    """
    if not re.fullmatch("[0-9]{4}-[0-9]{2}-[0-9]{2}", text):
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
