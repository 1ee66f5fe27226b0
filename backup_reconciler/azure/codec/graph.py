"""Resource Graph: one query over many subscriptions, minutes behind the services it indexes."""

from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any, TypeAlias, TypeVar

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec.protection import item_state
from backup_reconciler.azure.errors import NotArm
from backup_reconciler.azure.reading import read
from backup_reconciler.azure.request import ArmRequest
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import ItemState

_SUBSCRIPTIONS_AT_ONCE = 300
"""What the service's guidance for throttled requests recommends to stay below."""

_SEGMENTS_OF_A_VAULT = 9
"""Of its id, with the empty one before the first slash."""

_MOST_TRIES = 3
"""How often the pages of an answer are read before it is taken as it is, all that was seen together."""

T = TypeVar("T")
Row: TypeAlias = Mapping[str, Any]

PATH = "/providers/Microsoft.ResourceGraph/resources"

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
    return [one for one in await query(arm, _PROTECTED_ITEMS, subscriptions, _decode) if one]


async def query(arm: Arm, text: str, subscriptions: Sequence[str], decode: Callable[[Row], T]) -> list[T]:
    """What a codec makes of all rows of an answer, of as many queries as these subscriptions take.

    The query has to have a column `id`. A page is decoded, and let go of, before the next one is asked for. Raises
    `AzureError` where Resource Graph has more rows than it gives.
    """
    rows: list[T] = []
    for start in range(0, len(subscriptions), _SUBSCRIPTIONS_AT_ONCE):
        rows += await _whole(arm, text, subscriptions[start : start + _SUBSCRIPTIONS_AT_ONCE], decode)
    return rows


async def _whole(arm: Arm, text: str, subscriptions: Sequence[str], decode: Callable[[Row], T]) -> list[T]:
    """The rows of one query, each once.

    Pages are counted off anew for each request, so a row that goes away meanwhile makes another one slip through
    between two pages (Learn, "Guidance for pagination"). Then their number changes too, and all are read again.
    """
    rows: dict[str, T] = {}
    for _ in range(_MOST_TRIES):
        totals = set()
        async for body in _pages(arm, text, subscriptions):
            totals.add(str(body.get("totalRecords")))
            rows |= {read(_key, row): read(decode, row) for row in body["data"]}
        if len(totals) == 1:
            break
    return list(rows.values())


async def _pages(arm: Arm, text: str, subscriptions: Sequence[str]) -> AsyncIterator[dict[str, Any]]:
    """Sorted by a column that no two rows share: in no order, pages would be parts of different wholes."""
    options: dict[str, Any] = {"resultFormat": "objectArray", "$top": 1000}
    while True:
        body = {"subscriptions": list(subscriptions), "query": f"{text} | order by id asc", "options": dict(options)}
        request = ArmRequest("POST", PATH, Api.GRAPH, body=body, reads=True)
        answer = (await arm.send(request)).body
        if not isinstance(answer, dict) or not isinstance(answer.get("data"), list):
            raise NotArm(request, "the answer to a query holds no data")
        yield answer
        if not answer.get("$skipToken"):
            if str(answer.get("resultTruncated")).casefold() == "true":
                raise NotArm(request, "Resource Graph does not give all rows of the answer to a query")
            return
        options["$skipToken"] = answer["$skipToken"]


def _key(row: Row) -> str:
    return str(row["id"]).casefold()


def _decode(row: Row) -> ProtectedVM | None:
    """The VM of a row, and the vault that its item is in; None for a row that names no VM."""
    if not row.get("vm"):
        return None
    state = item_state(row["state"], deleted=row["deleted"] == "true")
    return ProtectedVM(ArmId(row["vm"]), vault_of(row["id"]), state)


def vault_of(id_: str) -> ArmId:
    """The vault in whose id the id of something that it holds begins."""
    return _same("/".join(id_.split("/", _SEGMENTS_OF_A_VAULT)[:_SEGMENTS_OF_A_VAULT]))


@lru_cache
def _same(id_: str) -> ArmId:
    """One for all that a vault holds."""
    return ArmId(id_)
