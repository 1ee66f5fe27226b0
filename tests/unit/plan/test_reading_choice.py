"""--read auto: lists while half of what an hour has left is enough for them."""

import pytest

from backup_reconciler.plan.reading.choice import chosen
from backup_reconciler.spec.arm_id import vault_id
from backup_reconciler.state.read_by import ReadBy
from backup_reconciler.state.snapshot import Scope


def scope(**vaults: int) -> Scope:
    """So many vaults in each subscription."""
    ids = (vault_id(name, "rg", f"rsv-{number}") for name, count in vaults.items() for number in range(count))
    return Scope(frozenset(ids), frozenset())


@pytest.mark.parametrize(
    ("vaults", "left", "by"),
    [
        ({"a": 75}, 150, ReadBy.LISTS),
        ({"a": 76}, 150, ReadBy.GRAPH),
        ({"a": 75, "b": 75}, 150, ReadBy.LISTS),
        ({"a": 1, "b": 76}, 150, ReadBy.GRAPH),
        ({"a": 75}, 149, ReadBy.GRAPH),
        ({"a": 1}, 0, ReadBy.GRAPH),
        ({}, 0, ReadBy.LISTS),
    ],
)
def test_the_fullest_subscription_decides(vaults: dict[str, int], left: int, by: ReadBy) -> None:
    assert chosen(scope(**vaults), lambda _: left).by is by


def test_the_reason_names_the_subscription_that_has_least_room() -> None:
    choice = chosen(scope(a=90, b=100, c=1), {"a": 150, "b": 180, "c": 150}.__getitem__)
    assert choice.because == (
        "lists would take 576 requests or more, 90 of them for backups in subscription a, which has 150 of these left "
        "in this hour, and half of them are for apply"
    )
