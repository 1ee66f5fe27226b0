"""What nobody speaks of is left as it is."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from tests.simulation.hands import item_path
from tests.simulation.record import HAND

if TYPE_CHECKING:
    from collections.abc import Iterator

    from tests.simulation.record import Record, Seen, Told

_RIGHT_BEFORE = timedelta(seconds=10)


def only_what_is_declared_is_written(record: Record) -> Iterator[str]:
    """A run writes to vaults and policies that its manifests declare, and to the backups of VMs that they select."""
    for told in record.runs:
        for seen in record.of(told):
            if seen.writes and not _is_meant(seen, told):
                yield f"{told.name} sent {seen.method} {seen.path}, of which its manifests do not speak"


def only_fields_that_are_stated_change(record: Record) -> Iterator[str]:
    """Of a vault or a policy no top-level field changes that the manifests do not state.

    Unless somebody changed it between the look right before a PUT and the PUT: the service takes no condition there.
    """
    runs = {told.name: told for told in record.runs}
    for seen in record.seen:
        if seen.by == HAND or not seen.changed or seen.method not in {"PUT", "PATCH"} or _crossed(seen, record):
            continue
        declared = runs[seen.by].declared
        policy = "/backuppolicies/" in seen.path
        vault = "/".join(seen.path.split("/")[:9])
        stated = declared.fields_of_policy(seen.path) if policy else declared.fields_of(vault)
        new = seen.status == 201 or (policy and "backupManagementType" in seen.changed)
        stray = sorted(name for name in seen.changed if not name.startswith(tuple(stated)))
        if stray and not new:
            yield f"{seen.by} changed {', '.join(stray)} of {seen.path}, which its manifests do not state"


def nothing_else_changes(record: Record) -> Iterator[str]:
    """What nobody wrote to is in the end as it was in the beginning."""
    for resource in record.strangers:
        yield f"{resource} is otherwise in the end, and nobody wrote to it"


def _crossed(seen: Seen, record: Record) -> bool:
    """Whether somebody else wrote to the same between the run's last look at it, right before, and this."""
    before = record.seen[: record.seen.index(seen)]
    looks = [each for each in before if each.by == seen.by and each.path == seen.path and each.method == "GET"]
    if not looks or seen.at - looks[-1].at > _RIGHT_BEFORE:
        return False
    since = before[before.index(looks[-1]) :]
    return any(each.by != seen.by and each.path == seen.path and each.writes and each.taken for each in since)


def _is_meant(seen: Seen, told: Told) -> bool:
    vault = "/".join(seen.path.split("/")[:9])
    declared = told.declared.vaults()
    if "/protecteditems/" in seen.path:
        return vault in declared and _item_is_meant(seen, told, vault)
    if "/networksecuritygroups/" in seen.path:
        return told.declared.speaks_of_networks()
    if "/backuppolicies/" in seen.path:
        return seen.path in told.declared.policies() or declared.get(vault, {}).get("state") == "absent"
    return vault in declared and not declared[vault].get("existing")


def _item_is_meant(seen: Seen, told: Told, vault: str) -> bool:
    """The VM is selected; or its vault is authoritative, and its backups are stopped; or the vault is torn down."""
    spec = told.declared.vaults()[vault]
    if spec.get("state") == "absent":
        return True
    if any(item_path(vault, vm).casefold() == seen.path.removesuffix("/backup") for vm in told.selected):
        return True
    properties = (seen.body or {}).get("properties", {})
    stops = seen.method == "PUT" and properties.get("protectionState") in {"ProtectionStopped", "BackupsSuspended"}
    return bool(spec.get("authoritative")) and stops
