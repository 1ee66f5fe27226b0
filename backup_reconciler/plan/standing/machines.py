"""Every VM that is known of, with how it stands now."""

from collections.abc import Iterator

from backup_reconciler.plan.address import protection_address
from backup_reconciler.plan.coverage import Coverage
from backup_reconciler.plan.drift import differences
from backup_reconciler.plan.plan import Plan
from backup_reconciler.plan.standing.health import age_days, allowed_days, health_of
from backup_reconciler.plan.standing.machine import Health, Machine, Standing
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import ItemState, LiveItem
from backup_reconciler.state.snapshot import Presence, Snapshot

_STOPPED = frozenset({ItemState.STOPPED, ItemState.SUSPENDED})
_OF_STATE = dict.fromkeys(_STOPPED, Standing.STOPPED)


def machines_of(plan: Plan, snapshot: Snapshot) -> tuple[Machine, ...]:
    """The VMs that were looked for, as coverage counts them, and the backups of others, by the ids of the VMs."""
    standings = _looked_for(plan.coverage_now) if plan.coverage_now else {}
    standings |= {vm: Standing.WRONG_POLICY for vm in _on_another_policy(plan, snapshot) if vm in standings}
    items = _items(snapshot)
    for vm, (_, item) in items.items():
        if vm not in standings and item.state is not ItemState.SOFT_DELETED:
            gone = snapshot.presence(vm) is Presence.GONE
            standings[vm] = Standing.ORPHAN if gone else Standing.NOT_LOOKED_FOR
    return tuple(_machine(vm, standings[vm], items.get(vm), snapshot, plan) for vm in sorted(standings))


def _looked_for(coverage: Coverage) -> dict[ArmId, Standing]:
    return {
        **dict.fromkeys(coverage.covered, Standing.PROTECTED),
        **dict.fromkeys(coverage.exempt, Standing.EXEMPT),
        **{one.vm: _OF_STATE[one.state] if one.state in _STOPPED else Standing.UNCOVERED for one in coverage.uncovered},
        **dict.fromkeys(coverage.unknown, Standing.UNKNOWN),
    }


def _on_another_policy(plan: Plan, snapshot: Snapshot) -> Iterator[ArmId]:
    """The VMs that are backed up, and by another policy than the declared one."""
    active = {
        protection_address(vault, item.vm): item.vm
        for vault, contents in snapshot.vaults.items()
        for item in contents.backups
        if item.state is ItemState.ACTIVE
    }
    for one in differences(plan):
        if one.address in active and any(change.path == "policy" for change in one.changes):
            yield active[one.address]


def _items(snapshot: Snapshot) -> dict[ArmId, tuple[ArmId, LiveItem]]:
    """By VM the vault in scope that does the most for it, with its item."""
    found: dict[ArmId, tuple[ArmId, LiveItem]] = {}
    for vault in sorted(snapshot.vaults):
        for vm, item in snapshot.vaults[vault].items.items():
            if vm not in found or (item.state is ItemState.ACTIVE and found[vm][1].state is not ItemState.ACTIVE):
                found[vm] = vault, item
    return found


def _machine(
    vm: ArmId, standing: Standing, held: tuple[ArmId, LiveItem] | None, snapshot: Snapshot, plan: Plan
) -> Machine:
    if held is None:
        return _held_elsewhere(vm, standing, snapshot)
    vault, item = held
    policy = snapshot.vaults[vault].policies.get(item.policy) if item.policy else None
    active = item.state is ItemState.ACTIVE
    return Machine(
        vm=vm,
        standing=standing,
        health=health_of(item, policy, plan.as_of),
        vault=vault,
        policy=item.policy.name if item.policy else "",
        last_backup=item.last_backup,
        last_error=item.last_error,
        age_days=age_days(item, plan.as_of),
        allowed_days=allowed_days(policy) if active else None,
        address=protection_address(vault, vm),
    )


def _held_elsewhere(vm: ArmId, standing: Standing, snapshot: Snapshot) -> Machine:
    """A VM of which no vault in scope has an item: of another vault it is known only that it holds it."""
    other = snapshot.elsewhere(vm)
    if other is None:
        return Machine(vm, standing, Health.UNKNOWN if standing is Standing.UNKNOWN else Health.NONE_DUE)
    health = Health.UNKNOWN if other.state in {ItemState.ACTIVE, ItemState.UNKNOWN} else Health.NONE_DUE
    return Machine(vm, standing, health, other.vault, address=protection_address(other.vault, vm))
