"""The clocks of Windows time zones, and for each the zone of the same standard offset whose clocks never change.

What a zone is like is worked out for some fixed years around one, so that what is judged valid today is so tomorrow:
only a new edition of the time zone database can change it.
"""

from bisect import bisect_left
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import pairwise
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

_YEAR = 2026
_YEARS = range(_YEAR - 1, _YEAR + 2)
_FIRST_YEAR = 1970
"""As far back as the database is kept with care."""
_A_YEAR = 366


def standard_offset(zone: str) -> timedelta:
    """How far the zone's clocks are ahead of UTC while daylight saving does not hold."""
    return _at_new_year(zone, _YEAR)


@cache
def shifts(zone: str) -> frozenset[timedelta]:
    """By how much the zone's clocks are ever ahead of its standard offset; zero alone where they never change."""
    return frozenset(offset - standard_offset(zone) for offset in _offsets(zone, _YEARS))


@cache
def fixed_twin(zone: str) -> str | None:
    """The Windows zone of the same standard offset whose clocks never change, or None where there is none.

    It is the zone itself where its own do not; else, of several, one that is nothing but an offset (UTC-08), or the one
    that has kept its clocks as they are for the longest time.
    """
    if len(shifts(zone)) == 1:
        return zone
    twins = [other for other in _fixed_zones() if standard_offset(other) == standard_offset(zone)]
    return min(twins, key=lambda twin: (not twin.startswith("UTC"), _fixed_since(twin), twin), default=None)


@cache
def clock(zone: str) -> ZoneInfo:
    """The clock on the wall there; KeyError for a zone that the tables do not know."""
    return ZoneInfo(win_tz[zone])


def ahead_of_standard(zone: str, moment: datetime) -> timedelta:
    """By how much the zone's clocks are ahead of its standard offset at a moment.

    A time of day of the zone's own that comes twice, or not at all, is taken for the one before the clocks change,
    unless its `fold` says otherwise.
    """
    return _offset(moment.astimezone(clock(zone))) - standard_offset(zone)


@dataclass(frozen=True, slots=True)
class ClockChange:
    """The clocks of a zone are moved."""

    at: datetime
    """The first moment at which they are, on the clock as it is then."""
    by: timedelta
    """How far they are put ahead; negative where they are put back."""


@cache
def next_clock_change(zone: str, after: datetime) -> ClockChange | None:
    """The first change later than a moment, or None where there is none within a year."""
    steps = (after.astimezone(UTC) + timedelta(days=days) for days in range(_A_YEAR + 1))
    for before, then in pairwise(steps):
        if ahead_of_standard(zone, before) != ahead_of_standard(zone, then):
            return _change_within_a_day(zone, before)
    return None


def _change_within_a_day(zone: str, before: datetime) -> ClockChange:
    """The one change in the day after a moment of UTC."""
    old = ahead_of_standard(zone, before)
    minutes = [before + timedelta(minutes=minute) for minute in range(24 * 60 + 1)]
    at = minutes[bisect_left(minutes, True, key=lambda moment: ahead_of_standard(zone, moment) != old)]
    return ClockChange(at.astimezone(clock(zone)), ahead_of_standard(zone, at) - old)


@cache
def _at_new_year(zone: str, year: int) -> timedelta:
    moment = datetime(year, 1, 1, 12, tzinfo=clock(zone))
    return _offset(moment) - (moment.dst() or timedelta(0))


def _offset(moment: datetime) -> timedelta:
    return moment.utcoffset() or timedelta(0)


@cache
def _offsets(zone: str, years: Iterable[int]) -> frozenset[timedelta]:
    """What the zone's clocks are ahead of UTC by in the course of these years."""
    return frozenset(_offset(moment.astimezone(clock(zone))) for moment in _moments(years))


def _moments(years: Iterable[int]) -> Iterator[datetime]:
    """So close to each other that no change of clocks and back fits between two: in Morocco that takes a month."""
    for year in years:
        for month in range(1, 13):
            for day in (1, 11, 21):
                yield datetime(year, month, day, 12, tzinfo=UTC)


@cache
def _fixed_zones() -> tuple[str, ...]:
    return tuple(zone for zone in win_tz if len(shifts(zone)) == 1)


@cache
def _fixed_since(zone: str) -> int:
    """The first year from which on the zone has had the one offset it has."""
    now = _offsets(zone, _YEARS)
    for year in range(_YEARS.start - 1, _FIRST_YEAR - 1, -1):
        if _offsets(zone, range(year, year + 1)) != now:
            return year + 1
    return _FIRST_YEAR
