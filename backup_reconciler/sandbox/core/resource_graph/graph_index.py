"""The rows of Resource Graph, and how they lag behind.

Without a lag rows are made from the estate when they are asked for. With one, each change of a vault, a VM or
a run command is noted as it happens, and the index learns of it when the lag is over. Only deleted vaults are never
behind.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute import run_command_view, vm
from backup_reconciler.sandbox.core.estate import (
    TENANT_ID,
    DeletedVault,
    Estate,
    GraphChange,
    Vault,
    VirtualMachine,
    fold,
)
from backup_reconciler.sandbox.core.recovery_services.items import item
from backup_reconciler.sandbox.core.recovery_services.jobs import job
from backup_reconciler.sandbox.core.recovery_services.policies import policy
from backup_reconciler.sandbox.core.recovery_services.vaults import deleted_vaults, vault

if TYPE_CHECKING:
    from collections.abc import Iterator, Set
    from datetime import datetime

    from backup_reconciler.sandbox.core.wire.messages import Json


RESOURCES = "resources"
RECOVERY_SERVICES = "recoveryservicesresources"
_BOTH = {RESOURCES, RECOVERY_SERVICES}
_WORDS_OF_AN_ID = 9
"""Parts of the id of a vault or VM, the empty one before its first slash counted."""


def rows(estate: Estate, table: str, now: datetime) -> list[Json]:
    """What a table of the index shows now, by id."""
    if estate.settings.graph_lag_seconds:
        known = _lagging(estate, now).values()
        found = [row for row in known if _table_of(row) == table]
    else:
        found = [row for owner in _owners(estate) for row in _of(owner, now, {table})]
    if table == RECOVERY_SERVICES:
        found += [_row(deleted_vaults.show(gone), gone) for gone in deleted_vaults.present(estate, now)]
    return sorted(found, key=lambda row: str(row["id"]).lower())


def _table_of(row: Json) -> str:
    """Vaults stand in `resources`; what they hold, and deleted vaults, in a table of their own (Learn)."""
    namespace, *types = row["type"].split("/")
    return RECOVERY_SERVICES if namespace == "microsoft.recoveryservices" and len(types) > 1 else RESOURCES


def begin(estate: Estate, now: datetime) -> None:
    """A world starts with an index that knows all of it."""
    if estate.settings.graph_lag_seconds:
        for owner in _owners(estate):
            key = fold(owner.id)
            estate.graph.seen[key] = {row["id"]: row for row in _of(owner, now, _BOTH)}
            estate.graph.rows |= estate.graph.seen[key]


def note(estate: Estate, place: str, now: datetime) -> None:
    """Something may have changed in the vault or the VM that a path lies in: what did, the index learns later."""
    if not estate.settings.graph_lag_seconds:
        return
    key = "/".join(fold(place).split("/")[:_WORDS_OF_AN_ID])
    found = estate.vault(key) or estate.virtual_machine(key)
    if found is None and key not in estate.graph.seen:
        return
    _compare(estate, key, found, now)
    if isinstance(found, VirtualMachine):
        for moment in run_command_view.changes_by_itself(found, now):
            _compare(estate, key, found, moment)


def _compare(estate: Estate, key: str, found: Vault | VirtualMachine | None, now: datetime) -> None:
    before = estate.graph.seen.get(key, {})
    after = {row["id"]: row for row in _of(found, now, _BOTH)} if found else {}
    estate.graph.seen[key] = after
    for row_id in before.keys() | after.keys():
        if before.get(row_id) != after.get(row_id):
            estate.graph.coming.append(GraphChange(now, row_id, after.get(row_id)))


def _lagging(estate: Estate, now: datetime) -> dict[str, Json]:
    known_until = now - timedelta(seconds=estate.settings.graph_lag_seconds)
    graph = estate.graph
    for change in [change for change in graph.coming if change.at <= known_until]:
        if change.row is None:
            graph.rows.pop(change.id, None)
        else:
            graph.rows[change.id] = change.row
    graph.coming = [change for change in graph.coming if change.at > known_until]
    return graph.rows


def _owners(estate: Estate) -> Iterator[Vault | VirtualMachine]:
    """All that has rows."""
    yield from estate.vaults()
    for group in estate.groups():
        yield from group.virtual_machines.values()


def _of(owner: Vault | VirtualMachine, now: datetime, tables: Set[str]) -> Iterator[Json]:
    """What the tables say of an owner of rows."""
    if isinstance(owner, Vault):
        yield from _of_vault(owner, now, tables)
    elif RESOURCES in tables:
        yield _row(vm.show(owner, owner.id), owner)
        for command in run_command_view.resources(owner, now):
            yield _row(command, owner)


def _of_vault(each: Vault, now: datetime, tables: Set[str]) -> Iterator[Json]:
    """What the tables say of a vault."""
    if RESOURCES in tables:
        yield _row(vault.show(each, each.id), each)
    if RECOVERY_SERVICES not in tables:
        return
    for held in each.items.values():
        yield _row(item.show(each.id, each, held, now), each)
    for one in each.policies.values():
        yield _row(policy.show(each.id, one, len(policy.items_of(each, one))), each)
    for run in each.jobs.values():
        yield _row(job.show(each.id, run, run.ended or run.started, whole=True), each)


def _row(shown: Json, owner: Vault | DeletedVault | VirtualMachine) -> Json:
    """A resource as a row: its type and its group in small letters."""
    return {
        "id": shown["id"],
        "name": shown["name"],
        "type": fold(shown["type"]),
        "tenantId": TENANT_ID,
        "kind": "",
        "location": owner.location,
        "resourceGroup": fold(owner.group),
        "subscriptionId": owner.subscription,
        "managedBy": "",
        "sku": shown.get("sku"),
        "plan": None,
        "properties": shown["properties"],
        "tags": shown.get("tags"),
        "identity": shown.get("identity"),
        "zones": shown.get("zones"),
        "extendedLocation": None,
    }
