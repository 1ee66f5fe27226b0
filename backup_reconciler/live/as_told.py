"""Reading what a plan can do without: where Azure would not tell it, that is the answer."""

from collections.abc import Callable, Coroutine, Iterable
from typing import Any, TypeVar

from backup_reconciler.azure.errors import NotAllowed, Refused, ServiceFailed, Throttled
from backup_reconciler.azure.tasks import gather
from backup_reconciler.state.not_read import NotRead

K = TypeVar("K")
T = TypeVar("T")


async def of_each(names: Iterable[K], work: Callable[[K], Coroutine[Any, Any, T]]) -> dict[K, T | NotRead]:
    """What comes of some work on each of these, such as subscriptions."""
    wanted = list(names)

    async def as_told(name: K) -> T | NotRead:  # begins the work only when its turn has come, which may be never
        return await or_not_read(work(name))

    return dict(zip(wanted, await gather(map(as_told, wanted)), strict=True))


async def or_not_read(work: Coroutine[Any, Any, T]) -> T | NotRead:
    """The result, or that Azure would not tell it."""
    try:
        return await work
    except (NotAllowed, Refused, Throttled, ServiceFailed) as error:
        return NotRead(error.brief, forbidden=isinstance(error, NotAllowed))
