"""The order of a plan, and what it says when there is none."""

import pytest

from backup_reconciler.plan.action import AwaitVault
from backup_reconciler.plan.order import PlanCycleError, in_order
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.spec.document import Place


def action(address: str, *needs: str) -> AwaitVault:
    return AwaitVault(
        address=address,
        label=address,
        changes=(),
        data_effect="",
        place=Place("f", 1, 1),
        depends_on=tuple(f"awaitVault:{need}" for need in needs),
        vault=ArmId(address),
        settings=None,
    )


def test_what_is_needed_comes_first_and_the_rest_by_address() -> None:
    given = [action("d"), action("c", "e"), action("a", "c"), action("b"), action("e")]
    for actions in (given, given[::-1]):
        ordered = in_order({one.id: one for one in actions})
        assert [one.address for one in ordered] == ["b", "d", "e", "c", "a"]


def test_a_circle_is_printed() -> None:
    actions = [action("a", "b"), action("b", "a")]
    with pytest.raises(PlanCycleError, match=r"wait for each other: awaitVault:\w → awaitVault:\w → awaitVault:\w"):
        in_order({one.id: one for one in actions})
