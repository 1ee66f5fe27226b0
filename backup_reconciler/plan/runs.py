"""The next runs of a policy, and what becomes of its hour when the clocks are changed.

What the service does then is not told alike everywhere. Its documentation says that backups of VMs do not follow
daylight saving (Azure support matrix); users saw them follow it (azure-docs issue 49415, terraform-provider-azurerm
issue 2147). So both accounts are given, but for zones whose clocks never change.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from enum import StrEnum
from functools import lru_cache
from typing import get_args

from backup_reconciler.spec.local_hour import AnySchedule, since_midnight
from backup_reconciler.spec.policy import HourlySchedule, PolicySettings, WeeklySchedule, start_of
from backup_reconciler.spec.time_zones import ClockChange, clock, next_clock_change, standard_offset
from backup_reconciler.spec.values import Weekday, is_start_time, is_time_zone

_WEEK: tuple[Weekday, ...] = get_args(Weekday)
_HOW_MANY = 3
_WEEKS_OF_RUNS = timedelta(weeks=_HOW_MANY + 1)
_WEEK_AND_MORE = timedelta(days=9)
"""Days around a moment, of which some have a run of any schedule."""
_USUAL_ZONE = "UTC"
"""What the service takes for the time zone of a policy that has none."""


class Account(StrEnum):
    """Who says when a policy runs."""

    CERTAIN = "certain"
    """There is nothing to disagree about: the clocks of the zone that it is written in never change."""
    DOCUMENTED = "documented"
    """The documentation: the hour is that of the zone's standard offset, all year round."""
    REPORTED = "reported"
    """Users who saw it: the hour follows the zone's clocks."""


@dataclass(frozen=True, slots=True)
class Reading:
    """When the policy runs by one account, in local time with its offset."""

    account: Account
    runs: tuple[datetime, ...]
    before: datetime | None = None
    """The last run before the next clock change, where there is one from the plan's day on."""
    after: datetime | None = None
    """The first run after it."""


@dataclass(frozen=True, slots=True)
class NextRuns:
    """The next runs of a policy from the plan's day on."""

    since: date
    """The plan's day in UTC, from whose beginning on runs are told, those among them that are past by now."""
    time_zone: str
    """The Windows zone whose local time is told."""
    written_in: str
    """The Windows zone that Azure is told; another one where a policy keeps its local hour."""
    readings: tuple[Reading, ...]
    clock_change: ClockChange | None
    """The next one of the zone that is told; None where its clocks are not changed."""

    @property
    def keeps_local_hour(self) -> bool:
        return self.time_zone != self.written_in


@lru_cache(maxsize=256)  # one policy may be in a thousand vaults
def next_runs(settings: PolicySettings, as_of: date, kept_in: str | None = None) -> NextRuns | None:
    """The next runs of a policy with these settings; `kept_in` is the zone whose local hour it keeps, if it keeps one.

    None where that cannot be told, of a live policy that has what no manifest could state.
    """
    written_in = settings.time_zone or _USUAL_ZONE
    if settings.schedule is None or not _is_understood(settings.schedule) or not is_time_zone(written_in):
        return None
    zone, start = kept_in or written_in, datetime.combine(as_of, time(), UTC)
    change = next_clock_change(zone, start)
    fixed = timezone(standard_offset(written_in))
    accounts: list[tuple[Account, tzinfo]] = [(Account.DOCUMENTED, fixed), (Account.REPORTED, clock(zone))]
    if change is None or zone != written_in:
        accounts, around = [(Account.CERTAIN, fixed)], None
    else:
        around = change
    readings = (_reading(settings.schedule, account, runs_by, start, around) for account, runs_by in accounts)
    return NextRuns(as_of, zone, written_in, tuple(_in_zone(reading, clock(zone)) for reading in readings), change)


def _is_understood(schedule: AnySchedule) -> bool:
    return is_start_time(start_of(schedule)) and (not isinstance(schedule, HourlySchedule) or schedule.every > 0)


def _reading(
    schedule: AnySchedule, account: Account, runs_by: tzinfo, start: datetime, change: ClockChange | None
) -> Reading:
    """In UTC; `runs_by` is the clock that the schedule is read on."""
    to_come = [run for run in _runs(schedule, runs_by, start, start + _WEEKS_OF_RUNS) if run >= start]
    if change is None:
        return Reading(account, tuple(to_come[:_HOW_MANY]))
    at = change.at.astimezone(UTC)
    around = [run for run in _runs(schedule, runs_by, at - _WEEK_AND_MORE, at + _WEEK_AND_MORE) if run >= start]
    before = max((run for run in around if run < at), default=None)
    return Reading(account, tuple(to_come[:_HOW_MANY]), before, min(run for run in around if run >= at))


def _in_zone(reading: Reading, zone: tzinfo) -> Reading:
    before, after = (run.astimezone(zone) if run else None for run in (reading.before, reading.after))
    return Reading(reading.account, tuple(run.astimezone(zone) for run in reading.runs), before, after)


def _runs(schedule: AnySchedule, runs_by: tzinfo, first: datetime, last: datetime) -> list[datetime]:
    """The runs between two moments, and some around them, in order; one that two windows share is one."""
    days = (first.date() + timedelta(days=number) for number in range(-2, (last - first).days + 2))
    return sorted({run for day in days for run in _runs_of(schedule, day, runs_by)})


def _runs_of(schedule: AnySchedule, day: date, runs_by: tzinfo) -> Iterator[datetime]:
    """The runs that begin with a day; those of an hourly window may reach into the next."""
    if isinstance(schedule, WeeklySchedule) and _WEEK[day.isoweekday() % len(_WEEK)] not in schedule.days:
        return
    begins = (datetime.combine(day, time(), runs_by) + since_midnight(start_of(schedule))).astimezone(UTC)
    yield begins
    if isinstance(schedule, HourlySchedule):  # the hour at which the window ends is one of its runs
        for hours in range(schedule.every, schedule.hours + 1, schedule.every):
            yield begins + timedelta(hours=hours)
