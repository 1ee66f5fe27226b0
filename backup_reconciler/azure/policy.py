"""Codec of backup policies for VMs: ARM JSON ↔ PolicySettings, and the requests that read and write them."""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any, Literal

from pydantic import ValidationError

from backup_reconciler.azure import retention
from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.azure.retention import UnknownRetention
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import DailySchedule, PolicySettings, Retention
from backup_reconciler.state.policy import LivePolicy

SERVER_OWNED = ("protectedItemsCount", "resourceGuardOperationRequests")
"""Properties that the service computes or that belong to one request; they are never sent back."""

_DATE = "2020-01-01"
"""The service reads only the time of a schedule's date-time, but refuses one in the future (Terraform issue 31969)."""


class _UnknownSchedule(Exception):
    """A schedule that the words of a manifest cannot tell; the message says which part."""


def list_request(vault: ArmId) -> ArmRequest:
    return get(vault.child("backupPolicies").text, Api.BACKUP, **{"$filter": "backupManagementType eq 'AzureIaasVM'"})


def get_request(policy: ArmId) -> ArmRequest:
    return get(policy.text, Api.BACKUP)


def written_part(arm: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a policy less those that the server owns."""
    properties = (arm.get("properties") or {}).items()
    return {name: value for name, value in properties if name not in SERVER_OWNED}


def put_request(policy: ArmId, settings: PolicySettings, live: Mapping[str, Any] | None) -> ArmRequest:
    """PUT of the live policy, less what the server owns, with what is stated over it."""
    return ArmRequest("PUT", policy.text, Api.BACKUP, body={"properties": encode(settings, live)})


def encode(settings: PolicySettings, live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The `properties` to PUT; `live` is the policy's ARM JSON, None where there is none yet."""
    properties = deepcopy(written_part(live or {}))
    properties.setdefault("backupManagementType", "AzureIaasVM")
    if settings.instant_restore_days is not None:
        properties["instantRpRetentionRangeInDays"] = settings.instant_restore_days
    if settings.time_zone is not None:
        properties["timeZone"] = settings.time_zone
    schedule = properties.get("schedulePolicy") or {}
    if settings.schedule is not None:
        assert isinstance(settings.schedule, DailySchedule), "a plan holds no policy with another schedule"
        schedule = _daily(settings.schedule.time, schedule)
    if schedule:
        properties["schedulePolicy"] = _dated(schedule)
    kept = properties.get("retentionPolicy") or {}
    if settings.retention is not None:
        kept = retention.encode(settings.retention, kept)
    times = (properties.get("schedulePolicy") or {}).get("scheduleRunTimes") or []
    if kept:
        properties["retentionPolicy"] = retention.set_times(kept, times)
    return properties


def delete_request(policy: ArmId) -> ArmRequest:
    return ArmRequest("DELETE", policy.text, Api.BACKUP)


def decode(arm: Mapping[str, Any]) -> LivePolicy:
    """A policy as ARM has it, in the words of a manifest where those can tell it."""
    settings, why = None, ""
    try:
        settings = _settings(arm.get("properties") or {})
    except (_UnknownSchedule, UnknownRetention) as error:
        why = str(error)
    except ValidationError as error:
        first = error.errors()[0]
        why = f"its {'.'.join(map(str, first['loc']))} is {first['input']!r}"
    properties = arm.get("properties") or {}
    tier: Literal["Standard", "Enhanced"] = "Enhanced" if properties.get("policyType") == "V2" else "Standard"
    return LivePolicy(ArmId(arm["id"]), settings, why, tier, _retention(properties), arm)


def _retention(properties: Mapping[str, Any]) -> Retention | None:
    """Both tiers tell their retention alike."""
    try:
        return retention.decode(properties.get("retentionPolicy") or {})
    except (UnknownRetention, ValidationError):
        return None


def is_for_vms(arm: Mapping[str, Any]) -> bool:
    """Whether a listed policy is one for VMs; vaults hold others too (HourlyLogBackup, for SQL in VMs)."""
    return (arm.get("properties") or {}).get("backupManagementType") == "AzureIaasVM"


def _daily(time: str, live: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **live,
        "schedulePolicyType": "SimpleSchedulePolicy",
        "scheduleRunFrequency": "Daily",
        "scheduleRunTimes": [f"T{time}"],
    }


def _dated(schedule: Mapping[str, Any]) -> dict[str, Any]:
    """The schedule with its times on the one date that is always sent."""
    times = schedule.get("scheduleRunTimes") or []
    return {**schedule, "scheduleRunTimes": [f"{_DATE}T{_time_of(time)}:00Z" for time in times]}


def _settings(properties: Mapping[str, Any]) -> PolicySettings:
    stated: dict[str, Any] = {
        "schedule": {"frequency": "Daily", "time": _daily_time(properties)},
        "retention": retention.decode(properties.get("retentionPolicy") or {}),
        "instant_restore_days": properties.get("instantRpRetentionRangeInDays"),
        "time_zone": properties.get("timeZone"),
    }
    return PolicySettings.model_validate({name: value for name, value in stated.items() if value is not None})


def _daily_time(properties: Mapping[str, Any]) -> str:
    """The time of a Standard policy's daily schedule."""
    if properties.get("policyType") not in (None, "", "V1"):
        raise _UnknownSchedule("it is an Enhanced policy")
    schedule = properties.get("schedulePolicy") or {}
    if schedule.get("schedulePolicyType") != "SimpleSchedulePolicy":
        raise _UnknownSchedule(f"its schedule is of type {schedule.get('schedulePolicyType')}")
    if schedule.get("scheduleRunFrequency") != "Daily":
        raise _UnknownSchedule(f"its schedule is {schedule.get('scheduleRunFrequency')}, not Daily")
    times: list[str] = schedule.get("scheduleRunTimes") or []
    if len(times) != 1:
        raise _UnknownSchedule(f"it has {len(times)} schedule times")
    return _time_of(times[0])


def _time_of(date_time: str) -> str:
    """HH:MM of `2021-05-26T12:00:00Z`, `…+00:00` or any other date-time: only the time means something."""
    return date_time.partition("T")[2][:5]
