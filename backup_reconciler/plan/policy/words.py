"""A policy in the words of its manifest, and as it is written: two things where it keeps its local hour."""

from datetime import date
from typing import Any

from backup_reconciler.spec import local_hour
from backup_reconciler.spec.policy import BackupPolicySpec, PolicySettings, Retention, start_of
from backup_reconciler.spec.time_zones import fixed_twin, shifts
from backup_reconciler.spec.values import is_start_time, is_time_zone

_FIELD = "daylightSaving"
_KEPT = "keep-local-hour"
_LEFT = "as-service"


def in_words(settings: PolicySettings, *, keeps_hour: bool) -> dict[str, Any]:
    """Settings as plain data, as the manifest of a policy states them that keeps its local hour or does not."""
    return settings.stated() | ({_FIELD: _KEPT} if keeps_hour else {})


def found_in_words(told: PolicySettings, found: PolicySettings) -> dict[str, Any]:
    """The same of a live policy, of which `as_told` has told the rest; its hour is kept where clocks never change."""
    zone = found.time_zone
    steady = zone is not None and is_time_zone(zone) and fixed_twin(zone) == zone
    return told.stated() | {_FIELD: _KEPT if steady else _LEFT}


def in_local_hour(spec: BackupPolicySpec, found: PolicySettings, as_of: date) -> PolicySettings | None:
    """A live policy in the hour of its declared zone; None where it keeps no hour, or is not written so.

    On a day of a clock change two hours may be told of it; if one is the declared one, that is what it is.
    """
    zone, start = spec.keeps_hour_of(), _start(found)
    if zone is None or start is None or not is_start_time(start) or found.time_zone != fixed_twin(zone):
        return None
    readings = local_hour.told(found, zone, as_of)
    return next((told for told in readings if told.schedule == spec.schedule), readings[0])


def as_told(spec: BackupPolicySpec, found: PolicySettings, as_of: date) -> PolicySettings:
    """A live policy in the words of its manifest, to be compared and judged."""
    zone, told = spec.keeps_hour_of(), in_local_hour(spec, found, as_of)
    if zone is None or told is None:
        return found
    if spec.retention is not None:
        return told
    return told.model_copy(update={"retention": _unstated_retention(spec, zone, found, told)})


def _unstated_retention(
    spec: BackupPolicySpec, zone: str, found: PolicySettings, told: PolicySettings
) -> Retention | None:
    """The live retention by the days of the week that it was written for, and that it is to have again.

    When that was, the hour tells, as long as the declared one is the same.
    """
    whenever = (local_hour.moved(found, ahead, zone) for ahead in shifts(zone))
    return next((one for one in whenever if _start(one) == _start(spec)), told).retention


def _start(settings: PolicySettings) -> str | None:
    return start_of(settings.schedule) if settings.schedule else None


def as_written(spec: BackupPolicySpec, wished: PolicySettings, as_of: date) -> PolicySettings:
    """What to write for a policy to be as wished on that day."""
    zone = spec.keeps_hour_of()
    return local_hour.written(wished, zone, as_of) if zone else wished


def as_update(spec: BackupPolicySpec, told: PolicySettings, found: PolicySettings, as_of: date) -> PolicySettings:
    """What to write of a live policy for it to be as declared on that day.

    Where backups then start on another day of the week, a retention that nobody states moves along.
    """
    wished = spec.settings()
    whole = wished.model_copy(update={"retention": wished.retention or told.retention})
    written = as_written(spec, whole, as_of)
    stays = wished.retention is None and written.retention == found.retention
    return written.model_copy(update={"retention": None}) if stays else written
