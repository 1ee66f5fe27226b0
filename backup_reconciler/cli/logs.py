"""Where the log goes, and in which form: to standard error, as sentences or as a line of JSON for each event."""

import json
import logging
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from enum import StrEnum

from backup_reconciler.azure.event import event
from backup_reconciler.azure.secrets import without_secrets
from backup_reconciler.report.words import visible
from backup_reconciler.spec.json_text import harmless

_OURS = logging.getLogger("backup_reconciler")


class LogFormat(StrEnum):
    """How the log is written."""

    TEXT = "text"
    JSON = "json"


def set_up_logging(format_: LogFormat, *, verbose: bool) -> None:
    """Our own log goes to standard error; the libraries' logs, which may hold headers, go nowhere.

    Text tells what people should know, and with `verbose` all. JSON is for programs, which choose for themselves: it
    tells what became of each action and the summary too, and with `verbose` each request.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_JsonLines() if format_ is LogFormat.JSON else _Sentences())
    everything_else = logging.getLogger()
    if not everything_else.handlers:  # without one Python prints the libraries' warnings, advice and all
        everything_else.addHandler(logging.NullHandler())
    _OURS.handlers = [handler]
    _OURS.propagate = False
    usual = logging.INFO if format_ is LogFormat.JSON else logging.WARNING
    _OURS.setLevel(logging.DEBUG if verbose else usual)


def follow_clock(now: Callable[[], datetime]) -> None:
    """From here on the log has the time of this clock: in a sandbox it is the box's."""
    for handler in _OURS.handlers:
        if isinstance(handler.formatter, _OnClock):
            handler.formatter.now = now


def is_json() -> bool:
    """Whether standard error is read by a program."""
    return any(isinstance(handler.formatter, _JsonLines) for handler in _OURS.handlers)


def tell(name: str, text: str) -> None:
    """Something that people should know of and that is no report: an event, whose text they get as it is."""
    _OURS.warning("%s", text, extra={**event(name), "as_it_is": True})


def tell_error(message: str, status: int) -> None:
    """What ended the program, with the exit status that it ends with."""
    _OURS.error("%s", message, extra={**event("error", exitStatus=status), "as_it_is": True})


class _OnClock(logging.Formatter):
    """Has the time from a clock that is handed in."""

    def __init__(self) -> None:
        super().__init__()
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)


class _Sentences(_OnClock):
    """For people. What Azure says may hold control characters; a terminal must not get them raw."""

    def format(self, record: logging.LogRecord) -> str:
        message = without_secrets(record.getMessage())
        if getattr(record, "as_it_is", False):
            return "\n".join(map(visible, message.split("\n")))
        return visible(f"{self.now():%H:%M:%SZ} {message}")


class _JsonLines(_OnClock):
    """For programs: an object a line."""

    def format(self, record: logging.LogRecord) -> str:
        fields = {
            "time": self.now().isoformat(timespec="milliseconds").replace("+00:00", "Z"),
            "level": record.levelname.lower(),
            "event": getattr(record, "event", "message"),
            "message": record.getMessage().strip(),
            **getattr(record, "fields", {}),
        }
        kept = {name: without_secrets(value) if isinstance(value, str) else value for name, value in fields.items()}
        return harmless(json.dumps(kept))
