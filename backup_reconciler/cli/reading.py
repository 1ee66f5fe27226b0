"""Reading Azure in the way that was wished for, and confirming what rests on Resource Graph."""

from collections.abc import Awaitable, Callable, Iterator
from dataclasses import replace
from itertools import groupby, islice
from typing import NamedTuple

from backup_reconciler.apply.watching.budget import Budget
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import protection
from backup_reconciler.cli.logs import tell
from backup_reconciler.live import confirmed, read_by_graph, read_snapshot
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.reading.choice import chosen
from backup_reconciler.plan.reading.resting import resting_on_graph
from backup_reconciler.plan.shard import Part
from backup_reconciler.report.words import counted, some_of
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.read_by import ReadBy
from backup_reconciler.state.reading import Choice, Resting
from backup_reconciler.state.snapshot import Scope, Snapshot

_ROUNDS = 2
"""How often what a plan rests on is confirmed, and planned anew, before all the rest is read by lists too."""


class Planned(NamedTuple):
    """A snapshot, completed with what only other requests tell, and the plan that is made from it."""

    snapshot: Snapshot
    plan: Plan
    part: Part

    @property
    def own(self) -> Plan:
        """The part of the plan that is this run's to tell."""
        return self.part.of_plan(self.plan)


async def read_as_wished(arm: Arm, scope: Scope, wish: ReadBy, *, vms_by_lists: bool) -> Snapshot:
    """All that is in scope. Which way was chosen, and why, is told on standard error."""
    choice = Choice(wish)
    if wish is ReadBy.AUTO:
        choice = chosen(scope, _Lists(arm, scope.vaults).left)
        tell("reading", f"Reading by {_NAMES[choice.by]}: {choice.because}.")
    if choice.by is ReadBy.LISTS:
        snapshot = await read_snapshot(arm, scope)
    else:
        snapshot = await read_by_graph(arm, scope, vms_too=not vms_by_lists)
        _tell_what_is_not_shown(snapshot)
    return replace(snapshot, reading=replace(snapshot.reading, choice=choice))


async def settled(
    arm: Arm, scope: Scope, snapshot: Snapshot, plan: Callable[[Snapshot], Awaitable[Planned]], *, thrifty: bool
) -> Planned:
    """The plan of a snapshot once no difference in it rests on Resource Graph alone.

    Where that is to be `thrifty`, vaults whose lists an hour's quota does not leave room for stay as Resource Graph has
    them, and are told so.
    """
    now = await plan(snapshot)
    for _ in range(_ROUNDS):
        open_ = _open(arm, now, thrifty=thrifty)
        if not open_:
            return now
        now = await plan(await confirmed(arm, now.snapshot, scope, open_))
    if _open(arm, now, thrifty=thrifty) and not thrifty:
        now = await plan(await confirmed(arm, now.snapshot, scope, now.snapshot.reading.by_graph))
    return now


def _open(arm: Arm, now: Planned, *, thrifty: bool) -> Resting:
    """What is to be confirmed next."""
    open_ = resting_on_graph(now.own, now.snapshot)
    return replace(open_, vaults=frozenset(_Lists(arm, open_.vaults).affordable())) if thrifty else open_


class _Lists:
    """What is left, within an hour, of the lists of backups in the vaults of each subscription."""

    def __init__(self, arm: Arm, vaults: frozenset[ArmId]) -> None:
        self._budget = Budget(arm)
        self._vaults = sorted(vaults)

    def left(self, subscription: str) -> int:
        vault = next(one for one in self._vaults if one.subscription.casefold() == subscription)
        return self._budget.left(protection.list_request(vault))

    def affordable(self) -> Iterator[ArmId]:
        """As many of the vaults of each subscription as it has lists left for."""
        for subscription, vaults in groupby(self._vaults, lambda one: one.subscription.casefold()):
            yield from islice(vaults, self.left(subscription))


def _tell_what_is_not_shown(snapshot: Snapshot) -> None:
    names = sorted(snapshot.reading.not_shown_whole)
    if names:
        tell(
            "reading",
            f"Resource Graph may leave out a part of {counted(len(names), 'subscription')} ({some_of(names)}), "
            "because these rights do not cover all of it; lists were read there.",
        )


_NAMES = {ReadBy.LISTS: "lists", ReadBy.GRAPH: "Resource Graph"}
