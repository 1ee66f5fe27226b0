"""Codec of archive tiering: ARM's `tieringPolicy.ArchivedRP` ↔ ArchiveTier."""

from collections.abc import Mapping
from typing import Any

from backup_reconciler.azure.codec.untold import Untold
from backup_reconciler.spec.policy import ArchiveTier

_TIER = "ArchivedRP"
_MONTHS_IN = {"Months": 1, "Years": 12}
_OFF = ("DoNotTier", "Invalid", None)
"""What the service writes where no point moves; it may also leave out any of it."""


def encode(archive: ArchiveTier, live: Mapping[str, Any]) -> dict[str, Any]:
    """The whole of `tieringPolicy`, with what else Azure has in it; an age goes with TierAfter alone."""
    age = {"duration": 0, "durationType": "Invalid"}
    if archive.months is not None:
        age = {"duration": archive.months, "durationType": "Months"}
    return {**live, _TIER: {**(live.get(_TIER) or {}), "tieringMode": archive.mode, **age}}


def decode(arm: Mapping[str, Any]) -> dict[str, Any]:
    """The fields of an `ArchiveTier`. Raises `Untold` for what a manifest has no words for."""
    found = arm.get(_TIER) or {}
    mode = found.get("tieringMode")
    if mode in _OFF:
        return {"mode": "DoNotTier"}
    if mode != "TierAfter":
        return {"mode": mode}
    unit, count = found.get("durationType"), found.get("duration")
    if unit not in _MONTHS_IN or not isinstance(count, int):
        raise Untold(f"its points move to the archive tier after {count} {unit}")
    return {"mode": mode, "months": count * _MONTHS_IN[unit]}
