"""Running the asynchronous part of a verb."""

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

from backup_reconciler.cli.errors import UserInterrupted

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run to the end. Ctrl-C cancels the work, lets it clean up, and is raised as `UserInterrupted`.

    The result goes past asyncio's own task. When that ends, `asyncio.run` asks for the handler of Ctrl-C, `signal`
    looks for it in an enum, and words an error with its repr, in which the task's result is: the whole estate would be
    written out as text, for nobody (CPython 3.11, `signal._int_to_enum`).
    """
    result: list[T] = []

    async def keep_result() -> None:
        result.append(await work)

    try:
        asyncio.run(keep_result())
    except (KeyboardInterrupt, asyncio.CancelledError):
        raise UserInterrupted from None
    return result[0]
