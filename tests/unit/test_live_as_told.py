"""Reading what Azure may refuse to tell: work that is broken off before its turn has not begun."""

import asyncio
from collections.abc import Coroutine
from typing import Any

from backup_reconciler.live.as_told import of_each


def test_work_that_is_broken_off_before_its_turn_was_never_begun() -> None:
    """Python would complain on standard error of work that was made and never awaited: of Ctrl-C at a bad moment."""
    begun: list[str] = []

    def work(name: str) -> Coroutine[Any, Any, None]:
        begun.append(name)
        return asyncio.sleep(0)

    async def broken_off() -> None:
        reading = asyncio.create_task(of_each(["a", "b"], work))
        await asyncio.sleep(0)  # its tasks are made, and have not had their turn
        all_of = asyncio.all_tasks() - {asyncio.current_task()}
        for task in all_of:  # as asyncio.run does, when Ctrl-C ends it
            task.cancel()
        await asyncio.gather(*all_of, return_exceptions=True)
        assert reading.cancelled()

    asyncio.run(broken_off())
    assert begun == []
