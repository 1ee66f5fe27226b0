"""What time of day somebody meant."""

import re

_WRITTEN = re.compile(r"(\d{1,2})(?:[:.h]?([0-5]\d))?(?::[0-5]\d)?\s*([ap]m)?", re.IGNORECASE | re.ASCII)


def nearest_start_time(text: str) -> str | None:
    """The nearest time that is on a half hour, or None where `text` is no time of day."""
    written = _WRITTEN.fullmatch(text.strip())
    if written is None:
        return None
    hour, half_day = int(written[1]), (written[3] or "").lower()
    if hour > 24 or (half_day and not 1 <= hour <= 12):
        return None
    if half_day:
        hour = hour % 12 + (12 if half_day == "pm" else 0)
    halves = (hour * 60 + int(written[2] or 0) + 15) // 30 % 48
    return f"{halves // 2:02}:{halves % 2 * 30:02}"
