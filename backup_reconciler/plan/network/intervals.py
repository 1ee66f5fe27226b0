"""Sets of whole numbers, such as addresses and ports, as intervals."""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter

Interval = tuple[int, int]
"""From its first number to its last."""

_FIRST, _LAST = itemgetter(0), itemgetter(1)


@dataclass(frozen=True, slots=True)
class Intervals:
    """A set of numbers. Two of thousands of intervals and of a few are put together in the time that the few take."""

    parts: tuple[Interval, ...] = ()
    """In ascending order, and never two that overlap or touch."""

    @classmethod
    def of(cls, intervals: Iterable[Interval]) -> "Intervals":
        """The numbers that are in one of the intervals, or in several."""
        parts: list[Interval] = []
        for first, last in sorted(intervals):
            if parts and first <= parts[-1][1] + 1:
                parts[-1] = (parts[-1][0], max(parts[-1][1], last))
            else:
                parts.append((first, last))
        return cls(tuple(parts))

    @classmethod
    def union(cls, sets: Iterable["Intervals"]) -> "Intervals":
        """The numbers that are in one of the sets, or in several."""
        parts = {each.parts for each in sets if each}
        return cls(parts.pop()) if len(parts) == 1 else cls.of(part for each in parts for part in each)

    def __len__(self) -> int:
        """How many numbers there are."""
        return sum(last - first + 1 for first, last in self.parts)

    def __bool__(self) -> bool:
        return bool(self.parts)

    def __le__(self, other: "Intervals") -> bool:
        """Whether all numbers are in the other set too."""
        return self & other == self

    def __or__(self, other: "Intervals") -> "Intervals":
        return Intervals.union((self, other))

    def __and__(self, other: "Intervals") -> "Intervals":
        if self.parts == other.parts:
            return self
        few, many = sorted((self.parts, other.parts), key=len)
        return Intervals(tuple(part for interval in few for part in _within(interval, many)))

    def __sub__(self, other: "Intervals") -> "Intervals":
        taken = (self & other).parts
        if not taken:
            return self
        if taken == self.parts:
            return Intervals()
        edges = [(0, self.parts[0][0] - 1), *taken, (self.parts[-1][1] + 1, 0)]
        gaps = ((before + 1, after - 1) for (_, before), (after, _) in pairwise(edges))
        return self & Intervals(tuple(gap for gap in gaps if gap[0] <= gap[1]))


def _within(interval: Interval, parts: tuple[Interval, ...]) -> list[Interval]:
    """What ascending intervals have in common with one."""
    first, last = interval
    begin = bisect_left(parts, first, key=_LAST)
    found = list(parts[begin : bisect_right(parts, last, lo=begin, key=_FIRST)])
    if found:
        found[0] = (max(first, found[0][0]), found[0][1])
        found[-1] = (found[-1][0], min(last, found[-1][1]))
    return found
