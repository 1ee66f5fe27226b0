"""Generated specs, as the models allow them and the service would take them."""

from typing import TypeVar, get_args

from hypothesis import strategies as st

from backup_reconciler.spec.base import Model
from backup_reconciler.spec.policy import (
    DailyRetention,
    MonthlyRetention,
    Retention,
    WeeklyRetention,
    YearlyRetention,
)
from backup_reconciler.spec.values import Month, Redundancy, Switch, Weekday, WeekOfMonth
from backup_reconciler.spec.vault import (
    Alerts,
    CrossSubscriptionRestore,
    Encryption,
    Identity,
    Immutability,
    SoftDelete,
    SoftDeleteState,
    VaultSettings,
)

M = TypeVar("M", bound=Model)

times = st.builds("{:02}:{}".format, st.integers(0, 23), st.sampled_from(["00", "30"]))


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
tag_names = st.sampled_from(["owner", "Owner", "cost-centre", "env", "ENV"])
tag_values = st.text("aé\x1b\n 日", max_size=5)
switches = st.sampled_from(get_args(Switch))
identity_ids = st.sampled_from(
    [
        f"/subscriptions/s/resourceGroups/rg/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{name}"
        for name in ("one", "two", "three")
    ]
)


def settings_of(
    shape: type[M], required: dict[str, st.SearchStrategy[object]], **optional: st.SearchStrategy[object]
) -> st.SearchStrategy[M]:
    """A shape with some of the optional fields stated, and one field at least."""
    return st.fixed_dictionaries(required, optional=optional).filter(bool).map(shape.model_validate)


vault_changes = or_left_out(
    redundancy=st.sampled_from(get_args(Redundancy)),
    cross_region_restore=switches,
    cross_subscription_restore=st.sampled_from(get_args(CrossSubscriptionRestore)),
    soft_delete=settings_of(
        SoftDelete, {"state": st.sampled_from(get_args(SoftDeleteState))}, retention_days=st.integers(14, 180)
    ),
    immutability=st.sampled_from(get_args(Immutability)),
    public_network_access=switches,
    alerts=settings_of(Alerts, {}, all_job_failures=switches, critical_operations=switches),
    identity=settings_of(
        Identity,
        {},
        system_assigned=st.booleans(),
        user_assigned=st.lists(identity_ids, min_size=1, unique=True).map(tuple),
    ),
    encryption=settings_of(
        Encryption,
        {
            "key": st.sampled_from(
                ["https://KV-a.vault.azure.net/keys/k/", "https://kv-b.managedhsm.azure.net/keys/k"]
            ),
            "identity": st.just("systemAssigned") | identity_ids,
        },
        infrastructure_encryption=switches,
    ),
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
