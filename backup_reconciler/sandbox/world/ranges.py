"""Names that stand for many: `web-[001-100]` is web-001 to web-100.

No name of Azure's holds a bracket (Learn: resource-name-rules), so that a range needs no escape.
"""

from __future__ import annotations

import itertools
import math
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

T = TypeVar("T")

MOST_NAMES = 10_000
"""That one name with ranges may stand for."""
MOST_RANGES = 4
"""In one name."""

_RANGE = re.compile(r"\[([0-9]{1,9})-([0-9]{1,9})\]")


class RangeError(ValueError):
    """A range that cannot be one; the message says why, and what would be right."""


@dataclass
class Allowance:
    """How many names the ranges of a world may still stand for, so that a short text cannot fill a machine."""

    left: int = 1_000_000


class NamesError(ValueError):
    """Keys of one mapping that cannot name what they stand for; `problems` holds each key with what is wrong."""

    def __init__(self, problems: list[tuple[str, str]]) -> None:
        super().__init__("; ".join(problem for _, problem in problems))
        self.problems = problems


def names_in(text: str) -> Iterator[str]:
    """The names that a text stands for: itself, where it holds no range. Raises RangeError before the first."""
    if "[" not in text and "]" not in text:
        return iter((text,))
    fixed, bounds = _parts(text)
    _check(text, fixed, bounds)
    numbers = [[_number(number, start) for number in range(int(start), int(end) + 1)] for start, end in bounds]
    return (_joined(fixed, chosen) for chosen in itertools.product(*numbers))


def count_of(text: str) -> int:
    """How many names a text stands for whose ranges can be."""
    return math.prod(int(end) - int(start) + 1 for start, end in _RANGE.findall(text))


def stands_for(text: str, name: str) -> bool:
    """Whether a name is one of those that a text stands for."""
    fixed, bounds = _parts(text)
    found = re.fullmatch("([0-9]{1,12})".join(re.escape(part) for part in fixed), name)
    return found is not None and all(
        int(start) <= int(number) <= int(end) and number == _number(int(number), start)
        for number, (start, end) in zip(found.groups(), bounds, strict=True)
    )


def expanded(keys: Mapping[str, T], why_not: Callable[[str], str], allowance: Allowance) -> dict[str, T]:
    """Each name on its own, with the value of the key that stands for it: the values of a range are one and the same.

    `why_not` says what is wrong with a name, or nothing. Raises NamesError.
    """
    found: dict[str, T] = {}
    owner: dict[str, str] = {}
    problems: list[tuple[str, str]] = []
    for key, value in keys.items():
        try:
            for name in _allowed(key, allowance):
                _claim(owner, name, key, why_not)
                found[name] = value
        except RangeError as error:
            problems.append((key, str(error)))
    if problems:
        raise NamesError(problems)
    return found


def _allowed(key: str, allowance: Allowance) -> Iterator[str]:
    names = names_in(key)
    allowance.left -= count_of(key) - 1
    if allowance.left < 0:
        raise RangeError("is one range too many; all ranges of a world together may stand for 1,000,000 names")
    return names


def _claim(owner: dict[str, str], name: str, key: str, why_not: Callable[[str], str]) -> None:
    """A name is one, and nobody else's."""
    if wrong := why_not(name):
        raise RangeError(wrong)
    if name in owner:
        raise RangeError(f"names '{name}', which '{owner[name]}' names too; let each name stand in one place")
    owner[name] = key


def _parts(text: str) -> tuple[list[str], list[tuple[str, str]]]:
    """What stands around the ranges of a text, and the first and last number of each, as they are written."""
    parts = _RANGE.split(text)
    return parts[::3], list(zip(parts[1::3], parts[2::3], strict=True))


def _check(text: str, fixed: list[str], bounds: list[tuple[str, str]]) -> None:
    shown = f"'{text[:80]}'"
    if any("[" in part or "]" in part for part in fixed):
        raise RangeError(f"{shown} is no name; a range is written with two numbers, as web-[001-100]")
    if len(bounds) > MOST_RANGES:
        raise RangeError(f"{shown} holds {len(bounds):,} ranges; {MOST_RANGES} are the most in one name")
    for start, end in bounds:
        if int(end) < int(start):
            raise RangeError(f"{shown} goes from {start} down to {end}; the smaller number stands first")
    count = count_of(text)
    if count > MOST_NAMES:
        raise RangeError(f"{shown} stands for {count:,} names; {MOST_NAMES:,} are the most")


def _number(number: int, start: str) -> str:
    """As wide as the first number is written: [008-010] is 008, 009, 010, and [8-10] is 8, 9, 10."""
    return str(number).zfill(len(start))


def _joined(fixed: list[str], chosen: tuple[str, ...]) -> str:
    return fixed[0] + "".join(number + after for number, after in zip(chosen, fixed[1:], strict=True))
