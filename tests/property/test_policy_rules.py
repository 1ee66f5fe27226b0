"""The rules of policies against the sandbox's own, which are written apart: what the one takes, so does the other."""

from collections.abc import Sequence
from typing import Any

from hypothesis import given, settings

from backup_reconciler.manifest import check
from backup_reconciler.manifest.writing import write
from backup_reconciler.sandbox.core.recovery_services.policies.policy_rules import accept
from backup_reconciler.sandbox.core.wire.messages import Refused
from backup_reconciler.spec.policy import (
    BackupPolicySpec,
    HourlySchedule,
    MonthlyRetention,
    Retention,
    WeeklySchedule,
    YearlyRetention,
    start_of,
)
from backup_reconciler.spec.policy_rules.instant_restore import default_days
from tests.property.policies import any_policies, valid_policies

STRICTER = {
    "archive-remaining",
    "local-hour-midnight",
    "retention-date",
    "retention-day",
    "weekly-by-date",
    "weekly-days",
}
"""What Azure's own tools refuse, or our own wishes; the sandbox knows what the service is known to answer."""


@given(valid_policies())
def test_a_policy_that_is_made_by_the_rules_breaks_none(spec: BackupPolicySpec) -> None:
    assert rules_broken_by(spec) == set()
    assert is_taken(spec)


@settings(max_examples=300)
@given(any_policies())
def test_what_the_rules_take_the_sandbox_takes_and_what_they_refuse_it_refuses(spec: BackupPolicySpec) -> None:
    broken = rules_broken_by(spec)
    if not broken:
        assert is_taken(spec)
    elif broken - STRICTER:
        assert not is_taken(spec), broken


def rules_broken_by(spec: BackupPolicySpec) -> set[str]:
    return {problem.rule.id for problem in check(write([("BackupPolicy", "any", spec)]))}


def is_taken(spec: BackupPolicySpec) -> bool:
    try:
        accept(encoded(spec))
    except Refused:
        return False
    return True


# ---- a policy as ARM writes it, by the service's documentation and not by our codec ---------------------------------


def encoded(spec: BackupPolicySpec) -> dict[str, Any]:
    """The properties of a whole policy; None where nothing is said."""
    assert spec.retention is not None
    days = spec.instant_restore_days
    return {
        "backupManagementType": "AzureIaasVM",
        "policyType": "V2" if spec.tier == "Enhanced" else "V1",
        "schedulePolicy": schedule_of(spec),
        "retentionPolicy": retention_of(spec.retention, time_of(spec)),
        "instantRpRetentionRangeInDays": default_days(spec.tier, spec) if days is None else days,
        "snapshotConsistencyType": _crash_consistent(spec),
        "tieringPolicy": {"ArchivedRP": archive_of(spec)} if spec.archive_tier else None,
        "timeZone": spec.time_zone or "UTC",
    }


def _crash_consistent(spec: BackupPolicySpec) -> str | None:
    return "OnlyCrashConsistent" if spec.snapshot_consistency == "OnlyCrashConsistent" else None


def time_of(spec: BackupPolicySpec) -> str:
    assert spec.schedule is not None
    return f"2020-01-01T{start_of(spec.schedule)}:00Z"


def schedule_of(spec: BackupPolicySpec) -> dict[str, Any]:
    schedule, time = spec.schedule, time_of(spec)
    assert schedule is not None
    if isinstance(schedule, HourlySchedule):
        window = {"scheduleWindowStartTime": time, "scheduleWindowDuration": schedule.hours}
        part = {"hourlySchedule": {"interval": schedule.every, **window}}
    else:
        runs: dict[str, Any] = {"scheduleRunTimes": [time]}
        if isinstance(schedule, WeeklySchedule):
            runs["scheduleRunDays"] = list(schedule.days)
        part = {f"{schedule.frequency.lower()}Schedule": runs} if spec.tier == "Enhanced" else runs
    kind = "SimpleSchedulePolicyV2" if spec.tier == "Enhanced" else "SimpleSchedulePolicy"
    return {"schedulePolicyType": kind, "scheduleRunFrequency": schedule.frequency, **part}


def retention_of(kept: Retention, time: str) -> dict[str, Any]:
    levels: dict[str, Any] = {"retentionPolicyType": "LongTermRetentionPolicy"}
    if kept.daily:
        levels["dailySchedule"] = level(kept.daily.days, "Days", time)
    if kept.weekly:
        levels["weeklySchedule"] = level(kept.weekly.weeks, "Weeks", time) | {"daysOfTheWeek": list(kept.weekly.days)}
    if kept.monthly:
        levels["monthlySchedule"] = level(kept.monthly.months, "Months", time) | points_of(kept.monthly)
    if kept.yearly:
        months = {"monthsOfYear": list(kept.yearly.months)}
        levels["yearlySchedule"] = level(kept.yearly.years, "Years", time) | points_of(kept.yearly) | months
    return levels


def level(count: int, unit: str, time: str) -> dict[str, Any]:
    return {"retentionTimes": [time], "retentionDuration": {"count": count, "durationType": unit}}


def points_of(kept: MonthlyRetention | YearlyRetention) -> dict[str, Any]:
    if kept.dates is not None:
        days = [{"date": 0, "isLast": True} if date == "last" else {"date": date} for date in kept.dates]
        return {"retentionScheduleFormatType": "Daily", "retentionScheduleDaily": {"daysOfTheMonth": days}}
    chosen = {"daysOfTheWeek": listed(kept.days), "weeksOfTheMonth": listed(kept.weeks)}
    return {"retentionScheduleFormatType": "Weekly", "retentionScheduleWeekly": chosen}


def listed(names: Sequence[str] | None) -> list[str]:
    return list(names or ())


def archive_of(spec: BackupPolicySpec) -> dict[str, Any]:
    assert spec.archive_tier is not None
    if spec.archive_tier.mode == "TierAfter":
        return {"tieringMode": "TierAfter", "duration": spec.archive_tier.months, "durationType": "Months"}
    return {"tieringMode": spec.archive_tier.mode, "duration": 0, "durationType": "Invalid"}
