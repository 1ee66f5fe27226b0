"""Decoding Azure's answers: one that lacks what every answer has is an error of the answer, told as such."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.request import ArmRequest

T = TypeVar("T")


def read(decode: Callable[[Mapping[str, Any]], T], arm: Any) -> T:
    """What a codec makes of one resource. Raises `NotArm`, naming the resource, when it can make nothing of it."""
    try:
        return decode(arm)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError) as error:
        name = arm.get("id") if isinstance(arm, Mapping) else None
        what = f"{type(error).__name__}: {str(error).splitlines()[0] if str(error) else ''}"
        raise NotArm(None, f"{name or 'a resource'} cannot be understood ({what})") from error


async def list_of(
    arm: Arm, request: ArmRequest, decode: Callable[[Mapping[str, Any]], T], only: Callable[[Any], bool] | None = None
) -> list[T]:
    """What a codec makes of the elements of a list; of those alone for which `only` holds, where it is given.

    A page is decoded, and let go of, before the next one is asked for: as ARM tells it a VM is ten times as large.
    """
    return [read(decode, one) async for page in arm.pages(request) for one in page if only is None or read(only, one)]


def read_those(
    wanted: Callable[[Mapping[str, Any]], bool], decode: Callable[[Mapping[str, Any]], T], found: Iterable[Any]
) -> list[T]:
    """What a codec makes of those resources that are wanted."""
    return [read(decode, one) for one in found if read(wanted, one)]


def read_all(decode: Callable[[Mapping[str, Any]], T], found: Iterable[Any]) -> list[T]:
    return [read(decode, one) for one in found]
