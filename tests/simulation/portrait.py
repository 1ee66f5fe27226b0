"""What can be seen of an estate from outside, taken down so that two moments can be compared."""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from backup_reconciler.plan.action import SecurityRuleAction
from tests.simulation.record import Loss

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, ProtectedItem, RecoveryPoint, Vault

Json = dict[str, Any]
ACTIVE = frozenset({"Protected", "IRPending", "ProtectionError"})


_DATE = re.compile(r"\d{4}-\d\d-\d\dT")
_OF_THE_SERVICE = "azurebackuprg_"
"""How the resource groups begin that the Backup service makes by itself, for snapshots."""


@dataclass(frozen=True)
class ItemSeen:
    """A protected item at a moment."""

    state: str
    policy: str
    points: tuple[RecoveryPoint, ...]
    deleted: bool


Items = Mapping[tuple[str, str], ItemSeen]
"""By the vault's folded id and the VM's."""


def items_of(estate: Estate) -> Items:
    return {
        (vault.key, item.source.casefold()): ItemSeen(
            item.state, item.policy_name.casefold(), tuple(item.recovery_points), item.deleted is not None
        )
        for vault in estate.vaults()
        for item in vault.items.values()
    }


def losses_between(before: Items, after: Items, now: datetime) -> Iterator[Loss]:
    """The recovery points that went, or go sooner, between two moments that follow on each other."""
    for (vault, vm), was in before.items():
        found = after.get((vault, vm))
        if found is None:
            if not was.deleted:
                yield Loss(now, vault, vm, "deleted")
        elif found.deleted and not was.deleted:
            yield Loss(now, vault, vm, "deleted")
        else:
            expiry = {point.time: point.expires for point in found.points}
            kept = was.points[:-1] if was.state != "ProtectionStopped" else was.points
            if any(point.time not in expiry and point.expires > now for point in kept):
                yield Loss(now, vault, vm, "vanished")
            if any(point.time in expiry and expiry[point.time] < point.expires for point in was.points):
                yield Loss(now, vault, vm, "shortened")


def twice_active(estate: Estate) -> list[str]:
    """VMs that two vaults back up."""
    holders = Counter(
        item.source.casefold()
        for vault in estate.vaults()
        for item in vault.items.values()
        if item.state in ACTIVE and item.deleted is None
    )
    return [vm for vm, count in holders.items() if count > 1]


def running(estate: Estate, now: datetime) -> frozenset[str]:
    """The operations that the service works on."""
    found = [
        operation.id
        for vault in estate.vaults()
        for operation in vault.operations.values()
        if operation.status == "InProgress"
    ]
    found += [operation.id for operation in estate.vault_operations.values() if operation.status == "InProgress"]
    for timed in (estate.compute_operations, estate.network_operations):
        found += [name for name, operation in timed.items() if operation.ends > now]
    return frozenset(found)


def portrait_of(estate: Estate, path: str) -> dict[str, Any]:
    """The fields of the vault or policy that a request's path writes to; nothing of what lies below them."""
    parts = path.split("/")
    if len(parts) < 9 or parts[7] != "vaults":
        return {}
    vault = estate.vault("/".join(parts[:9]))
    if vault is None:
        return {}
    if len(parts) == 11 and parts[9] == "backuppolicies":
        policy = vault.policies.get(parts[10])
        return {name: _undated(value) for name, value in policy.properties.items()} if policy else {}
    return fields_of(vault)


def _undated(value: Any) -> str:
    """Part of a policy, told without the dates of its times, of which the service reads the hour alone, and without
    the defaults that it adds by itself."""
    parts = {name: part for name, part in value.items() if part != 0} if isinstance(value, dict) else value
    return _DATE.sub("T", json.dumps(parts, sort_keys=True))


def fields_of(vault: Vault) -> dict[str, Any]:
    """A vault's own fields, each by its path."""
    tags = {f"tags.{name.casefold()}": value for name, value in (vault.tags or {}).items()}
    return {**tags, "identity": vault.identity, **dict(_flat("properties", vault.properties))}


def estate_portrait(estate: Estate) -> dict[str, Any]:
    """Every resource with what does not change by itself as time goes by, by its folded id."""
    found: dict[str, Any] = {}
    for group in estate.groups():
        if group.name.casefold().startswith(_OF_THE_SERVICE):
            continue
        found[group.id.casefold()] = (group.location, group.tags)
        for vm in group.virtual_machines.values():
            found[vm.id.casefold()] = (dict(vm.tags), vm.hardware, vm.power)
        for resources in group.network.values():
            found |= {resource.id.casefold(): repr(resource) for resource in resources.values()}
        for vault in group.vaults.values():
            found[vault.key] = fields_of(vault)
            found |= {f"{vault.key}/policies/{name}": dict(each.properties) for name, each in vault.policies.items()}
            found |= {f"{vault.key}/items/{key}": _lasting(item) for key, item in vault.items.items()}
    return found


def _lasting(item: ProtectedItem) -> tuple[Any, ...]:
    state = "active" if item.state in ACTIVE else item.state
    return (state, item.policy_id.casefold(), item.extended, item.deleted)


def _flat(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield from _flat(f"{path}.{name}", inner)
    else:
        yield path, value


def overlap(one: str, other: str) -> bool:
    """Whether one path is the other, or lies below it."""
    return one == other or one.startswith(f"{other}/") or other.startswith(f"{one}/")


def fact_of(estate: Estate, action: Any) -> Json:
    """What the world shows of the target of an action: of the VM's item, the policy or the vault."""
    if isinstance(action, SecurityRuleAction):
        group = estate.network_resource(action.group.key, "networkSecurityGroups")
        return {"rules": repr(group).casefold()}
    vault = estate.vault(action.vault.key)
    if vault is None:
        return {"vault": None}
    fact: Json = {"vault": fields_of(vault), "provisioning": vault.provisioning, "location": vault.location}
    if hasattr(action, "vm"):
        item = next((one for one in vault.items.values() if one.source.casefold() == action.vm.key), None)
        fact["item"] = item and ItemSeen(
            item.state, item.policy_name.casefold(), tuple(item.recovery_points), item.deleted is not None
        )
    if hasattr(action, "policy"):
        policy = vault.policies.get(action.policy.name.casefold())
        fact["policy"] = policy and dict(policy.properties)
    return fact
