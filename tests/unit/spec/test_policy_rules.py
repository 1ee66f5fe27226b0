"""What a new policy gets for its instant-restore days where it states none."""

from typing import Any

import pytest

from backup_reconciler.spec.policy import PolicySettings, Tier
from backup_reconciler.spec.policy_rules.instant_restore import default_days

WEEKLY = {"schedule": {"frequency": "Weekly", "days": ["Sunday"], "time": "23:00"}}

DEFAULTS: list[tuple[Tier, dict[str, Any], int]] = [
    ("Standard", {}, 2),
    ("Standard", {"retention": {"daily": {"days": 7}}}, 2),
    ("Standard", {"retention": {"daily": {"days": 1}}}, 1),
    ("Standard", WEEKLY, 5),
    ("Enhanced", {}, 7),
    ("Enhanced", {"retention": {"daily": {"days": 8}}}, 7),
    ("Enhanced", {"retention": {"daily": {"days": 7}}}, 6),
    ("Enhanced", WEEKLY, 5),
]


@pytest.mark.parametrize(("tier", "stated", "days"), DEFAULTS)
def test_what_is_filled_in_is_valid_beside_what_is_stated(tier: Tier, stated: dict[str, Any], days: int) -> None:
    assert default_days(tier, PolicySettings.model_validate(stated)) == days
