"""Vaults through Resource Graph: their items and jobs, of many vaults in two queries, minutes behind."""

from collections import defaultdict
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import Any

from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import job, protection
from backup_reconciler.azure.codec.graph import query, vault_of
from backup_reconciler.azure.reading import read_all, read_those
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.job import Job
from backup_reconciler.state.protection import LiveItem

_ITEMS = "microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems"
_JOBS = "microsoft.recoveryservices/vaults/backupjobs"


async def items_of(arm: Arm, vaults: Collection[ArmId]) -> dict[ArmId, dict[ArmId, LiveItem]]:
    """The backups of VMs by VM, by vault; of these vaults, and of others that bear the same names."""
    rows = await _rows(arm, _ITEMS, vaults)
    found: defaultdict[ArmId, dict[ArmId, LiveItem]] = defaultdict(dict)
    for item in read_those(protection.is_vm, protection.decode, rows):
        found[vault_of(item.id.text)][item.vm] = item
    return found


async def jobs_of(arm: Arm, vaults: Collection[ArmId], since: datetime) -> dict[ArmId, list[Job]]:
    """The jobs that began on the day of `since` or on the next, by vault, as above; without the phases of each."""
    days = {str(moment.date()) for moment in (since, since + timedelta(days=1))}
    began = f" | where tostring(split(tostring(properties.startTime), 'T')[0]) in~ ({_quoted(days)})"
    rows = await _rows(arm, _JOBS, vaults, began)
    found: defaultdict[ArmId, list[Job]] = defaultdict(list)
    for row, one in zip(rows, read_all(job.decode, rows), strict=True):
        found[vault_of(row["id"])].append(one)
    return found


async def _rows(arm: Arm, kind: str, vaults: Collection[ArmId], more: str = "") -> list[dict[str, Any]]:
    """Rows of one kind, of vaults with these names in these subscriptions."""
    text = (
        f"recoveryservicesresources | where type =~ '{kind}'"
        f" | where tostring(split(id, '/')[8]) in~ ({_quoted({vault.name.casefold() for vault in vaults})}){more}"
        " | project id, name, properties"
    )
    return await query(arm, text, sorted({vault.subscription.casefold() for vault in vaults}), dict)


def _quoted(words: Iterable[str]) -> str:
    return ", ".join(f"'{word}'" for word in sorted(words))
