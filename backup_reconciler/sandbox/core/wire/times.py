"""How the service writes moments and lengths of time."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from functools import lru_cache

NEVER = "2001-01-01T00:00:00Z"
"""`lastBackupTime` of an item that has no backup yet (R21 item.json)."""

NOT_ENDED = "0001-01-01T00:00:00"
"""`endTime` of a running operation; it carries no zone (R21)."""


@lru_cache(maxsize=4096)
def stamp(moment: datetime) -> str:
    """A moment as .NET prints it: UTC, `Z`, the fraction without trailing zeros (R21).

    Remembered, because the elements of a list have few moments between them and printing one is half of showing it.
    """
    moment = moment.astimezone(UTC)
    fraction = f".{moment.microsecond:06d}".rstrip("0") if moment.microsecond else ""
    return f"{moment:%Y-%m-%dT%H:%M:%S}{fraction}Z"


def offset_stamp(moment: datetime) -> str:
    """A moment as Compute prints it: UTC as `+00:00` (R21 policy.json)."""
    return f"{stamp(moment)[:-1]}+00:00"


def parse_stamp(text: str) -> datetime:
    """An ISO 8601 moment; without a zone it is UTC. Raises ValueError."""
    moment = datetime.fromisoformat(text)
    try:
        return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
    except OverflowError as error:
        raise ValueError(text) from error


def duration(length: timedelta) -> str:
    """An ISO 8601 length as jobs print it: `PT1H1M11.07S`; units that are zero are left out (R21 job.json)."""
    days, rest = divmod(length, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    seconds = f"{rest.total_seconds():.6f}".rstrip("0").rstrip(".")
    text = "".join(f"{count}{unit}" for count, unit in ((hours, "H"), (minutes, "M")) if count)
    if seconds != "0" or not (text or days):
        text += f"{seconds}S"
    return f"P{f'{days}D' if days else ''}{f'T{text}' if text else ''}"


def time_span(length: timedelta) -> str:
    """A .NET TimeSpan, `13.23:59:44.59`: `deferredDeleteTimeRemaining` of a soft-deleted item (R21 softdelete)."""
    length = max(length, timedelta(0))
    days, rest = divmod(length, timedelta(days=1))
    hours, rest = divmod(rest, timedelta(hours=1))
    minutes, rest = divmod(rest, timedelta(minutes=1))
    fraction = f".{rest.microseconds:06d}0" if rest.microseconds else ""
    return f"{f'{days}.' if days else ''}{hours:02d}:{minutes:02d}:{rest.seconds:02d}{fraction}"


def american(moment: datetime) -> str:
    """A moment inside a job's property bag: `6/25/2021 12:00:00 AM` (R21 job.json)."""
    moment = moment.astimezone(UTC)
    hour = moment.hour % 12 or 12
    half = "AM" if moment.hour < 12 else "PM"
    return f"{moment.month}/{moment.day}/{moment.year} {hour}:{moment:%M:%S} {half}"


def parse_filter_time(text: str) -> datetime:
    """A moment inside `$filter`: `yyyy-MM-dd hh:mm:ss tt` in UTC; clients send hour 00 too. Raises ValueError."""
    day, clock, half = text.split(" ")
    hours, minutes, seconds = (int(part) for part in clock.split(":"))
    if half.upper() not in {"AM", "PM"} or not 0 <= hours <= 12:
        raise ValueError(text)
    hours = hours % 12 + (12 if half.upper() == "PM" else 0)
    return datetime.fromisoformat(day).replace(hour=hours, minute=minutes, second=seconds, tzinfo=UTC)
