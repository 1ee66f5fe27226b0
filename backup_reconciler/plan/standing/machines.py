"""Every VM that is known of, with how it stands now."""

from collections.abc import Iterator, Mapping

from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.coverage import DOES_MOST_FIRST, Coverage
from backup_reconciler.plan.drift import differences
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.standing.health import age_days, allowed_days, health_of
from backup_reconciler.plan.standing.held import Held
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.spec.arm_id import ArmId, in_order
from backup_reconciler.state.protection import ItemState
from backup_reconciler.state.snapshot import Presence, Snapshot

_STOPPED = frozenset({ItemState.STOPPED, ItemState.SUSPENDED})


def machines_of(plan: Plan, snapshot: Snapshot) -> tuple[Machine, ...]:
    """The VMs that were looked for, as coverage counts them, and the backups of others, by the ids of the VMs."""
    standings = _looked_for(plan.coverage_now) if plan.coverage_now else {}
    for vm in _on_another_policy(plan, snapshot):
        if standings.get(vm) is Standing.PROTECTED:
            standings[vm] = Standing.WRONG_POLICY
    held = _held(snapshot)
    for vm, one in held.items():
        if vm not in standings and vm not in plan.others and one.item and one.state is not ItemState.SOFT_DELETED:
            gone = snapshot.presence(vm) is Presence.GONE
            standings[vm] = Standing.ORPHAN if gone else Standing.NOT_LOOKED_FOR
    as_declared = frozenset(same.address for same in plan.unchanged) - {one.address for one in differences(plan)}
    return tuple(_machine(vm, standings[vm], held.get(vm), as_declared, plan) for vm in in_order(standings))


def _looked_for(coverage: Coverage) -> dict[ArmId, Standing]:
    stopped = {one.vm for one in coverage.uncovered if one.state in _STOPPED}
    return {
        **dict.fromkeys(coverage.covered, Standing.PROTECTED),
        **dict.fromkeys(coverage.exempt, Standing.EXEMPT),
        **dict.fromkeys((one.vm for one in coverage.uncovered), Standing.UNCOVERED),
        **dict.fromkeys(stopped, Standing.STOPPED),
        **dict.fromkeys(coverage.unknown, Standing.UNKNOWN),
    }


def _on_another_policy(plan: Plan, snapshot: Snapshot) -> Iterator[ArmId]:
    """The VMs that are backed up, and by another policy than the declared one."""
    moving = {one.address for one in differences(plan) if any(change.path == "policy" for change in one.changes)}
    for vault, contents in snapshot.vaults.items() if moving else ():
        for vm, item in contents.items.items():
            if item.state is ItemState.ACTIVE and protection_address(vault, vm) in moving:
                yield vm


def _held(snapshot: Snapshot) -> Mapping[ArmId, Held]:
    """By VM the vault that does the most for it; of those that do the same one in scope, which is better known."""
    found: dict[ArmId, Held] = {}
    for vm, held in _holders(snapshot):
        other = found.get(vm)
        found[vm] = held if other is None else min(other, held, key=lambda one: DOES_MOST_FIRST.index(one.state))
    return found


def _holders(snapshot: Snapshot) -> Iterator[tuple[ArmId, Held]]:
    for vault in sorted(snapshot.vaults):
        contents = snapshot.vaults[vault]
        for vm, item in contents.items.items():
            policy = contents.policies.get(item.policy) if item.policy else None
            yield vm, Held(vault, item.state, item, policy)
    for vault, outline in sorted(snapshot.left_out.items()):
        for vm, state in outline.items.items():
            yield vm, Held(vault, state)
    for vm in snapshot.held_elsewhere:
        if other := snapshot.elsewhere(vm):
            yield vm, Held(other.vault, other.state)


def _machine(vm: ArmId, standing: Standing, held: Held | None, as_declared: frozenset[str], plan: Plan) -> Machine:
    if held is None:
        return Machine(vm, standing, Health.UNKNOWN if standing is Standing.UNKNOWN else Health.NONE_DUE)
    item, address = held.item, protection_address(held.vault, vm)
    due = held.state is ItemState.ACTIVE and standing is not Standing.ORPHAN
    return Machine(
        vm=vm,
        standing=standing,
        health=Health.NONE_DUE if standing is Standing.ORPHAN else health_of(held, plan.as_of),
        vault=held.vault,
        policy=item.policy.name if item and item.policy else "",
        last_backup=item.last_backup if item else None,
        last_error=item.last_error if item else "",
        age_days=age_days(item, plan.as_of) if item else None,
        allowed_days=allowed_days(held.policy) if due else None,
        address=address,
        state=held.state,
        as_declared=address in as_declared,
    )
