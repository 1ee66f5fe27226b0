"""Which zone a policy that keeps its local hour is written in; known zones of both hemispheres."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from tzlocal.windows_tz import win_tz

from backup_reconciler.spec.time_zones import fixed_twin, shifts, standard_offset

HOUR = timedelta(hours=1)

TWINS = {
    "Eastern Standard Time": "SA Pacific Standard Time",  # New York
    "Central Standard Time": "Canada Central Standard Time",  # Chicago
    "Mountain Standard Time": "US Mountain Standard Time",  # Denver
    "Pacific Standard Time": "UTC-08",  # Los Angeles
    "Alaskan Standard Time": "UTC-09",
    "GMT Standard Time": "UTC",  # London
    "W. Europe Standard Time": "W. Central Africa Standard Time",  # Berlin
    "FLE Standard Time": "South Africa Standard Time",  # Kiev
    "Cen. Australia Standard Time": "AUS Central Standard Time",  # Adelaide
    "New Zealand Standard Time": "UTC+12",
    "Pacific SA Standard Time": "SA Western Standard Time",  # Santiago
}
LONELY = ["Newfoundland Standard Time", "Chatham Islands Standard Time", "Lord Howe Standard Time"]
STEADY = [
    "UTC",
    "Tokyo Standard Time",
    "India Standard Time",
    "US Mountain Standard Time",
    "E. Australia Standard Time",
]


@pytest.mark.parametrize("zone", TWINS)
def test_a_zone_with_daylight_saving_has_a_twin_without(zone: str) -> None:
    assert fixed_twin(zone) == TWINS[zone]


@pytest.mark.parametrize("zone", LONELY)
def test_a_zone_of_an_offset_of_its_own_has_no_twin(zone: str) -> None:
    assert fixed_twin(zone) is None


@pytest.mark.parametrize("zone", STEADY)
def test_a_zone_whose_clocks_never_change_is_its_own_twin(zone: str) -> None:
    assert fixed_twin(zone) == zone
    assert shifts(zone) == {timedelta(0)}


def test_the_standard_offset_is_that_of_winter_in_both_hemispheres() -> None:
    assert standard_offset("Eastern Standard Time") == -5 * HOUR
    assert standard_offset("AUS Eastern Standard Time") == 10 * HOUR
    assert standard_offset("Newfoundland Standard Time") == -3.5 * HOUR


def test_clocks_are_ahead_in_summer_and_by_half_an_hour_on_lord_howe() -> None:
    assert shifts("W. Europe Standard Time") == shifts("New Zealand Standard Time") == {timedelta(0), HOUR}
    assert shifts("Lord Howe Standard Time") == {timedelta(0), HOUR / 2}


def test_no_twin_ever_leaves_the_standard_offset_of_its_zone() -> None:
    start = datetime(2025, 1, 1, 12, tzinfo=UTC)
    for zone in win_tz:
        twin = fixed_twin(zone)
        if twin is not None:
            clock = ZoneInfo(win_tz[twin])
            days = (start + timedelta(days=days) for days in range(0, 3 * 365, 7))
            assert {day.astimezone(clock).utcoffset() for day in days} == {standard_offset(zone)}, zone
