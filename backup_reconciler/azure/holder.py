"""Who has the lock, as its blob tells others."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import quote, unquote

_WHO, _WHERE, _SINCE = "lockedby", "lockedfrom", "lockedsince"
_PLAIN = " /:@.,?=&+-_~()"
_LONGEST = 256


@dataclass(frozen=True, slots=True)
class Holder:
    """A run that has the lock, or had it last."""

    who: str
    where: str
    """The machine, or the address of the pipeline's run."""
    since: datetime | None
    """In UTC; None where what is written is no time."""

    @property
    def metadata(self) -> dict[str, str]:
        """As metadata of the blob, which travels in headers and so has ASCII alone."""
        since = self.since.isoformat(timespec="seconds") if self.since else ""
        written = {_WHO: self.who, _WHERE: self.where, _SINCE: since}
        return {name: quote(value[:_LONGEST], safe=_PLAIN) for name, value in written.items()}

    @classmethod
    def told(cls, metadata: Mapping[str, str]) -> "Holder | None":
        """The holder that a blob tells of; None where it tells of none, because no run of ours has ever had it."""
        read = {name.casefold(): _harmless(unquote(value)) for name, value in metadata.items()}
        if _WHO not in read:
            return None
        return cls(read[_WHO], read.get(_WHERE, ""), _time(read.get(_SINCE, "")))

    def __str__(self) -> str:
        since = f", since {self.since:%Y-%m-%d %H:%M} UTC" if self.since else ""
        return f"{self.who} ({self.where}){since}"


def _harmless(text: str) -> str:
    """What others wrote, as one short line without control characters."""
    return "".join(c if c.isprintable() else "�" for c in text[:_LONGEST])


def _time(text: str) -> datetime | None:
    try:
        time = datetime.fromisoformat(text)
        return time.astimezone(UTC) if time.tzinfo else None
    except (OverflowError, ValueError):  # the latter is no time, and for the former UTC has no day
        return None
