"""Moments as a world writes them."""

from datetime import UTC, datetime


def written(moment: datetime) -> str:
    """To the second, in UTC."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def past(text: object, before: datetime) -> str | None:
    """A moment as Azure writes it, in the words of a world; None where it is none that lies in the past.

    Before the first backup the service writes a time of 2001 (R21).
    """
    try:
        moment = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    moment = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return written(moment) if datetime(2002, 1, 1, tzinfo=UTC) < moment <= before else None
