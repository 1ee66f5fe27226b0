"""Why something failed."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Failure:
    """Why an operation and its job failed: `code` stands in the operation's `error` and is the job's `errorTitle`."""

    code: str
    message: str
    number: int = 0
    """The job's `errorCode`; most of Azure's numbers are not published, and then it is 0."""
