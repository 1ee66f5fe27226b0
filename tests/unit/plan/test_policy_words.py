"""Live policies that may be told in two ways, or in none."""

from datetime import date

import pytest

from backup_reconciler.plan.policy.words import as_told
from backup_reconciler.spec.policy import BackupPolicySpec, DailySchedule, PolicySettings

TWIN = "SA Pacific Standard Time"
BACK = date(2026, 11, 1)


def declared(time: str) -> BackupPolicySpec:
    schedule = {"frequency": "Daily", "time": time}
    kept = {"timeZone": "America/New_York", "daylightSaving": "keep-local-hour"}
    return BackupPolicySpec.model_validate({"vaults": "all", "schedule": schedule, **kept})


def live(time: str) -> PolicySettings:
    return PolicySettings(schedule=DailySchedule(frequency="Daily", time=time), time_zone=TWIN)


@pytest.mark.parametrize("time", ["00:30", "23:30"])
def test_of_two_hours_the_declared_one_is_told(time: str) -> None:
    """At half past eleven in the twin the day on which clocks are put back begins, and ends."""
    assert as_told(declared(time), live("23:30"), BACK).schedule == declared(time).schedule


@pytest.mark.parametrize("time", ["", "noon", "23:45"])
def test_a_start_that_no_manifest_could_state_is_told_as_it_is(time: str) -> None:
    assert as_told(declared("23:30"), live(time), BACK) == live(time)
