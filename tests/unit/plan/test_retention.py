"""What a change of retention loses: every way in which fewer points are kept is found, and no other."""

from typing import Any

import pytest
from hypothesis import given

from backup_reconciler.plan.policy.retention import losses
from backup_reconciler.spec.policy import Retention
from tests.property.strategies import retentions


def kept(**levels: Any) -> Retention:
    return Retention.model_validate({"daily": {"days": 30}, **levels})


WEEKLY = {"weeks": 8, "days": ["Saturday", "Sunday"]}
MONTHLY = {"months": 6, "weeks": ["First", "Last"], "days": ["Sunday"]}
BY_DATE = {"months": 6, "dates": [1, "last"]}
YEARLY = {"years": 3, "months": ["January", "July"], "dates": [1]}

CASES: dict[str, tuple[Retention, Retention, list[str]]] = {
    "days": (kept(), kept(daily={"days": 29}), ["daily points are kept 29 instead of 30 days"]),
    "a level goes": (kept(weekly=WEEKLY), kept(), ["weekly points are no longer kept"]),
    "weeks": (kept(weekly=WEEKLY), kept(weekly=WEEKLY | {"weeks": 7}), ["weekly points are kept 7 instead of 8 weeks"]),
    "a day": (
        kept(weekly=WEEKLY),
        kept(weekly=WEEKLY | {"days": ["Sunday"]}),
        ["weekly points of Saturday are no longer kept"],
    ),
    "a week": (
        kept(monthly=MONTHLY),
        kept(monthly=MONTHLY | {"weeks": ["Last"]}),
        ["monthly points of First are no longer kept"],
    ),
    "a date": (
        kept(monthly=BY_DATE),
        kept(monthly=BY_DATE | {"dates": [1]}),
        ["monthly points of last are no longer kept"],
    ),
    "the format": (
        kept(monthly=MONTHLY),
        kept(monthly=BY_DATE),
        ["monthly points of Sunday, First, Last are no longer kept"],
    ),
    "a month": (
        kept(yearly=YEARLY),
        kept(yearly=YEARLY | {"months": ["July"]}),
        ["yearly points of January are no longer kept"],
    ),
    "two things": (
        kept(weekly=WEEKLY, yearly=YEARLY),
        kept(yearly=YEARLY | {"years": 1}),
        ["weekly points are no longer kept", "yearly points are kept 1 instead of 3 years"],
    ),
}


@pytest.mark.parametrize("case", CASES)
def test_a_loss_is_named_and_its_contrary_is_none(case: str) -> None:
    before, after, lost = CASES[case]
    assert losses(before, after) == lost
    if case != "the format":
        assert losses(after, before) == []


@given(retentions)
def test_the_same_loses_nothing(retention: Retention) -> None:
    assert losses(retention, retention) == []


@given(retentions, retentions)
def test_what_loses_nothing_either_way_is_the_same(one: Retention, other: Retention) -> None:
    if not losses(one, other) and not losses(other, one):
        assert one == other
