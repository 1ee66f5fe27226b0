"""Reading back: a write is done when Azure says what was wished, and not before."""

import json
from collections.abc import Awaitable, Callable, Iterator, Mapping
from typing import Any, Protocol

from backup_reconciler.apply.failure import AcceptedNotApplied
from backup_reconciler.azure.clock import Clock

_WAITS = (0.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds before each reading: most changes are there at once, a vault's may take a minute or two."""

Data = dict[str, Any]

_NOT_THERE = "it is not there"


class Stated(Protocol):
    """Something that can be told in the words of a manifest."""

    def stated(self) -> Data: ...


def _as_found(_wished: Data, found: Data) -> Data:
    return found


async def read_back(
    wished: Stated,
    read: Callable[[], Awaitable[Stated | None]],
    clock: Clock,
    align: Callable[[Data, Data], Data] = _as_found,
) -> None:
    """Read until what is stated in `wished` is so; reads lag behind writes by some seconds (issue 34530 of the specs).

    `align` makes of (wished, found) what is found, told the way it is wished.

    Raises `AcceptedNotApplied`, naming the fields, when after two minutes it still is not.
    """
    differing: list[str] = []
    for wait in _WAITS:
        if wait:
            await clock.sleep(wait)
        found = await read()
        differing = differences(wished.stated(), align(wished.stated(), found.stated())) if found else [_NOT_THERE]
        if not differing:
            return
    raise AcceptedNotApplied(f"accepted, not applied: Azure took the change, and {'; '.join(differing)}")


async def until_gone(exists: Callable[[], Awaitable[bool]], clock: Clock) -> None:
    """Read until it is not there any more. Raises `AcceptedNotApplied` when after two minutes it still is."""
    for wait in _WAITS:
        if wait:
            await clock.sleep(wait)
        if not await exists():
            return
    raise AcceptedNotApplied("accepted, not applied: Azure took the deletion, and it is still there")


def differences(wished: Data, found: Data) -> list[str]:
    """What is stated and not so, field by field, in words."""
    return [line for name, value in wished.items() for line in _differing(name, value, found.get(name))]


def _differing(path: str, wished: Any, found: Any) -> Iterator[str]:
    if wished == found:
        return
    if isinstance(wished, Mapping) and isinstance(found, Mapping):
        for name in (*wished, *sorted(found.keys() - wished.keys())):
            yield from _differing(f"{path}.{name}", wished.get(name), found.get(name))
    else:
        yield f"{path} still reads {_told(found)} instead of {_told(wished)}"


def _told(value: Any) -> str:
    """A value as a manifest writes it."""
    if value is None:
        return "nothing"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
