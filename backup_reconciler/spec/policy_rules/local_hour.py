"""daylightSaving: keep-local-hour, which writes a policy in a zone whose clocks never change."""

from collections.abc import Iterator
from datetime import timedelta

from backup_reconciler.spec.local_hour import A_DAY, since_midnight, time_of_day
from backup_reconciler.spec.policy import BackupPolicySpec, start_of
from backup_reconciler.spec.policy_rules.breach import Breach
from backup_reconciler.spec.rules.schedule import (
    LOCAL_HOUR_MIDNIGHT,
    LOCAL_HOUR_SCHEDULE,
    LOCAL_HOUR_TWIN,
    LOCAL_HOUR_ZONE,
)
from backup_reconciler.spec.time_zones import fixed_twin, shifts
from backup_reconciler.spec.values import is_start_time, is_time_zone


def zone(policy: BackupPolicySpec) -> Iterator[Breach]:
    """There is a zone, and one of the same standard offset to write the policy in."""
    if policy.daylight_saving != "keep-local-hour":
        return
    if policy.time_zone is None:
        what = "keep-local-hour needs to know whose hour is meant"
        yield Breach(LOCAL_HOUR_ZONE, ("daylightSaving",), what)
    elif is_time_zone(policy.time_zone) and fixed_twin(policy.time_zone) is None:
        what = f"no Windows time zone without clock changes has the standard offset of {policy.time_zone}"
        yield Breach(LOCAL_HOUR_TWIN, ("timeZone",), what, also=("daylightSaving",))


def hour(policy: BackupPolicySpec) -> Iterator[Breach]:
    """There is an hour to keep."""
    if policy.daylight_saving == "keep-local-hour" and policy.schedule is None:
        yield Breach(LOCAL_HOUR_SCHEDULE, ("daylightSaving",), "keep-local-hour needs to know which hour is meant")


def same_day(policy: BackupPolicySpec) -> Iterator[Breach]:
    """Points that are chosen by dates or weeks of the month are of backups that stay on one day in that zone."""
    zone, schedule = policy.time_zone, policy.schedule
    if policy.daylight_saving != "keep-local-hour" or zone is None or schedule is None or policy.retention is None:
        return
    time = start_of(schedule)
    if not is_start_time(time) or not is_time_zone(zone) or fixed_twin(zone) is None:
        return  # told as such
    shift = next((shift for shift in shifts(zone) if not timedelta(0) <= since_midnight(time) - shift < A_DAY), None)
    if shift is None:
        return
    for level in ("monthly", "yearly"):
        if getattr(policy.retention, level) is not None:
            day = "before" if shift > timedelta(0) else "after"
            what = f"{time} is on the day {day} in {fixed_twin(zone)} while the clocks of {zone} are changed"
            yield Breach(LOCAL_HOUR_MIDNIGHT, ("retention", level), what, _remedy(shift, level), also=("schedule",))


def _remedy(shift: timedelta, level: str) -> str:
    clock = time_of_day(shift % A_DAY)
    start = f"start at {clock} or later" if shift > timedelta(0) else f"start before {clock}"
    return f"{start}, use daylightSaving: as-service, or keep no {level} points"


RULES = (zone, hour, same_day)
