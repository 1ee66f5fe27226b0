"""Which rows of a vault may have changed, without making those of all its items and jobs anew.

A row is made when a mark of what it is made from has changed: a few values of an item or a job, which are compared in
a fraction of the time.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from backup_reconciler.sandbox.core.resource_graph import graph_rows

if TYPE_CHECKING:
    from datetime import datetime

    from backup_reconciler.sandbox.core.estate import Estate, Job, ProtectedItem, Vault
    from backup_reconciler.sandbox.core.wire.messages import Json

_KEPT_AS = "marks of what vaults hold"


@dataclass
class _Marks:
    """What the rows of a vault were last made from."""

    vault: Vault
    settings: object = None
    """What of the vault and its policies all items show."""
    marks: dict[tuple[str, str], tuple[object, ...]] = field(default_factory=dict)
    """By the list it is in and its key there."""
    ids: dict[tuple[str, str], str] = field(default_factory=dict)
    """The ids of the rows, as above."""


def changed_rows(estate: Estate, seen: dict[str, Json], vault: Vault, now: datetime) -> dict[str, Json | None]:
    """The rows that may be others than those that were seen, by their ids; None for what there is no more."""
    kept: dict[str, _Marks] = estate.worked_out.setdefault(_KEPT_AS, {})
    last = kept.get(vault.key)
    if last is None or last.vault is not vault:
        last = _Marks(vault)
    few = [graph_rows.of_vault_itself(vault), *(graph_rows.of_policy(vault, one) for one in vault.policies.values())]
    settings = _settings(vault)
    anew = last.settings != settings
    now_marks = _Marks(vault, settings)
    found: dict[str, Json | None] = {row["id"]: row for row in few}
    for key, mark, source in _sources(vault):
        now_marks.marks[key] = mark
        if anew or last.marks.get(key) != mark:
            row = graph_rows.of_item(vault, source, now) if key[0] == "items" else graph_rows.of_job(vault, source)
            found[row["id"]] = row
            now_marks.ids[key] = row["id"]
        else:
            now_marks.ids[key] = last.ids[key]
    kept[vault.key] = now_marks
    there = found.keys() | set(now_marks.ids.values())
    return {**dict.fromkeys(seen.keys() - there), **found}


def _settings(vault: Vault) -> object:
    return str(vault.properties), [(name, one.properties.get("policyType")) for name, one in vault.policies.items()]


def _sources(vault: Vault) -> list[tuple[tuple[str, str], tuple[object, ...], Any]]:
    items = [(("items", key), _of_item(one), one) for key, one in vault.items.items()]
    return items + [(("jobs", key), _of_job(one), one) for key, one in vault.jobs.items()]


def _of_item(one: ProtectedItem) -> tuple[object, ...]:
    """All that its row shows, but the time that is left of its deletion."""
    return (
        one.state,
        one.policy_id,
        one.extended,
        one.last_backup_status,
        one.last_backup_time,
        one.last_failure,
        one.recovery_points[-1] if one.recovery_points else None,
        one.deleted,
    )


def _of_job(one: Job) -> tuple[object, ...]:
    return (one.status, one.ended, one.error, *(task.status for task in one.tasks), *one.properties.items())
