"""Keeping a local hour through every clock change of three years, in zones of both hemispheres."""

from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from tzlocal.windows_tz import tz_win

from backup_reconciler.spec.local_hour import since_midnight, told, written
from backup_reconciler.spec.policy import HourlySchedule, PolicySettings, WeeklySchedule, start_of
from backup_reconciler.spec.time_zones import clock, fixed_twin, next_clock_change, standard_offset
from tests.property.policies import valid_policies
from tests.property.strategies import times

FIRST, LAST = date(2025, 1, 1), date(2027, 12, 31)
DAYS = [FIRST + timedelta(days=number) for number in range((LAST - FIRST).days + 1)]
WEEK = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
CHANGES = {  # clock changes from 2025 to 2027
    "America/New_York": 6,
    "America/Los_Angeles": 6,
    "America/Santiago": 6,
    "Europe/London": 6,
    "Europe/Berlin": 6,
    "Africa/Cairo": 6,
    "Africa/Casablanca": 6,
    "Australia/Sydney": 6,
    "Australia/Adelaide": 6,
    "Pacific/Auckland": 6,
    "Asia/Tokyo": 0,
    "UTC": 0,
}
ZONES = [tz_win[name] for name in CHANGES]


def policy(time: str, day: str = "Sunday") -> PolicySettings:
    return PolicySettings.model_validate(
        {
            "schedule": {"frequency": "Weekly", "days": [day], "time": time},
            "retention": {"weekly": {"weeks": 4, "days": [day]}},
        }
    )


def starts(settings: PolicySettings, around: date) -> Iterator[datetime]:
    """When a policy runs in the days around one, by plain counting at the offset of its zone, which never changes."""
    assert settings.time_zone is not None
    assert isinstance(settings.schedule, WeeklySchedule)
    offset = timezone(standard_offset(settings.time_zone))
    for day in (around + timedelta(days=number) for number in range(-2, 3)):
        if WEEK[day.weekday()] in settings.schedule.days:
            yield datetime.combine(day, datetime.min.time(), offset) + since_midnight(settings.schedule.time)


def exists(zone: str, day: date, time: str) -> bool:
    local = datetime.combine(day, datetime.min.time(), clock(zone)) + since_midnight(time)
    return local.astimezone(UTC).astimezone(clock(zone)).replace(tzinfo=None) == local.replace(tzinfo=None)


@given(st.sampled_from(ZONES), times)
def test_on_every_day_the_backup_starts_at_the_declared_local_hour(zone: str, time: str) -> None:
    for day in DAYS:
        if not exists(zone, day, time):
            continue  # the clocks leave this hour out
        settings = written(policy(time, WEEK[day.weekday()]), zone, day)
        assert settings.time_zone == fixed_twin(zone)
        assert isinstance(settings.schedule, WeeklySchedule)
        assert settings.retention is not None
        assert settings.retention.weekly is not None
        assert settings.retention.weekly.days == settings.schedule.days
        local = [start.astimezone(clock(zone)) for start in starts(settings, day)]
        assert [(start.date(), f"{start:%H:%M}") for start in local] == [(day, time)]


@given(valid_policies(), st.sampled_from(ZONES), st.sampled_from(DAYS))
def test_what_is_written_is_told_as_declared(declared: PolicySettings, zone: str, day: date) -> None:
    settings = PolicySettings.model_validate({**declared.part(PolicySettings).stated(), "timeZone": zone})
    found = told(written(settings, zone, day), zone, day)
    assert settings in found
    assert len(found) == 1 or is_changed(zone, day)
    unmoved = {"schedule", "retention", "time_zone"}
    assert found[0].model_dump(exclude=unmoved) == settings.model_dump(exclude=unmoved)


@given(st.sampled_from(list(CHANGES)), times)
def test_a_clock_change_brings_one_update_and_nothing_else_does(name: str, time: str) -> None:
    zone = tz_win[name]
    declared = policy(time).model_copy(update={"time_zone": zone})
    live, updates = written(declared, zone, FIRST), list[date]()
    for day in DAYS:
        if declared not in told(live, zone, day):
            live = written(declared, zone, day)
            updates.append(day)
            assert declared in told(live, zone, day), "a plan right after it finds nothing"
    assert len(updates) == CHANGES[name]
    assert all(is_changed(zone, day) or is_changed(zone, day - timedelta(days=1)) for day in updates)


@given(st.sampled_from(ZONES), st.sampled_from(DAYS), times, times)
def test_another_hour_is_never_taken_for_the_declared_one(zone: str, day: date, time: str, other: str) -> None:
    if time == other or any(is_changed(zone, day + timedelta(days=step)) for step in (-1, 0, 1)):
        return
    declared = policy(time).model_copy(update={"time_zone": zone})
    (found,) = told(written(policy(other), zone, day), zone, day)
    assert found.schedule is not None
    assert (start_of(found.schedule), found == declared) == (other, False)


def is_changed(zone: str, day: date) -> bool:
    """Whether the clocks of the zone change on a day of its own."""
    midnight = datetime.combine(day, datetime.min.time(), clock(zone))
    return midnight.utcoffset() != (midnight + timedelta(days=1)).utcoffset()


@pytest.mark.parametrize(("name", "changes"), [*CHANGES.items(), ("Australia/Lord_Howe", 6), ("Pacific/Chatham", 6)])
def test_every_clock_change_is_found_in_its_turn(name: str, changes: int) -> None:
    zone = tz_win[name]
    moment, found = datetime(2025, 1, 1, tzinfo=UTC), []
    while (change := next_clock_change(zone, moment)) and change.at < datetime(2028, 1, 1, tzinfo=UTC):
        minute_before = change.at.astimezone(UTC) - timedelta(minutes=1)
        before, after = minute_before.astimezone(clock(zone)).utcoffset(), change.at.utcoffset()
        assert before is not None
        assert after is not None
        assert after - before == change.by
        moment = change.at.astimezone(UTC)
        found.append(change.by)
    assert len(found) == changes
    half = timedelta(minutes=30 if name == "Australia/Lord_Howe" else 60)
    assert set(map(abs, found)) <= {half}
    assert sum(found, timedelta()) == timedelta()


def test_the_hour_of_a_window_moves_and_its_length_does_not() -> None:
    hourly = HourlySchedule(frequency="Hourly", every=4, from_="08:00", hours=12)
    eastern = "Eastern Standard Time"
    summer = written(PolicySettings(schedule=hourly, time_zone=eastern), eastern, date(2026, 7, 1))
    assert summer == PolicySettings(
        schedule=hourly.model_copy(update={"from_": "07:00"}), time_zone="SA Pacific Standard Time"
    )


NIGHT: dict[str, Any] = {
    "winter": (date(2026, 1, 15), "00:30", "Sunday"),
    "summer": (date(2026, 7, 15), "23:30", "Saturday"),
}


@pytest.mark.parametrize("season", NIGHT)
def test_days_of_the_week_move_along_where_the_shift_passes_midnight(season: str) -> None:
    day, time, weekday = NIGHT[season]
    zone = "W. Europe Standard Time"
    assert written(policy("00:30"), zone, day) == policy(time, weekday).model_copy(
        update={"time_zone": "W. Central Africa Standard Time"}
    )
