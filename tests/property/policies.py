"""Generated policies of every tier, schedule and setting: valid ones, and ones with something about them."""

from typing import Any

from hypothesis import strategies as st

from backup_reconciler.spec.policy import BackupPolicySpec
from backup_reconciler.spec.values import Month, Weekday, WeekOfMonth
from tests.property.strategies import by_dates, by_weeks, or_left_out, points_of_month, some_of, times

Fields = dict[str, Any]

WEEK = ("Sunday", "Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday")
LOCAL_ZONES = (
    "UTC",
    "Tokyo Standard Time",
    "Eastern Standard Time",
    "AUS Eastern Standard Time",
    "Morocco Standard Time",
)
_GROUP = st.from_regex(r"[A-Za-z0-9_()-]{1,30}", fullmatch=True)
_snapshots = st.fixed_dictionaries({"prefix": _GROUP}, optional={"suffix": _GROUP})
_counts = st.integers(1, 9999)


@st.composite
def valid_policies(draw: st.DrawFn, **named: Any) -> BackupPolicySpec:
    """A whole policy that breaks no rule; `named` are fields that are not drawn."""
    tier = draw(st.sampled_from(["Standard", "Enhanced"]))
    kinds = ["Daily", "Weekly", "Hourly"] if tier == "Enhanced" else ["Daily", "Weekly"]
    schedule = draw(_schedules(draw(st.sampled_from(kinds))))
    retention = draw(_retentions(schedule))
    fields: Fields = {"tier": tier, "schedule": schedule, "retention": retention, **draw(_clocks(schedule, retention))}
    if draw(st.booleans()):
        fields["instant_restore_days"] = draw(_instant_restore(tier, schedule, retention))
    fields |= draw(or_left_out(snapshot_resource_group=_snapshots, archive_tier=_archives(retention)))
    consistencies = (
        ["ApplicationConsistent", "OnlyCrashConsistent"] if tier == "Enhanced" else ["ApplicationConsistent"]
    )
    fields |= draw(or_left_out(snapshot_consistency=st.sampled_from(consistencies)))
    return BackupPolicySpec.model_validate({"vaults": "all", **fields, **named})


def _schedules(frequency: str) -> st.SearchStrategy[Fields]:
    if frequency == "Hourly":
        windows = [(every, hours) for every in (4, 6, 8, 12) for hours in range(every, 25, every)]
        return st.builds(
            lambda window, time: {"frequency": "Hourly", "every": window[0], "hours": window[1], "from": time},
            st.sampled_from(windows),
            times,
        )
    days = {"days": some_of(Weekday)} if frequency == "Weekly" else {}
    return st.fixed_dictionaries({"frequency": st.just(frequency), "time": times, **days})


def _retentions(schedule: Fields) -> st.SearchStrategy[Fields]:
    weekly = schedule["frequency"] == "Weekly"
    points: st.SearchStrategy[Fields] = by_weeks if weekly else by_weeks | by_dates
    if weekly:
        points = points.map(lambda chosen: {**chosen, "days": schedule["days"]})
    days = st.just(schedule["days"]) if weekly else some_of(Weekday)
    of_week = st.fixed_dictionaries({"weeks": _counts, "days": days})
    of_day = st.fixed_dictionaries({"days": st.just(1) | st.integers(7, 9999)})
    of_month = st.builds(lambda months, chosen: {"months": months, **chosen}, _counts, points)
    of_year = st.builds(
        lambda years, months, chosen: {"years": years, "months": months, **chosen}, _counts, some_of(Month), points
    )
    needed = {"weekly": of_week} if weekly else {"daily": of_day}
    optional = {"monthly": of_month, "yearly": of_year, **({} if weekly else {"weekly": of_week})}
    return st.fixed_dictionaries(needed, optional=optional)


def _instant_restore(tier: str, schedule: Fields, retention: Fields) -> st.SearchStrategy[int]:
    if schedule["frequency"] == "Weekly":
        return st.just(5)
    return st.integers(1, min(30 if tier == "Enhanced" else 5, max(1, retention["daily"]["days"] - 1)))


def _archives(retention: Fields) -> st.SearchStrategy[Fields]:
    kept = max(retention.get("monthly", {}).get("months", 0), 12 * retention.get("yearly", {}).get("years", 0))
    off: st.SearchStrategy[Fields] = st.just({"mode": "DoNotTier"})
    if kept < 9:
        return off
    after = st.integers(3, min(kept - 6, 9999)).map(lambda months: {"mode": "TierAfter", "months": months})
    return off | st.just({"mode": "TierRecommended"}) | after


def _clocks(schedule: Fields, retention: Fields) -> st.SearchStrategy[Fields]:
    as_service = or_left_out(time_zone=st.sampled_from(LOCAL_ZONES), daylight_saving=st.just("as-service"))
    start = schedule.get("time") or schedule["from"]
    if {"monthly", "yearly"} & retention.keys() and (start < "01:00" or start >= "23:00"):
        return as_service
    zones = st.sampled_from(LOCAL_ZONES)
    return as_service | st.fixed_dictionaries({"time_zone": zones, "daylight_saving": st.just("keep-local-hour")})


@st.composite
def any_policies(draw: st.DrawFn) -> BackupPolicySpec:
    """A valid policy with up to three fields as they come: often still valid, often just not."""
    spec = draw(valid_policies())
    names = draw(st.lists(st.sampled_from(sorted(_AS_THEY_COME)), unique=True, max_size=3))
    stated = spec.model_dump(by_alias=False, exclude_none=True) | {"vaults": "all"}
    stated["schedule"] = spec.schedule
    for name in names:
        stated[name] = draw(_AS_THEY_COME[name])
    return BackupPolicySpec.model_validate(stated)


_numbers = st.sampled_from([-1, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 12, 15, 24, 28, 29, 30, 31, 9999, 10000])
_few_days = st.lists(st.sampled_from(WEEK[:3]), min_size=1, unique=True)
_some_points = st.one_of(
    points_of_month,
    st.fixed_dictionaries({"weeks": some_of(WeekOfMonth)}),
    st.fixed_dictionaries({"days": _few_days}),
    st.fixed_dictionaries({"dates": st.lists(st.integers(-1, 33), min_size=1, unique=True)}),
    st.just({}),
)
_AS_THEY_COME: dict[str, st.SearchStrategy[Any]] = {
    "tier": st.sampled_from(["Standard", "Enhanced"]),
    "schedule": st.one_of(
        st.fixed_dictionaries({"frequency": st.just("Daily"), "time": times | st.just("23:10")}),
        st.fixed_dictionaries({"frequency": st.just("Weekly"), "time": times, "days": _few_days}),
        st.fixed_dictionaries({"frequency": st.just("Hourly"), "every": _numbers, "hours": _numbers, "from": times}),
    ),
    "retention": st.fixed_dictionaries(
        {},
        optional={
            "daily": st.fixed_dictionaries({"days": _numbers}),
            "weekly": st.fixed_dictionaries({"weeks": _numbers, "days": _few_days}),
            "monthly": st.builds(lambda months, points: {"months": months, **points}, _numbers, _some_points),
            "yearly": st.builds(
                lambda years, months, points: {"years": years, "months": months, **points},
                _numbers,
                some_of(Month),
                _some_points,
            ),
        },
    ),
    "instant_restore_days": _numbers,
    "snapshot_consistency": st.sampled_from(["ApplicationConsistent", "OnlyCrashConsistent"]),
    "archive_tier": st.one_of(
        st.sampled_from([{"mode": "TierRecommended"}, {"mode": "DoNotTier"}, {"mode": "TierAfter"}]),
        _numbers.map(lambda months: {"mode": "TierAfter", "months": months}),
    ),
}
