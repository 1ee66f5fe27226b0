"""The next runs of a policy and the clock change after them, by each account of what the service does then."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from backup_reconciler.plan.runs import Account, next_runs
from backup_reconciler.spec.policy import PolicySettings

DAILY = {"frequency": "Daily", "time": "23:00"}
WEEKLY = {"frequency": "Weekly", "days": ["Sunday"], "time": "02:30"}
BERLIN, NEW_YORK, TWIN = "W. Europe Standard Time", "Eastern Standard Time", "SA Pacific Standard Time"
WINTER, SUMMER = date(2026, 11, 23), date(2026, 7, 23)


def settings(schedule: dict[str, Any] = DAILY, zone: str | None = BERLIN) -> PolicySettings:
    return PolicySettings.model_validate({"schedule": schedule} | ({"timeZone": zone} if zone else {}))


def told(moments: tuple[datetime, ...]) -> list[str]:
    return [moment.isoformat(timespec="minutes") for moment in moments]


def test_in_winter_accounts_differ_after_the_clock_change_alone() -> None:
    runs = next_runs(settings(), WINTER)
    assert runs is not None
    assert runs.clock_change is not None
    assert told((runs.clock_change.at,)) == ["2027-03-28T03:00+02:00"]
    documented, reported = runs.readings
    assert told(documented.runs) == told(reported.runs)
    assert told(documented.runs) == ["2026-11-23T23:00+01:00", "2026-11-24T23:00+01:00", "2026-11-25T23:00+01:00"]
    assert [(one.account, one.before, one.after) for one in runs.readings] == [
        (Account.DOCUMENTED, datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 22, tzinfo=UTC)),
        (Account.REPORTED, datetime(2027, 3, 27, 22, tzinfo=UTC), datetime(2027, 3, 28, 21, tzinfo=UTC)),
    ]


def test_in_summer_they_differ_at_once() -> None:
    runs = next_runs(settings(), SUMMER)
    assert runs is not None
    assert [told(reading.runs)[0] for reading in runs.readings] == ["2026-07-24T00:00+02:00", "2026-07-23T23:00+02:00"]
    before = [reading.before for reading in runs.readings]
    assert before == [datetime(2026, 10, 24, 22, tzinfo=UTC), datetime(2026, 10, 24, 21, tzinfo=UTC)]
    assert {reading.after for reading in runs.readings} == {datetime(2026, 10, 25, 22, tzinfo=UTC)}


@pytest.mark.parametrize("zone", ["Tokyo Standard Time", "UTC", None])
def test_where_clocks_never_change_there_is_nothing_to_differ_about(zone: str | None) -> None:
    runs = next_runs(settings(zone=zone), SUMMER)
    assert runs is not None
    assert runs.clock_change is None
    assert [(one.account, len(one.runs), one.before, one.after) for one in runs.readings] == [
        (Account.CERTAIN, 3, None, None)
    ]


def test_a_kept_hour_is_told_in_its_own_zone_and_is_certain() -> None:
    runs = next_runs(settings({**DAILY, "time": "22:00"}, TWIN), SUMMER, kept_in=NEW_YORK)
    assert runs is not None
    assert (runs.time_zone, runs.written_in) == (NEW_YORK, TWIN)
    assert runs.clock_change is not None
    (reading,) = runs.readings
    assert told(reading.runs) == ["2026-07-22T23:00-04:00", "2026-07-23T23:00-04:00", "2026-07-24T23:00-04:00"]


def test_every_backup_of_a_window_is_a_run_and_its_end_is_one() -> None:
    hourly = {"frequency": "Hourly", "every": 12, "from": "20:00", "hours": 12}
    runs = next_runs(settings(hourly, "UTC"), WINTER)
    assert runs is not None
    assert told(runs.readings[0].runs) == ["2026-11-23T08:00+00:00", "2026-11-23T20:00+00:00", "2026-11-24T08:00+00:00"]


def test_windows_that_meet_share_a_run() -> None:
    all_day = {"frequency": "Hourly", "every": 12, "from": "00:00", "hours": 24}
    runs = next_runs(settings(all_day, "UTC"), WINTER)
    assert runs is not None
    assert told(runs.readings[0].runs) == ["2026-11-23T00:00+00:00", "2026-11-23T12:00+00:00", "2026-11-24T00:00+00:00"]


def test_weekly_runs_reach_over_the_clock_change_and_none_is_before_the_plan() -> None:
    runs = next_runs(settings(WEEKLY, NEW_YORK), date(2027, 3, 10))
    assert runs is not None
    documented, reported = runs.readings
    assert told(documented.runs) == ["2027-03-14T03:30-04:00", "2027-03-21T03:30-04:00", "2027-03-28T03:30-04:00"]
    assert told(reported.runs) == ["2027-03-14T03:30-04:00", "2027-03-21T02:30-04:00", "2027-03-28T02:30-04:00"]
    assert (documented.before, reported.before) == (None, None)


@pytest.mark.parametrize(
    "untold",
    [
        PolicySettings(),
        settings(zone="Moon Standard Time"),
        settings({**DAILY, "time": "noon"}),
        settings({"frequency": "Hourly", "every": 0, "from": "08:00", "hours": 12}),
    ],
)
def test_what_is_not_understood_is_not_told(untold: PolicySettings) -> None:
    assert next_runs(untold, WINTER) is None
