"""Codec of what a policy says of its snapshots: the resource groups that hold them, and how consistent they are."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec.untold import Untold
from backup_reconciler.spec.policy import SnapshotResourceGroup

_PREFIX, _SUFFIX = "azureBackupRGNamePrefix", "azureBackupRGNameSuffix"
_APPLICATION_CONSISTENT = "ApplicationConsistent"
"""What the service means where a policy says nothing; it has no word for it (azure-mgmt-recoveryservicesbackup)."""

_CONSISTENCY = "snapshotConsistencyType"


def encode_group(group: SnapshotResourceGroup, live: Mapping[str, Any]) -> dict[str, Any]:
    """`instantRPDetails`; a suffix that is not stated goes."""
    named = {_PREFIX: group.prefix} | ({_SUFFIX: group.suffix} if group.suffix is not None else {})
    return {name: value for name, value in live.items() if name != _SUFFIX} | named


def decode_group(arm: Mapping[str, Any]) -> dict[str, str] | None:
    """The fields of a `SnapshotResourceGroup`; None where the service chooses the names, which reads `{}`."""
    prefix, suffix = arm.get(_PREFIX), arm.get(_SUFFIX)
    if not prefix and suffix:
        raise Untold(f"its snapshot resource groups have the suffix {suffix} and no prefix")
    if not prefix:
        return None
    return {"prefix": prefix} | ({"suffix": suffix} if suffix else {})


def encode_consistency(consistency: str, properties: Mapping[str, Any]) -> dict[str, Any]:
    """A policy's properties with this consistency."""
    others = {name: value for name, value in properties.items() if name != _CONSISTENCY}
    return others if consistency == _APPLICATION_CONSISTENT else {**others, _CONSISTENCY: consistency}


def decode_consistency(properties: Mapping[str, Any]) -> str:
    return properties.get(_CONSISTENCY) or _APPLICATION_CONSISTENT
