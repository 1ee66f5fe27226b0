"""The days on which clocks change, when some hours come twice and some not at all."""

from datetime import date

import pytest

from backup_reconciler.spec.local_hour import told, written
from backup_reconciler.spec.policy import DailySchedule, PolicySettings, start_of

EASTERN, TWIN = "Eastern Standard Time", "SA Pacific Standard Time"
AHEAD, BACK = date(2026, 3, 8), date(2026, 11, 1)


def daily(time: str, zone: str) -> PolicySettings:
    return PolicySettings(schedule=DailySchedule(frequency="Daily", time=time), time_zone=zone)


@pytest.mark.parametrize(
    ("day", "local", "in_twin"),
    [
        (AHEAD, "01:30", "01:30"),
        (AHEAD, "02:30", "02:30"),  # left out, and so as on the day before
        (AHEAD, "03:00", "02:00"),
        (BACK, "00:30", "23:30"),
        (BACK, "01:30", "00:30"),  # comes twice: the first
        (BACK, "02:00", "02:00"),
    ],
)
def test_the_hour_to_write_is_that_of_the_start_on_its_day(day: date, local: str, in_twin: str) -> None:
    assert written(daily(local, EASTERN), EASTERN, day) == daily(in_twin, TWIN)


@pytest.mark.parametrize(
    ("day", "in_twin", "local"),
    [
        (AHEAD, "00:30", {"00:30"}),
        (AHEAD, "01:30", {"01:30", "02:30"}),  # right on either side of the change, for an hour that is left out
        (AHEAD, "02:30", {"02:30", "03:30"}),
        (AHEAD, "22:30", {"23:30"}),
        (AHEAD, "23:30", {"00:30"}),  # of the next day: on this one it does not start
        (BACK, "00:30", {"01:30"}),
        (BACK, "01:30", {"01:30"}),
        (BACK, "23:30", {"00:30", "23:30"}),  # once as the day begins and once as it ends
    ],
)
def test_all_that_an_hour_can_mean_is_told(day: date, in_twin: str, local: set[str]) -> None:
    found = told(daily(in_twin, TWIN), EASTERN, day)
    assert {start_of(one.schedule) for one in found if one.schedule} == local
    assert len(found) == len(local)
