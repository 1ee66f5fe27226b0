"""Whether a policy keeps less than another is an order: nothing keeps less than itself, and less of less is less."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from backup_reconciler.sandbox.core.recovery_services.policies.comparison import keeps_less, lowers

LEVELS = {"dailySchedule": "Days", "weeklySchedule": "Weeks", "monthlySchedule": "Months", "yearlySchedule": "Years"}
SCHEDULES = st.one_of(
    st.just({"scheduleRunFrequency": "Daily"}),
    st.lists(st.sampled_from(["Sunday", "Monday", "Friday"]), min_size=1, unique=True).map(
        lambda days: {"scheduleRunFrequency": "Weekly", "scheduleRunDays": days}
    ),
    st.sampled_from([4, 6, 8, 12]).map(
        lambda interval: {
            "scheduleRunFrequency": "Hourly",
            "hourlySchedule": {"interval": interval, "scheduleWindowDuration": 24},
        }
    ),
)


def policy(counts: dict[str, int], schedule: dict[str, Any], snapshots: int) -> dict[str, Any]:
    levels = {
        level: {"retentionDuration": {"count": count, "durationType": LEVELS[level]}} for level, count in counts.items()
    }
    return {"retentionPolicy": levels, "schedulePolicy": schedule, "instantRpRetentionRangeInDays": snapshots}


POLICIES = st.builds(
    policy, st.dictionaries(st.sampled_from(list(LEVELS)), st.integers(1, 9999)), SCHEDULES, st.integers(1, 30)
)


@given(POLICIES)
def test_no_policy_keeps_less_than_itself(one):
    assert not keeps_less(one, one)
    assert not lowers(one, one)


@given(POLICIES, POLICIES, POLICIES)
def test_what_keeps_as_much_as_one_that_keeps_as_much_keeps_as_much(one, two, three):
    for less in (keeps_less, lowers):
        if not less(one, two) and not less(two, three):
            assert not less(one, three)


@given(POLICIES, POLICIES)
def test_keeping_less_is_lowering(one, two):
    assert lowers(one, two) or not keeps_less(one, two)


@given(POLICIES, st.sampled_from(list(LEVELS)))
def test_a_level_more_is_never_less(one, level):
    more = policy({}, one["schedulePolicy"], one["instantRpRetentionRangeInDays"])
    more["retentionPolicy"] = {**one["retentionPolicy"]}
    more["retentionPolicy"].setdefault(level, {"retentionDuration": {"count": 1, "durationType": LEVELS[level]}})
    assert not lowers(one, more)
    assert keeps_less(more, one) == (more != one)
