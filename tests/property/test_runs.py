"""The next runs that a plan tells, against the sandbox's schedules, written apart, and the clock on the wall."""

from datetime import UTC, date, datetime, time, timedelta

from hypothesis import given
from hypothesis import strategies as st
from tzlocal.windows_tz import win_tz

from backup_reconciler.plan.runs import Account, next_runs
from backup_reconciler.sandbox.core.recovery_services.policies.policy_rules import normalise
from backup_reconciler.sandbox.core.recovery_services.policies.schedule import next_run
from backup_reconciler.spec.policy import BackupPolicySpec, start_of
from tests.property.policies import valid_policies
from tests.property.test_policy_rules import encoded

ZONES = st.sampled_from(sorted(win_tz))
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@given(valid_policies(daylight_saving="as-service"), ZONES, DAYS)
def test_documented_runs_are_those_that_the_sandbox_makes(spec: BackupPolicySpec, zone: str, day: date) -> None:
    settings = spec.settings().model_copy(update={"time_zone": zone})
    properties = normalise(encoded(spec.model_copy(update={"time_zone": zone})))
    runs = next_runs(settings, day)
    assert runs is not None
    assert runs.readings[0].account in (Account.CERTAIN, Account.DOCUMENTED)
    moment = datetime.combine(day, time(), UTC) - timedelta(seconds=1)
    for run in runs.readings[0].runs:
        moment = next_run(properties, moment)
        assert run == moment
    if runs.clock_change and runs.readings[0].after:
        just_before = runs.clock_change.at.astimezone(UTC) - timedelta(seconds=1)
        assert runs.readings[0].after == next_run(properties, just_before)


@given(valid_policies(daylight_saving="as-service"), ZONES, DAYS)
def test_reported_runs_begin_at_the_hour_of_the_clock_on_the_wall(spec: BackupPolicySpec, zone: str, day: date) -> None:
    assert spec.schedule is not None
    runs = next_runs(spec.settings().model_copy(update={"time_zone": zone}), day)
    assert runs is not None
    for reading in runs.readings:
        if reading.account is Account.REPORTED and spec.schedule.frequency != "Hourly":
            assert reading.after is not None
            told = [*reading.runs, *filter(None, [reading.before, reading.after])]
            changed = runs.clock_change.at.date() if runs.clock_change else None
            assert {f"{run:%H:%M}" for run in told if run.date() != changed} <= {start_of(spec.schedule)}
