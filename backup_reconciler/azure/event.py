"""Events of the log: a sentence for people, and beside it the same as fields for programs.

A log record carries both; which of them is written is decided where the log goes (`--log-format`). No field holds a
body, a header with a credential, or the query of a request: that of a next page holds a token, and that of a download
is signed.
"""

from typing import Any


def event(name: str, **fields: Any) -> dict[str, Any]:
    """The `extra=` of a log record; fields that are None are left out."""
    return {"event": name, "fields": {key: value for key, value in fields.items() if value is not None}}
