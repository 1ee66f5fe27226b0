"""Laws of schedules and retention in the sandbox, against plain counting."""

from __future__ import annotations

import calendar
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st
from tzlocal.windows_tz import win_tz

from backup_reconciler.sandbox.core.estate import ProtectedItem, RecoveryPoint
from backup_reconciler.sandbox.core.recovery_services.backups import points
from backup_reconciler.sandbox.core.recovery_services.policies.policy_rules import normalise
from backup_reconciler.sandbox.core.recovery_services.policies.retention import expiry, levels_at
from backup_reconciler.sandbox.core.recovery_services.policies.schedule import next_run

DAYS = ["Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"]
WEEKS = ["First", "Second", "Third", "Fourth", "Last"]
MONTHS = list(calendar.month_name)[1:]
HALF_HOURS = st.integers(0, 47).map(lambda half: f"2020-01-01T{half // 2:02d}:{30 * (half % 2):02d}:00Z")
ZONES = st.sampled_from([*win_tz, "UTC"])
MOMENTS = st.integers(0, 6 * 365 * 86400).map(
    lambda seconds: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(seconds=seconds)
)


def some(values: list[str]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(values), min_size=1, unique=True)


@st.composite
def policies(draw: st.DrawFn) -> dict[str, Any]:
    """Any schedule under either type, in any zone."""
    text, frequency = draw(HALF_HOURS), draw(st.sampled_from(["Daily", "Weekly", "Hourly"]))
    enhanced = frequency == "Hourly" or draw(st.booleans())
    part: dict[str, Any] = {"scheduleRunTimes": [text]}
    if frequency == "Weekly":
        part["scheduleRunDays"] = draw(some(DAYS))
    if frequency == "Hourly":
        interval = draw(st.sampled_from([4, 6, 8, 12]))
        window = interval * draw(st.integers(1, 24 // interval))
        part = {"interval": interval, "scheduleWindowStartTime": text, "scheduleWindowDuration": window}
    schedule = {"scheduleRunFrequency": frequency, **({f"{frequency.lower()}Schedule": part} if enhanced else part)}
    schedule["schedulePolicyType"] = "SimpleSchedulePolicyV2" if enhanced else "SimpleSchedulePolicy"
    level: dict[str, Any] = {"retentionTimes": [text], "retentionDuration": {"count": 30, "durationType": "Days"}}
    retention: dict[str, Any] = {"retentionPolicyType": "LongTermRetentionPolicy", "dailySchedule": level}
    if frequency == "Weekly":
        level |= {"daysOfTheWeek": part["scheduleRunDays"], "retentionDuration": {"count": 9, "durationType": "Weeks"}}
        retention = {"retentionPolicyType": "LongTermRetentionPolicy", "weeklySchedule": level}
    return normalise(
        {
            "backupManagementType": "AzureIaasVM",
            "policyType": "V2" if enhanced else "V1",
            "schedulePolicy": schedule,
            "retentionPolicy": retention,
            "timeZone": draw(ZONES),
        }
    )


def standard(zone: str, day: date) -> timedelta:
    noon = datetime.combine(day, time(12), ZoneInfo(win_tz.get(zone, "UTC")))
    return noon.utcoffset() - noon.dst()  # type: ignore[operator]


def runs(properties: dict[str, Any], first: date, days: int) -> list[datetime]:
    """Every run of so many days, by walking through each half hour of them on the policy's own clock."""
    schedule = properties["schedulePolicy"]
    how = schedule["scheduleRunFrequency"]
    part = schedule.get(f"{how.lower()}Schedule", schedule)
    text = part["scheduleWindowStartTime"] if how == "Hourly" else part["scheduleRunTimes"][0]
    begins = timedelta(hours=int(text[11:13]), minutes=int(text[14:16]))
    found = set()
    for day in (first + timedelta(days=number) for number in range(days)):
        if how == "Weekly" and DAYS[day.weekday()] not in part["scheduleRunDays"]:
            continue
        midnight = datetime.combine(day, time(0), UTC) - standard(properties["timeZone"], day)
        for half in range(2 * 48 + 1):
            into = timedelta(minutes=30 * half) - begins
            once = how != "Hourly" and into == timedelta(0)
            hours = into / timedelta(hours=1)
            within = how == "Hourly" and 0 <= hours <= part["scheduleWindowDuration"] and hours % part["interval"] == 0
            if once or within:
                found.add(midnight + timedelta(minutes=30 * half))
    return sorted(found)


@given(policies(), MOMENTS)
def test_the_next_run_is_the_first_that_counting_finds(properties: dict[str, Any], after: datetime) -> None:
    all_runs = runs(properties, after.date() - timedelta(days=4), 16)
    assert next_run(properties, after) == next(run for run in all_runs if run > after)


@given(policies(), MOMENTS)
def test_runs_never_stand_still(properties: dict[str, Any], after: datetime) -> None:
    one = next_run(properties, after)
    assert after < one < next_run(properties, one) <= one + timedelta(days=7, hours=3)


@st.composite
def retentions(draw: st.DrawFn) -> dict[str, Any]:
    """A daily schedule at midnight with any levels above it."""
    times = ["2020-01-01T00:00:00Z"]

    def level(unit: str, most: int, **more: Any) -> dict[str, Any]:
        count = draw(st.integers(1, most))
        return {"retentionTimes": times, "retentionDuration": {"count": count, "durationType": unit}, **more}

    def by_date() -> dict[str, Any]:
        dates = draw(st.lists(st.integers(0, 31), min_size=1, max_size=3, unique=True))
        days = [{"date": one, "isLast": one == 0} for one in dates]
        return {"retentionScheduleFormatType": "Daily", "retentionScheduleDaily": {"daysOfTheMonth": days}}

    def by_week() -> dict[str, Any]:
        weekly = {"daysOfTheWeek": draw(some(DAYS)), "weeksOfTheMonth": draw(some(WEEKS))}
        return {"retentionScheduleFormatType": "Weekly", "retentionScheduleWeekly": weekly}

    daily = level("Days", 60)
    daily["retentionDuration"]["count"] = max(daily["retentionDuration"]["count"], 7)
    retention: dict[str, Any] = {"retentionPolicyType": "LongTermRetentionPolicy", "dailySchedule": daily}
    if draw(st.booleans()):
        retention["weeklySchedule"] = level("Weeks", 60, daysOfTheWeek=draw(some(DAYS)))
    if draw(st.booleans()):
        retention["monthlySchedule"] = level("Months", 14, **draw(st.sampled_from([by_date, by_week]))())
    if draw(st.booleans()):
        retention["yearlySchedule"] = level("Years", 3, monthsOfYear=draw(some(MONTHS)), **by_week())
    schedule = {"schedulePolicyType": "SimpleSchedulePolicy", "scheduleRunFrequency": "Daily",
                "scheduleRunTimes": times}  # fmt: skip
    kept = {"backupManagementType": "AzureIaasVM", "schedulePolicy": schedule, "retentionPolicy": retention}
    return normalise(kept)


def months_between(day: date, later: date) -> int:
    """Whole months from a day to a later one; a day that a month lacks counts as that month's last."""
    months = 12 * (later.year - day.year) + later.month - day.month
    last = calendar.monthrange(later.year, later.month)[1]
    return months if later.day >= min(day.day, last) else months - 1


def still_kept(properties: dict[str, Any], day: date, today: date) -> bool:
    """Whether a backup of a day is there on another, told from the calendar alone."""
    levels = properties["retentionPolicy"]
    count = {name: levels[name]["retentionDuration"]["count"] for name in levels if name.endswith("Schedule")}
    last = calendar.monthrange(day.year, day.month)[1]
    number = (day.day + 6) // 7

    def in_month(level: dict[str, Any]) -> bool:
        if level["retentionScheduleFormatType"] == "Daily":
            wanted = [one["date"] or last for one in level["retentionScheduleDaily"]["daysOfTheMonth"]]
            return day.day in wanted
        weekly = level["retentionScheduleWeekly"]
        names = {WEEKS[number - 1]} if number < 5 else set()
        names |= {"Last"} if day.day > last - 7 else set()
        return DAYS[day.weekday()] in weekly["daysOfTheWeek"] and bool(names & set(weekly["weeksOfTheMonth"]))

    age = (today - day).days
    if age < count["dailySchedule"]:
        return True
    weekly, monthly, yearly = (levels.get(f"{name}Schedule") for name in ("weekly", "monthly", "yearly"))
    if weekly and DAYS[day.weekday()] in weekly["daysOfTheWeek"] and age < 7 * count["weeklySchedule"]:
        return True
    if monthly and in_month(monthly) and months_between(day, today) < count["monthlySchedule"]:
        return True
    in_year = yearly and MONTHS[day.month - 1] in yearly["monthsOfYear"] and in_month(yearly)
    return bool(in_year) and months_between(day, today) < 12 * count["yearlySchedule"]


@given(retentions(), st.dates(date(2024, 1, 1), date(2030, 1, 1)))
def test_after_a_year_exactly_those_points_are_kept_that_the_retention_names(
    properties: dict[str, Any], first: date
) -> None:
    item = ProtectedItem("rg", "vm", "", "", "Protected")
    days = [first + timedelta(days=number) for number in range(366)]
    for day in days:
        run = datetime.combine(day, time(0), UTC)
        levels = levels_at(properties, run)
        points.add(item, RecoveryPoint(run, expiry(properties, levels, run), levels), run)
    today = days[-1]
    kept = [point.time.date() for point in points.held(item, datetime.combine(today, time(0), UTC))]
    assert kept == [day for day in days if still_kept(properties, day, today)]


@given(retentions(), retentions(), MOMENTS)
def test_another_retention_takes_no_point_before_a_day_is_over(
    before: dict[str, Any], after: dict[str, Any], run: datetime
) -> None:
    run = run.replace(hour=0, minute=0, second=0, microsecond=0)
    levels = levels_at(before, run)
    item = ProtectedItem("rg", "vm", "", "", "Protected")
    item.recovery_points = [RecoveryPoint(run, expiry(before, levels, run), levels)]
    now = run + timedelta(days=3)
    points.apply(item, after, now)
    (point,) = item.recovery_points
    assert point.expires >= now + timedelta(days=1)
    assert point.expires == max(expiry(after, levels, run), now + timedelta(days=1))
