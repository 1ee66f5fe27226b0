"""The policies that a new vault comes with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.estate import Era, Policy

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.wire.messages import Json

_MONTH: Json = {"count": 30, "durationType": "Days"}


def default_policies(era: Era, born: datetime, hour: str) -> list[Policy]:
    """HourlyLogBackup, often first in the list, then DefaultPolicy; EnhancedPolicy did not exist in 2021."""
    time = f"{born:%Y-%m-%d}T{hour}:00Z"
    policies = [Policy("HourlyLogBackup", _hourly_log(time)), Policy("DefaultPolicy", _default(time))]
    if era == 2026:
        policies[1].properties["policyType"] = "V1"
        policies.insert(1, Policy("EnhancedPolicy", _enhanced(f"{born:%Y-%m-%d}T08:00:00+00:00")))
    return policies


def _daily(time: str) -> Json:
    return {
        "retentionPolicyType": "LongTermRetentionPolicy",
        "dailySchedule": {"retentionTimes": [time], "retentionDuration": dict(_MONTH)},
    }


def _at(time: str) -> Json:
    return {
        "schedulePolicyType": "SimpleSchedulePolicy",
        "scheduleRunFrequency": "Daily",
        "scheduleRunTimes": [time],
        "scheduleWeeklyFrequency": 0,
    }


def _default(time: str) -> Json:
    """R21 policy.json."""
    return {
        "backupManagementType": "AzureIaasVM",
        "instantRPDetails": {},
        "schedulePolicy": _at(time),
        "retentionPolicy": _daily(time),
        "instantRpRetentionRangeInDays": 2,
        "timeZone": "UTC",
    }


def _enhanced(time: str) -> Json:
    """Every four hours from 08:00 for twelve; instant restore 2 days, though the docs say 7 (third-party page)."""
    return {
        "backupManagementType": "AzureIaasVM",
        "policyType": "V2",
        "instantRPDetails": {},
        "schedulePolicy": {
            "schedulePolicyType": "SimpleSchedulePolicyV2",
            "scheduleRunFrequency": "Hourly",
            "hourlySchedule": {"interval": 4, "scheduleWindowStartTime": time, "scheduleWindowDuration": 12},
        },
        "retentionPolicy": _daily(time),
        "instantRpRetentionRangeInDays": 2,
        "timeZone": "UTC",
    }


def _hourly_log(time: str) -> Json:
    """For SQL in a VM: of no use to a VM, and still in every list (R21 policy.json)."""
    return {
        "backupManagementType": "AzureWorkload",
        "workLoadType": "SQLDataBase",
        "settings": {"timeZone": "UTC", "issqlcompression": False, "isCompression": False},
        "subProtectionPolicy": [
            {"policyType": "Full", "schedulePolicy": _at(time), "retentionPolicy": _daily(time)},
            {
                "policyType": "Log",
                "schedulePolicy": {"schedulePolicyType": "LogSchedulePolicy", "scheduleFrequencyInMins": 60},
                "retentionPolicy": {"retentionPolicyType": "SimpleRetentionPolicy", "retentionDuration": dict(_MONTH)},
            },
        ],
    }
