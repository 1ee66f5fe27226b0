"""Backup policies as a client writes them; `a__b` changes what lies in `a`."""

import copy
from typing import Any

TIME = "2026-01-01T23:00:00Z"


def daily(count: int = 30, **changes: Any) -> dict[str, Any]:
    """A Standard policy that keeps so many days."""
    policy: dict[str, Any] = {
        "backupManagementType": "AzureIaasVM",
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicy",
            "scheduleRunFrequency": "Daily",
            "scheduleRunTimes": [TIME],
        },
        "retentionPolicy": {
            "retentionPolicyType": "LongTermRetentionPolicy",
            "dailySchedule": {
                "retentionTimes": [TIME],
                "retentionDuration": {"count": count, "durationType": "Days"},
            },
        },
        "instantRpRetentionRangeInDays": 2 if count > 2 else 1,
        "timeZone": "UTC",
    }
    return changed(policy, changes)


def hourly(**changes: Any) -> dict[str, Any]:
    window = {"interval": 4, "scheduleWindowStartTime": TIME, "scheduleWindowDuration": 12}
    schedule = {
        "schedulePolicyType": "SimpleSchedulePolicyV2",
        "scheduleRunFrequency": "Hourly",
        "hourlySchedule": window,
    }
    return changed(daily(policyType="V2", schedulePolicy=schedule), changes)


def weekly(**changes: Any) -> dict[str, Any]:
    level = {
        "daysOfTheWeek": ["Sunday"],
        "retentionTimes": [TIME],
        "retentionDuration": {"count": 12, "durationType": "Weeks"},
    }
    policy = daily(
        schedulePolicy__scheduleRunFrequency="Weekly",
        schedulePolicy__scheduleRunDays=["Sunday"],
        retentionPolicy__dailySchedule=None,
        retentionPolicy__weeklySchedule=level,
        instantRpRetentionRangeInDays=5,
    )
    return changed(policy, changes)


def changed(policy: dict[str, Any], changes: dict[str, Any]) -> dict[str, Any]:
    """Changes named by their path, its steps joined by `__`."""
    policy = copy.deepcopy(policy)
    for path, value in changes.items():
        *parents, last = path.split("__")
        at = policy
        for step in parents:
            at = at.setdefault(step, {})
        at[last] = value
    return policy
