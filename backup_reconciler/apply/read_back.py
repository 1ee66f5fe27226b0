"""Reading back: a write is done when Azure says what was wished, and not before."""

from collections.abc import Awaitable, Callable
from typing import Any

from backup_reconciler.apply.failure import AcceptedNotApplied
from backup_reconciler.azure.clock import Clock
from backup_reconciler.spec.base import Model

_WAITS = (0.0, 5.0, 10.0, 20.0, 30.0, 60.0)
"""Seconds before each reading: most changes are there at once, a vault's may take a minute or two."""


async def read_back(wished: Model, read: Callable[[], Awaitable[Model | None]], clock: Clock) -> None:
    """Read until what is stated in `wished` is so; reads lag behind writes by some seconds (issue 34530 of the specs).

    Raises `AcceptedNotApplied`, naming the fields, when after two minutes it still is not.
    """
    differing: list[str] = []
    for wait in _WAITS:
        if wait:
            await clock.sleep(wait)
        found = await read()
        differing = differences(wished.stated(), found.stated() if found else {})
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


def differences(wished: dict[str, Any], found: dict[str, Any]) -> list[str]:
    """What is stated and not so, in words."""
    return [
        f"{name} still reads {found.get(name)!r} instead of {value!r}"
        for name, value in wished.items()
        if found.get(name) != value and not (name == "tags" and _tags_as_wished(value, found.get(name) or {}))
    ]


def _tags_as_wished(wished: dict[str, str | None], found: dict[str, str]) -> bool:
    by_name = {name.casefold(): value for name, value in found.items()}
    return all(by_name.get(name.casefold()) == value for name, value in wished.items())
