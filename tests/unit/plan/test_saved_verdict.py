"""What becomes of approved actions, where a whole run is not needed to see it."""

from dataclasses import replace

import pytest

from backup_reconciler.plan.action import AnyAction, AwaitVault, ChangePolicy, CreatePolicy, Protect, Stop
from backup_reconciler.plan.plan import HeldBack, Plan, Unchanged, WhyHeld
from backup_reconciler.plan.saved.saved_plan import Origin, SavedPlan, saved_plan
from backup_reconciler.plan.saved.verdict import judge
from backup_reconciler.state.snapshot import Snapshot
from tests.unit.plan.actions import DAY, example

ORIGIN = Origin(tool_version="1", azure="sandbox", subscriptions=[], manifests=f"sha256:{'0' * 64}")
MOVE = replace(example(ChangePolicy), depends_on=())


def approved(*actions: AnyAction) -> SavedPlan:
    return saved_plan(Plan(DAY, actions), ORIGIN)


@pytest.mark.parametrize(
    ("why", "told"),
    [
        (WhyHeld.BLOCKED, "it needs Vault/rsv, which is blocked now"),
        (WhyHeld.WRITE_BUDGET, "it is left for a later run now (write budget), after Vault/rsv"),
    ],
)
def test_what_is_held_back_now_is_refused(why: WhyHeld, told: str) -> None:
    now = Plan(DAY, held_back=(HeldBack(MOVE, "Vault/rsv", why),))
    (refused,) = judge(approved(MOVE), now, Snapshot()).refused
    assert (refused.why, refused.instead, refused.differences) == (told, (), ())


def test_what_only_waits_needs_no_approval() -> None:
    waits = replace(example(AwaitVault), address="Vault/rsv", depends_on=())
    then = replace(MOVE, depends_on=(waits.id,))
    verdict = judge(approved(MOVE), Plan(DAY, (waits, then)), Snapshot())
    assert (verdict.plan.actions, verdict.leaves_something, verdict.refused) == ((waits, then), False, ())


def test_all_that_waits_for_what_is_new_is_left_with_it() -> None:
    new = replace(example(CreatePolicy), address="Policy/new", label="policy new", depends_on=())
    then = replace(example(Protect), address="Protection/a", depends_on=(new.id,))
    last = replace(example(Stop), address="Protection/b", depends_on=(then.id,))
    alone = replace(MOVE, address="Protection/c")
    verdict = judge(approved(then, last, alone), Plan(DAY, (new, then, last, alone)), Snapshot())
    assert verdict.plan.actions == (alone,)
    assert [(one.action, one.for_) for one in verdict.waiting] == [(then, "policy new"), (last, "policy new")]


@pytest.mark.parametrize("is_so", [True, False])
def test_what_has_nothing_left_to_do_is_settled(is_so: bool) -> None:
    now = Plan(DAY, unchanged=(Unchanged(MOVE.address, MOVE.label, "as declared"),) if is_so else ())
    verdict = judge(approved(MOVE), now, Snapshot())
    assert ([one.is_so for one in verdict.settled], verdict.refused) == ([is_so], ())
