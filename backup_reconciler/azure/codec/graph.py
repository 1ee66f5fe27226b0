"""Resource Graph: one query over many subscriptions, minutes behind the services it indexes."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec.protection import item_state
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read_all
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import ItemState

_SUBSCRIPTIONS_AT_ONCE = 300
"""What the service's guidance for throttled requests recommends to stay below."""

_PROTECTED_ITEMS = (
    "recoveryservicesresources"
    " | where type =~ 'microsoft.recoveryservices/vaults/backupfabrics/protectioncontainers/protecteditems'"
    " | project id, vm = tolower(tostring(properties.sourceResourceId)),"
    " state = tostring(properties.protectionState), deleted = tostring(properties.isScheduledForDeferredDelete)"
)


@dataclass(frozen=True, slots=True)
class ProtectedVM:
    """A backup item as Resource Graph knows it."""

    vm: ArmId
    vault: ArmId
    state: ItemState


async def protected_vms(arm: Arm, subscriptions: Sequence[str]) -> list[ProtectedVM]:
    """Every backup item of a VM that Resource Graph knows in these subscriptions."""
    found = []
    for start in range(0, len(subscriptions), _SUBSCRIPTIONS_AT_ONCE):
        rows = await _query(arm, _PROTECTED_ITEMS, subscriptions[start : start + _SUBSCRIPTIONS_AT_ONCE])
        found += read_all(_decode, (row for row in rows if row.get("vm")))
    return found


async def _query(arm: Arm, query: str, subscriptions: Sequence[str]) -> list[dict[str, Any]]:
    rows: list[dict[str, Any]] = []
    options: dict[str, Any] = {"resultFormat": "objectArray", "$top": 1000}
    while True:
        body = {"subscriptions": list(subscriptions), "query": query, "options": dict(options)}
        path = "/providers/Microsoft.ResourceGraph/resources"
        request = ArmRequest("POST", path, Api.GRAPH, body=body, reads=True)
        answer = (await arm.send(request)).body
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise NotArm(request, "the answer to a query holds no data")
        rows += answer["data"]
        if not answer.get("$skipToken"):
            return rows
        options["$skipToken"] = answer["$skipToken"]


def _decode(row: Mapping[str, Any]) -> ProtectedVM:
    """The VM of a row, and the vault in whose id the id of its protected item begins."""
    item = row["id"]
    vault = ArmId(item[: item.casefold().index("/backupfabrics/")])
    return ProtectedVM(ArmId(row["vm"]), vault, item_state(row["state"], deleted=row["deleted"] == "true"))
