"""Running the asynchronous part of a verb."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from backup_reconciler.cli.errors import UserInterrupted

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end. Ctrl-C cancels the work, lets it clean up, and is raised as `UserInterrupted`."""
    try:
        return asyncio.run(work)
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise UserInterrupted from None
