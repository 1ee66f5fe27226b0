"""Generated specs, as the models allow them and the service would take them."""

from typing import get_args

from hypothesis import strategies as st

from backup_reconciler.spec.policy import (
    DailyRetention,
    DailySchedule,
    MonthlyRetention,
    PolicySettings,
    Retention,
    WeeklyRetention,
    YearlyRetention,
)
from backup_reconciler.spec.values import Month, Redundancy, Weekday, WeekOfMonth
from backup_reconciler.spec.vault import VaultSettings

times = st.builds("{:02}:{}".format, st.integers(0, 23), st.sampled_from(["00", "30"]))
time_zones = st.sampled_from(["UTC", "Tokyo Standard Time", "Pacific Standard Time", "W. Europe Standard Time"])


def some_of(names: object) -> st.SearchStrategy[tuple[str, ...]]:
    return st.lists(st.sampled_from(get_args(names)), min_size=1, unique=True).map(tuple)


by_weeks = st.fixed_dictionaries({"weeks": some_of(WeekOfMonth), "days": some_of(Weekday)})
by_dates = st.lists(st.one_of(st.integers(1, 28), st.just("last")), min_size=1, unique=True).map(
    lambda dates: {"dates": tuple(dates)}
)
points_of_month = st.one_of(by_weeks, by_dates)

weekly = st.builds(WeeklyRetention, weeks=st.integers(1, 520), days=some_of(Weekday))
monthly = st.builds(
    lambda months, points: MonthlyRetention(months=months, **points), st.integers(1, 99), points_of_month
)
yearly = st.builds(
    lambda years, months, points: YearlyRetention(years=years, months=months, **points),
    st.integers(1, 99),
    some_of(Month),
    points_of_month,
)


def or_left_out(**fields: st.SearchStrategy[object]) -> st.SearchStrategy[dict[str, object]]:
    return st.fixed_dictionaries({}, optional=fields)


retentions = st.builds(
    lambda daily, levels: Retention(daily=daily, **levels),
    st.builds(DailyRetention, days=st.integers(7, 9999)),
    or_left_out(weekly=weekly, monthly=monthly, yearly=yearly),
)
whole_policies = st.builds(
    PolicySettings,
    schedule=st.builds(DailySchedule, frequency=st.just("Daily"), time=times),
    instant_restore_days=st.integers(1, 5),
    retention=retentions,
    time_zone=time_zones,
)
partial_policies = or_left_out(
    schedule=st.builds(DailySchedule, frequency=st.just("Daily"), time=times),
    instant_restore_days=st.integers(1, 5),
    retention=retentions,
    time_zone=time_zones,
).map(lambda fields: PolicySettings(**fields))

tag_names = st.sampled_from(["owner", "Owner", "cost-centre", "env", "ENV"])
tag_values = st.text("aé\x1b\n 日", max_size=5)
vault_changes = or_left_out(
    redundancy=st.sampled_from(get_args(Redundancy)),
    tags=st.dictionaries(tag_names, st.none() | tag_values, min_size=1).filter(
        lambda tags: len({name.casefold() for name in tags}) == len(tags)
    ),
).map(lambda fields: VaultSettings(**fields))

unknown_fields = st.dictionaries(
    st.sampled_from(["xAlpha", "xBeta", "xGamma", "xDelta"]),
    st.one_of(
        st.none(), st.booleans(), st.integers(), st.text("aé\x1b\n 日", max_size=5), st.lists(st.integers(), max_size=3)
    ),
    max_size=4,
)
