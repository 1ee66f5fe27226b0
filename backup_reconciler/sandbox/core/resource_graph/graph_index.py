"""The index of Resource Graph, and how it lags behind.

Without a lag rows are made from the estate when they are asked for. With one, each change of a vault, a VM or
a run command is noted as it happens, and the index learns of it when the lag is over. Only deleted vaults are never
behind.
"""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.compute import run_command_view
from backup_reconciler.sandbox.core.estate import Estate, GraphChange, Vault, VirtualMachine, fold
from backup_reconciler.sandbox.core.resource_graph import graph_rows
from backup_reconciler.sandbox.core.resource_graph.graph_rows import KINDS, RECOVERY_SERVICES, table_of
from backup_reconciler.sandbox.core.resource_graph.vault_changes import changed_rows

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.wire.messages import Json

_WORDS_OF_AN_ID = 9
"""Parts of the id of a vault or VM, the empty one before its first slash counted."""


def rows(estate: Estate, table: str, now: datetime, kind: str | None = None) -> list[Json]:
    """What a table of the index shows now, by id; where a type is named, in small letters, the rows of that alone."""
    kinds = {one for one in (KINDS if kind is None else KINDS & {kind}) if table_of(one) == table}
    if estate.settings.graph_lag_seconds:
        found = [row for row in _lagging(estate, now).values() if row["type"] in kinds]
    else:
        found = [row for owner in graph_rows.owners(estate, kinds) for row in graph_rows.of(owner, now, kinds)]
    if table == RECOVERY_SERVICES:
        found += graph_rows.of_deleted_vaults(estate, now)
    return sorted(found, key=lambda row: str(row["id"]).lower())


def begin(estate: Estate, now: datetime) -> None:
    """A world starts with an index that knows all of it."""
    if estate.settings.graph_lag_seconds:
        for owner in graph_rows.owners(estate):
            seen = {row["id"]: row for row in graph_rows.of(owner, now)}
            estate.graph.seen[fold(owner.id)] = seen
            estate.graph.rows |= seen


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
    seen = estate.graph.seen.setdefault(key, {})
    for row_id, row in _candidates(estate, seen, found, now).items():
        if seen.get(row_id) != row:
            estate.graph.coming.append(GraphChange(now, row_id, row))
            if row is None:
                del seen[row_id]
            else:
                seen[row_id] = row


def _candidates(
    estate: Estate, seen: dict[str, Json], found: Vault | VirtualMachine | None, now: datetime
) -> dict[str, Json | None]:
    """The rows that may be others than those that were seen, by their ids; None for what there is no more."""
    if isinstance(found, Vault):
        return changed_rows(estate, seen, found, now)
    there = {row["id"]: row for row in graph_rows.of(found, now)} if found else {}
    return {**dict.fromkeys(seen.keys() - there.keys()), **there}


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
