"""What a VM backup policy may say, and how the service writes it down.

A policy that breaks a rule is answered with one vague sentence that names no field: so is it here. `broken_rule` says
which it was, for people who write a world file.
"""

from __future__ import annotations

import copy
from typing import Any, NoReturn, TypeGuard

from backup_reconciler.sandbox.core.wire.messages import Json, Refused
from backup_reconciler.sandbox.core.wire.times import parse_stamp, stamp

_DAYS = {"Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday"}
_MONTHS = {"January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December"}  # fmt: skip
_WEEKS = {"First", "Second", "Third", "Fourth", "Last"}
_MOST = 9999
"""Of every retention count: the schema's bound; 5163, 1188 and 99 are bounds of the SQL policy."""


class BrokenRuleError(Exception):
    """A rule that a policy breaks, in words."""


def _broken(rule: str) -> NoReturn:
    raise BrokenRuleError(rule)


def invalid_policy() -> Refused:
    """The one answer to every malformed policy (third-party page, GitHub issues)."""
    return Refused(
        400,
        "BMSUserErrorInvalidPolicyInput",
        "Input for create or update policy is not in proper format\r\nPlease check format of parameters like schedule "
        "time, schedule days, retention time and retention days ",
    )


def accept(properties: Json) -> Json:
    """A policy's properties as the service keeps them, or the service's refusal."""
    try:
        kept = normalise(properties)
    except BrokenRuleError as error:
        raise invalid_policy() from error
    daily = kept["retentionPolicy"].get("dailySchedule")
    # Snapshots go before the points they belong to (third-party page); one day of both is as low as either can be (TF).
    if daily and kept["instantRpRetentionRangeInDays"] >= max(daily["retentionDuration"]["count"], 2):
        raise Refused(
            400,
            "BMSUserErrorInstantRPRetentionExceedsVaultedRetention",
            "Instant restore retention must be less than the retention of daily recovery points.",
        )
    return kept


def normalise(properties: Json, *, legacy: bool = False) -> Json:
    """Check every rule and write the policy as it will be read back. Fields it does not know are kept.

    `legacy`: a policy made before daily points had to be kept a week; there are such, though none can be written.
    """
    kept = copy.deepcopy(properties)
    for name in ("protectedItemsCount", "resourceGuardOperationRequests"):
        kept.pop(name, None)
    if kept.get("backupManagementType") != "AzureIaasVM":
        _broken("backupManagementType must be AzureIaasVM")
    enhanced = _is_enhanced(kept)
    time = _schedule(kept, enhanced=enhanced)
    _retention(kept, time, legacy=legacy)
    _instant_restore(kept, enhanced=enhanced)
    _tiering(kept)
    _snapshots(kept, enhanced=enhanced)
    if "/" in str(kept.setdefault("timeZone", "UTC")):
        _broken("timeZone must be a Windows zone name, such as 'Tokyo Standard Time'")
    return kept


def frequency(properties: Json) -> str:
    return str(properties["schedulePolicy"]["scheduleRunFrequency"])


def _is_enhanced(kept: Json) -> bool:
    kind = _object(kept, "schedulePolicy").get("schedulePolicyType")
    policy_type = kept.get("policyType") or "V1"
    expected = {"SimpleSchedulePolicy": "V1", "SimpleSchedulePolicyV2": "V2"}.get(str(kind))
    if expected is None or policy_type != expected:
        _broken("schedulePolicyType must be SimpleSchedulePolicy (policyType V1) or SimpleSchedulePolicyV2 (V2)")
    return expected == "V2"


def _schedule(kept: Json, *, enhanced: bool) -> str:
    """The time of day at which the policy runs, as it is written down."""
    schedule = _object(kept, "schedulePolicy")
    how = schedule.get("scheduleRunFrequency")
    if how == "Hourly" and enhanced:
        return _hourly(_object(schedule, "hourlySchedule"))
    if how not in ("Daily", "Weekly"):
        _broken("scheduleRunFrequency must be Daily or Weekly, or Hourly under V2")
    part = _object(schedule, f"{str(how).lower()}Schedule") if enhanced else schedule
    if not enhanced:
        schedule.setdefault("scheduleWeeklyFrequency", 0)
    if how == "Weekly":
        _some_of(part, "scheduleRunDays", _DAYS)
    return _one_time(part, "scheduleRunTimes", enhanced=enhanced)


def _hourly(hourly: Json) -> str:
    interval, length = hourly.get("interval"), hourly.get("scheduleWindowDuration")
    if interval not in (4, 6, 8, 12):
        _broken("hourlySchedule.interval must be 4, 6, 8 or 12")
    if not _is_count(length, 4, 24) or length % interval:
        _broken("hourlySchedule.scheduleWindowDuration must be 4 to 24 and a multiple of the interval")
    hourly["scheduleWindowStartTime"] = time = _time(hourly.get("scheduleWindowStartTime"), enhanced=True)
    return time


def _one_time(part: Json, field: str, *, enhanced: bool) -> str:
    times = part.get(field)
    if not isinstance(times, list) or len(times) != 1:
        _broken(f"{field} must hold exactly one time")
    part[field] = [_time(times[0], enhanced=enhanced)]
    return str(part[field][0])


def _time(text: Any, *, enhanced: bool) -> str:
    """On the hour or half hour. V1 is read back with `Z`, V2 with `+00:00` (R21, R26)."""
    try:
        moment = parse_stamp(str(text))
    except ValueError:
        _broken(f"{text!r} is not a time")
    if moment.minute % 30 or moment.second or moment.microsecond:
        _broken(f"{text!r} is not on the hour or half hour")
    return stamp(moment).replace("Z", "+00:00") if enhanced else stamp(moment)


def _retention(kept: Json, time: str, *, legacy: bool) -> None:
    retention = _object(kept, "retentionPolicy")
    if retention.get("retentionPolicyType") != "LongTermRetentionPolicy":
        _broken("retentionPolicyType must be LongTermRetentionPolicy")
    levels = {name: _object(retention, f"{name}Schedule") for name in ("daily", "weekly", "monthly", "yearly")
              if retention.get(f"{name}Schedule") is not None}  # fmt: skip
    weekly = frequency(kept) == "Weekly"
    if weekly and ("daily" in levels or "weekly" not in levels):
        _broken("a weekly schedule needs weeklySchedule and forbids dailySchedule")
    if not weekly and "daily" not in levels:
        _broken("a daily or hourly schedule needs dailySchedule")
    for name, level in levels.items():
        _level(name, level, time)
    daily = levels.get("daily")
    if daily and not legacy and 2 <= daily["retentionDuration"]["count"] <= 6:
        _broken("daily recovery points are kept 1 day, or 7 and more")
    if weekly:
        _weekly_days(kept["schedulePolicy"], levels["weekly"])


def _weekly_days(schedule: Json, level: Json) -> None:
    days = schedule.get("scheduleRunDays") or schedule.get("weeklySchedule", {}).get("scheduleRunDays", [])
    if not set(level["daysOfTheWeek"]) <= set(days):
        _broken("weekly retention must keep days on which the schedule runs")


def _level(name: str, level: Json, time: str) -> None:
    unit = {"daily": "Days", "weekly": "Weeks", "monthly": "Months", "yearly": "Years"}[name]
    length = _object(level, "retentionDuration")
    count: Any = length.get("count")
    if length.get("durationType") != unit or not _is_count(count, 1, _MOST):
        _broken(f"{name}Schedule.retentionDuration must be 1 to {_MOST} {unit}")
    times = level.get("retentionTimes")
    if not isinstance(times, list) or len(times) != 1 or _clock(times[0]) != _clock(time):
        _broken(f"{name}Schedule.retentionTimes must be the time of the schedule")
    level["retentionTimes"] = [_time(times[0], enhanced=not time.endswith("Z"))]
    if name == "weekly":
        _some_of(level, "daysOfTheWeek", _DAYS)
    elif name != "daily":
        _format(name, level)


def _clock(text: Any) -> tuple[int, int]:
    """Only the time of day matters, whatever the date before it (TF)."""
    moment = parse_stamp(_time(text, enhanced=False))
    return moment.hour, moment.minute


def _format(name: str, level: Json) -> None:
    """Monthly and yearly points: by day of the month, or by weekday of a week."""
    match level.get("retentionScheduleFormatType"):
        case "Daily":
            days = _object(level, "retentionScheduleDaily").get("daysOfTheMonth")
            if not isinstance(days, list) or not days or not all(_is_day_of_month(day) for day in days):
                _broken("daysOfTheMonth must hold dates from 1 to 31, or {date: 0, isLast: true}")
        case "Weekly":
            _some_of(_object(level, "retentionScheduleWeekly"), "daysOfTheWeek", _DAYS)
            _some_of(_object(level, "retentionScheduleWeekly"), "weeksOfTheMonth", _WEEKS)
        case _:
            _broken("retentionScheduleFormatType must be Daily or Weekly")
    if name == "yearly":
        _some_of(level, "monthsOfYear", _MONTHS)


def _is_day_of_month(day: Any) -> bool:
    if not isinstance(day, dict):
        return False
    return day.get("date") == 0 if day.get("isLast") else _is_count(day.get("date"), 1, 31)


def _instant_restore(kept: Json, *, enhanced: bool) -> None:
    """V1: 1-5 days, 5 when weekly. V2: 1-30, 5 when weekly too (TF issue 24539)."""
    weekly = frequency(kept) == "Weekly"
    default = 5 if weekly else 7 if enhanced else 2
    days = kept.get("instantRpRetentionRangeInDays")
    kept["instantRpRetentionRangeInDays"] = days = default if days is None else days
    most = 30 if enhanced else 5
    if not _is_count(days, 5 if weekly else 1, 5 if weekly else most):
        _broken(f"instantRpRetentionRangeInDays must be {'5 under a weekly schedule' if weekly else f'1 to {most}'}")


def _tiering(kept: Json) -> None:
    """Archive takes monthly and yearly points only (Learn: archive-tier-support)."""
    tiering = _object(kept, "tieringPolicy") if kept.get("tieringPolicy") else {}
    archive = _object(tiering, "ArchivedRP") if tiering.get("ArchivedRP") else {}
    mode = archive.get("tieringMode")
    if mode not in (None, "DoNotTier", "Invalid", "TierRecommended", "TierAfter"):
        _broken("tieringMode must be DoNotTier, TierRecommended or TierAfter")
    long_term = {"monthlySchedule", "yearlySchedule"} & {key for key, value in kept["retentionPolicy"].items() if value}
    if mode in ("TierRecommended", "TierAfter") and not long_term:
        _broken("tiering needs monthly or yearly retention")
    least = 1 if archive.get("durationType") == "Years" else 3
    if mode == "TierAfter" and not _is_count(archive.get("duration"), least, _MOST):
        _broken("TierAfter needs a duration of 3 months or more")


def _snapshots(kept: Json, *, enhanced: bool) -> None:
    """What a policy says of its snapshots: the resource group they live in, their consistency, access at once.

    That crash consistency and instant access are of Enhanced policies only is INFERRED (Learn: agentless multi-disk).
    """
    kept["instantRPDetails"] = kept.get("instantRPDetails") or {}
    if not all(isinstance(name, str) for name in _object(kept, "instantRPDetails").values()):
        _broken("instantRPDetails must hold text")
    consistency = kept.get("snapshotConsistencyType")
    if consistency is not None and (consistency != "OnlyCrashConsistent" or not enhanced):
        _broken("snapshotConsistencyType can be OnlyCrashConsistent, under V2 only")
    if kept.get("instantAccessSnapshotEnabled") not in (None, True, False) or (
        kept.get("instantAccessSnapshotEnabled") and not enhanced
    ):
        _broken("instantAccessSnapshotEnabled must be true or false, and true under V2 only")
    minutes = kept.get("instantAccessDurationMinutes")
    if minutes is not None and not _is_count(minutes, 60, 300):
        _broken("instantAccessDurationMinutes must be 60 to 300")
    if kept.get("instantAccessSnapshotEnabled") and minutes is None:
        kept["instantAccessDurationMinutes"] = 300  # SDKB


def tiers(properties: Json) -> bool:
    """Whether points move to the archive tier."""
    archive = (properties.get("tieringPolicy") or {}).get("ArchivedRP") or {}
    return archive.get("tieringMode") in ("TierRecommended", "TierAfter")


def _object(parent: Json, field: str) -> Json:
    value = parent.get(field)
    if not isinstance(value, dict):
        _broken(f"{field} must be an object")
    return value


def _some_of(parent: Json, field: str, allowed: set[str]) -> None:
    value = parent.get(field)
    if not isinstance(value, list) or not value or not all(isinstance(part, str) and part in allowed for part in value):
        _broken(f"{field} must hold one or more of {', '.join(sorted(allowed))}")


def _is_count(value: Any, least: int, most: int) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and least <= value <= most
