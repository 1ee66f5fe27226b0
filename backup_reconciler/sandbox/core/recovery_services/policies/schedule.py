"""When a policy runs.

The clock in a policy is that of its Windows time zone, and the service does not move it with daylight saving (Learn:
support-matrix-iaas): it is read at the zone's standard offset, all year round.
"""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from tzlocal.windows_tz import win_tz

from backup_reconciler.sandbox.core.wire.times import parse_stamp

if TYPE_CHECKING:
    from collections.abc import Iterator

    from backup_reconciler.sandbox.core.wire.messages import Json

_A_WEEK_AND_MORE = range(-2, 9)
"""Days around a moment, of which one has the next run of any schedule."""


def next_run(properties: Json, after: datetime) -> datetime:
    """The first run after a moment."""
    today = in_zone(properties, after).date()
    days = (today + timedelta(days=days) for days in _A_WEEK_AND_MORE)
    return min(run for day in days for run in _runs_of(properties, day) if run > after)


def in_zone(properties: Json, moment: datetime) -> datetime:
    """A moment on the policy's own clock, as a date and a time without a zone."""
    offset = _standard_offset(str(properties.get("timeZone")), moment.date())
    return (moment.astimezone(UTC) + offset).replace(tzinfo=None)


def clock(text: str) -> time:
    """The time of day in a time of a policy; its date means nothing (TF)."""
    return parse_stamp(text).time()


def _frequency_part(properties: Json) -> Json:
    """Where the schedule says when: V2 nests it under its frequency."""
    schedule: Json = properties["schedulePolicy"]
    if schedule["schedulePolicyType"] == "SimpleSchedulePolicy":
        return schedule
    nested: Json = schedule[f"{schedule['scheduleRunFrequency'].lower()}Schedule"]
    return nested


def _runs_of(properties: Json, day: date) -> Iterator[datetime]:
    """The runs that begin with a day of the policy's zone; those of an hourly window may reach into the next."""
    part = _frequency_part(properties)
    offset = _standard_offset(str(properties.get("timeZone")), day)
    match properties["schedulePolicy"]["scheduleRunFrequency"]:
        case "Hourly":
            start = datetime.combine(day, clock(part["scheduleWindowStartTime"]), UTC) - offset
            # Both ends of the window are runs (INFERRED); one of 24 hours ends where the next begins.
            for hours in range(0, part["scheduleWindowDuration"] + 1, part["interval"]):
                yield start + timedelta(hours=hours)
        case "Weekly" if f"{day:%A}" not in part["scheduleRunDays"]:
            return
        case _:
            yield datetime.combine(day, clock(part["scheduleRunTimes"][0]), UTC) - offset


@lru_cache(maxsize=4096)
def _standard_offset(zone: str, day: date) -> timedelta:
    """How far a Windows zone is ahead of UTC when daylight saving is not; an unknown zone is taken for UTC."""
    name = win_tz.get(zone)
    if name is None:
        return timedelta(0)
    noon = datetime.combine(day, time(12), ZoneInfo(name))
    return (noon.utcoffset() or timedelta(0)) - (noon.dst() or timedelta(0))
