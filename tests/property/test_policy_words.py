"""Plan, apply, plan is empty, for policies that keep a local hour and leave some or all of the rest unstated."""

from datetime import date

from hypothesis import given
from hypothesis import strategies as st
from tzlocal.windows_tz import tz_win

from backup_reconciler.plan.policy.words import as_told, as_update, as_written, found_in_words, in_words
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings
from tests.property.policies import LOCAL_ZONES, valid_policies

KEPT = [
    tz_win[name] for name in ("America/New_York", "Europe/Berlin", "Australia/Sydney", "Africa/Cairo", "Asia/Tokyo")
]
DAYS = st.dates(date(2025, 1, 1), date(2027, 12, 31))


@st.composite
def keeping(draw: st.DrawFn) -> BackupPolicySpec:
    """A policy that keeps its hour; what it does not have to state it may leave out."""
    spec = draw(valid_policies(time_zone=draw(st.sampled_from(KEPT)), daylight_saving="keep-local-hour"))
    left_out = draw(st.sets(st.sampled_from(["retention", "instant_restore_days", "archive_tier"])))
    return spec.model_copy(update=dict.fromkeys(left_out))


def differing(spec: BackupPolicySpec, found: PolicySettings, day: date) -> set[str]:
    declared = in_words(spec.settings(), keeps_hour=True)
    told = found_in_words(as_told(spec, found, day), found)
    return {name for name, value in declared.items() if told.get(name) != value}


def updated(spec: BackupPolicySpec, found: PolicySettings, day: date) -> PolicySettings:
    return as_update(spec, as_told(spec, found, day), found, day).over(found)


@given(keeping(), valid_policies(), st.sampled_from(LOCAL_ZONES), DAYS)
def test_whatever_azure_has_one_update_makes_it_as_declared(
    spec: BackupPolicySpec, live: BackupPolicySpec, zone: str, day: date
) -> None:
    found = live.settings().model_copy(update={"time_zone": zone})
    after = updated(spec, found, day)
    assert differing(spec, after, day) == set()
    assert as_update(spec, as_told(spec, after, day), after, day).over(after) == after


@given(keeping(), DAYS, DAYS)
def test_what_nobody_states_is_the_same_when_the_clocks_are_back(
    spec: BackupPolicySpec, first: date, then: date
) -> None:
    whole = spec.settings().model_copy(update={"retention": spec.retention or _RETENTION})
    before = as_written(spec, whole, first)
    assert differing(spec, before, first) == set()
    assert updated(spec, before, first) == before
    assert updated(spec, updated(spec, before, then), first) == before


_RETENTION = PolicySettings.model_validate(
    {"retention": {"daily": {"days": 30}, "weekly": {"weeks": 4, "days": ["Sunday", "Wednesday"]}}}
).retention
