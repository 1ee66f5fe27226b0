"""Values that several kinds use: regions, time zones, days, weeks and months, each in one normal form."""

from datetime import date
from typing import Annotated, Literal, TypeVar, get_args

from pydantic import AfterValidator, BeforeValidator, Field
from pydantic_core import PydanticCustomError
from tzlocal.windows_tz import tz_win, win_tz

from backup_reconciler.spec import forms, ranges
from backup_reconciler.spec.day import written_day

Weekday = Literal["Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"]
WeekOfMonth = Literal["First", "Second", "Third", "Fourth", "Last"]
Month = Literal["January", "February", "March", "April", "May", "June",
                "July", "August", "September", "October", "November", "December"]  # fmt: skip
MonthDate = Annotated[int, ranges.MONTH_DATE] | Literal["last"]
Redundancy = Literal["GeoRedundant", "LocallyRedundant", "ZoneRedundant"]
Presence = Literal["present", "absent"]
"""Whether a resource is meant to be there."""
Switch = Literal["Enabled", "Disabled"]
"""Azure's own words for a setting that is on or off."""

T = TypeVar("T", bound=str)


def _in_order(names: tuple[str, ...]) -> AfterValidator:
    """Sort a list by the calendar: the order in which days are written means nothing."""
    return AfterValidator(lambda values: tuple(sorted(set(values), key=names.index)))


def _dates_in_order(dates: tuple[MonthDate, ...]) -> tuple[MonthDate, ...]:
    return tuple(sorted(set(dates), key=lambda date: 99 if date == "last" else date))


Weekdays = Annotated[tuple[Weekday, ...], Field(strict=False, examples=[["Sunday"]]), _in_order(get_args(Weekday))]
WeeksOfMonth = Annotated[
    tuple[WeekOfMonth, ...], Field(strict=False, examples=[["First"]]), _in_order(get_args(WeekOfMonth))
]
Months = Annotated[tuple[Month, ...], Field(strict=False, examples=[["January"]]), _in_order(get_args(Month))]
MonthDates = Annotated[
    tuple[MonthDate, ...], Field(strict=False, examples=[[1, "last"]]), AfterValidator(_dates_in_order)
]


def _day(value: object) -> object:
    day = written_day(value) if isinstance(value, str) else value
    if not isinstance(day, date):
        raise PydanticCustomError(NOT_A_DAY, "not a day")
    return day


NOT_A_DAY = "not_a_day"
"""The type of pydantic's error where a value is no `Day`."""

Day = Annotated[date, BeforeValidator(_day), Field(examples=["2027-01-31"])]
"""A day of the calendar, written 2027-01-31."""


def region_name(text: str) -> str:
    """The programmatic name of a region: "Japan East" is japaneast."""
    return text.replace(" ", "").lower()


def _location(value: object) -> object:
    return region_name(value) if isinstance(value, str) else value


Location = Annotated[str, BeforeValidator(_location), Field(examples=["japaneast"])]
"""A region by its programmatic name: "Japan East" becomes japaneast, as ARM itself normalises it."""


_WINDOWS_BY_IANA = {name: zone for name, zone in tz_win.items() if name}  # the table has a zone for no name at all


def _windows_zone(value: object) -> object:
    return _WINDOWS_BY_IANA.get(value, value) if isinstance(value, str) else value


TimeZone = Annotated[str, BeforeValidator(_windows_zone), Field(examples=["Asia/Tokyo", "Tokyo Standard Time"])]
"""A Windows time zone id, which is what the service knows; an IANA name is translated on the way in."""


def is_start_time(text: str) -> bool:
    """Whether a backup can start at this time of day: HH:MM on the hour or the half hour."""
    return forms.START_TIME.fits(text)


def is_time_zone(zone: str) -> bool:
    """Whether the service can know this Windows zone id."""
    return zone == "UTC" or zone in win_tz


def known_time_zones() -> list[str]:
    """Every name that may be written, IANA and Windows."""
    return sorted({*_WINDOWS_BY_IANA, *win_tz, "UTC"})
