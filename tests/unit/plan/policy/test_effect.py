"""What a Resource Guard watches over of a policy, and what cannot be taken back of its archive tier."""

from typing import Any

import pytest

from backup_reconciler.plan.action import Risk
from backup_reconciler.plan.policy.effect import effect_of
from backup_reconciler.spec.policy import PolicySettings
from backup_reconciler.state.guard import CriticalOperation

DAILY = {"frequency": "Daily", "time": "23:00"}
WEEKLY = {"frequency": "Weekly", "time": "23:00", "days": ["Sunday"]}


def settings(**stated: Any) -> PolicySettings:
    return PolicySettings.model_validate({"schedule": DAILY, "retention": {"daily": {"days": 30}}, **stated})


@pytest.mark.parametrize(
    ("before", "after", "is_watched"),
    [
        (settings(), settings(), False),
        (settings(), settings(retention={"daily": {"days": 31}}), False),
        (settings(), settings(retention={"daily": {"days": 29}}), True),
        (settings(instantRestoreDays=3), settings(instantRestoreDays=3), False),
        (settings(instantRestoreDays=2), settings(instantRestoreDays=3), False),
        (settings(instantRestoreDays=3), settings(instantRestoreDays=2), True),
        (settings(), settings(schedule=WEEKLY), True),
        (settings(schedule=WEEKLY), settings(), False),
    ],
)
def test_a_resource_guard_watches_over_what_is_lowered(
    before: PolicySettings, after: PolicySettings, is_watched: bool
) -> None:
    watched = {CriticalOperation.LOWER_POLICY} if is_watched else set()
    assert effect_of(before, after, 3).critical == watched


@pytest.mark.parametrize(("days", "risks"), [(31, set()), (30, set()), (29, {Risk.DESTRUCTIVE})])
def test_what_is_kept_for_less_is_lost(days: int, risks: set[Risk]) -> None:
    assert effect_of(settings(), settings(retention={"daily": {"days": days}}), 0).risks == risks
