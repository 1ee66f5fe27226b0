"""Codec of backup policies for VMs: ARM JSON ↔ PolicySettings, and the requests that read and write them.

What a policy consists of has modules of its own: `schedule`, `retention`, `snapshot`, `archive`.
"""

from collections.abc import Mapping
from copy import deepcopy
from typing import Any

from pydantic import ValidationError

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.codec import archive, retention, schedule, snapshot
from backup_reconciler.azure.codec.untold import Untold
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.policy import PolicySettings, Retention, Tier
from backup_reconciler.state.policy import LivePolicy

SERVER_OWNED = ("protectedItemsCount", "resourceGuardOperationRequests")
"""Properties that the service computes or that belong to one request; they are never sent back."""

_TIME_ZONE = "UTC"
"""What the service takes where none is sent, also of a policy that had another (azure-powershell issue 21975)."""
_ENHANCED = "V2"


def list_request(vault: ArmId) -> ArmRequest:
    return get(vault.child("backupPolicies").text, Api.BACKUP, **{"$filter": "backupManagementType eq 'AzureIaasVM'"})


def get_request(policy: ArmId) -> ArmRequest:
    return get(policy.text, Api.BACKUP)


def written_part(arm: Mapping[str, Any]) -> dict[str, Any]:
    """The properties of a policy less those that the server owns."""
    properties = (arm.get("properties") or {}).items()
    return {name: value for name, value in properties if name not in SERVER_OWNED}


def put_request(policy: ArmId, settings: PolicySettings, tier: Tier, live: Mapping[str, Any] | None) -> ArmRequest:
    """PUT of the live policy, less what the server owns, with what is stated over it."""
    return ArmRequest("PUT", policy.text, Api.BACKUP, body={"properties": encode(settings, tier, live)})


def encode(settings: PolicySettings, tier: Tier, live: Mapping[str, Any] | None) -> dict[str, Any]:
    """The `properties` to PUT; `live` is the policy's ARM JSON, None where there is none yet.

    What Azure has as it is stated stays to the byte, and so does what no manifest speaks of. Only the times are written
    anew, always on one date, and the time zone is always there.
    """
    properties = deepcopy(written_part(live or {}))
    properties.setdefault("backupManagementType", "AzureIaasVM")
    if tier == "Enhanced":
        properties["policyType"] = _ENHANCED
    properties = _overlaid(properties, _differing(settings, decode(live).settings if live else None), tier)
    properties["timeZone"] = properties.get("timeZone") or _TIME_ZONE
    when = properties["schedulePolicy"] = schedule.dated(properties.get("schedulePolicy") or {})
    properties["retentionPolicy"] = retention.set_time(properties.get("retentionPolicy") or {}, schedule.start(when))
    return properties


def delete_request(policy: ArmId) -> ArmRequest:
    return ArmRequest("DELETE", policy.text, Api.BACKUP)


def _differing(settings: PolicySettings, found: PolicySettings | None) -> PolicySettings:
    """The stated settings that are not as they are found."""
    stated = {name: value for name, value in settings if value is not None}
    return PolicySettings(**{name: value for name, value in stated.items() if value != getattr(found, name, None)})


def _overlaid(properties: dict[str, Any], settings: PolicySettings, tier: Tier) -> dict[str, Any]:
    """The properties with what is stated in place of what they say."""
    result = dict(properties)
    if settings.schedule is not None:
        result["schedulePolicy"] = schedule.encode(settings.schedule, tier, result.get("schedulePolicy") or {})
    if settings.retention is not None:
        result["retentionPolicy"] = retention.encode(settings.retention, result.get("retentionPolicy") or {})
    if settings.instant_restore_days is not None:
        result["instantRpRetentionRangeInDays"] = settings.instant_restore_days
    if settings.time_zone is not None:
        result["timeZone"] = settings.time_zone
    if settings.snapshot_resource_group is not None:
        live = result.get("instantRPDetails") or {}
        result["instantRPDetails"] = snapshot.encode_group(settings.snapshot_resource_group, live)
    if settings.snapshot_consistency is not None:
        result = snapshot.encode_consistency(settings.snapshot_consistency, result)
    if settings.archive_tier is not None:
        result["tieringPolicy"] = archive.encode(settings.archive_tier, result.get("tieringPolicy") or {})
    return result


def decode(arm: Mapping[str, Any]) -> LivePolicy:
    """A policy as ARM has it, in the words of a manifest where those can tell it."""
    properties = arm.get("properties") or {}
    tier: Tier = "Enhanced" if properties.get("policyType") == _ENHANCED else "Standard"
    settings, why = None, ""
    try:
        settings = _settings(properties, tier)
    except Untold as untold:
        why = str(untold)
    except ValidationError as error:
        first = error.errors()[0]
        why = f"its {'.'.join(map(str, first['loc']))} is {first['input']!r}"
    return LivePolicy(ArmId(arm["id"]), settings, why, tier, _retention(properties), arm)


def _retention(properties: Mapping[str, Any]) -> Retention | None:
    """Told also where other parts of the policy are not."""
    try:
        return retention.decode(properties.get("retentionPolicy") or {})
    except (Untold, ValidationError):
        return None


def is_for_vms(arm: Mapping[str, Any]) -> bool:
    """Whether a listed policy is one for VMs; vaults hold others too (HourlyLogBackup, for SQL in VMs)."""
    return (arm.get("properties") or {}).get("backupManagementType") == "AzureIaasVM"


def _settings(properties: Mapping[str, Any], tier: Tier) -> PolicySettings:
    """All that Azure tells, with what the service means by what it leaves out."""
    stated: dict[str, Any] = {
        "schedule": schedule.decode(properties.get("schedulePolicy") or {}, tier),
        "retention": retention.decode(properties.get("retentionPolicy") or {}),
        "instant_restore_days": properties.get("instantRpRetentionRangeInDays"),
        "time_zone": properties.get("timeZone") or _TIME_ZONE,
        "snapshot_resource_group": snapshot.decode_group(properties.get("instantRPDetails") or {}),
        "snapshot_consistency": snapshot.decode_consistency(properties),
        "archive_tier": archive.decode(properties.get("tieringPolicy") or {}),
    }
    return PolicySettings.model_validate({name: value for name, value in stated.items() if value is not None})
