"""How Microsoft.Network writes things: references, singular and plural fields, addresses of both families."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from backup_reconciler.azure.api_versions import Api
from backup_reconciler.azure.request import ArmRequest, get
from backup_reconciler.spec.arm_id import ArmId


def list_request(subscription: str, kind: str) -> ArmRequest:
    """All of a kind in a subscription."""
    return get(f"/subscriptions/{subscription}/providers/Microsoft.Network/{kind}", Api.NETWORK)


def properties(arm: Mapping[str, Any] | None) -> Mapping[str, Any]:
    return (arm or {}).get("properties") or {}


def location(arm: Mapping[str, Any]) -> str:
    return str(arm.get("location") or "").replace(" ", "").lower()


def reference(field: Mapping[str, Any] | None) -> ArmId | None:
    """The id of another resource."""
    id_ = (field or {}).get("id")
    return ArmId(id_) if id_ else None


def references(field: Iterable[Mapping[str, Any]] | None) -> Iterator[ArmId]:
    return (ArmId(one["id"]) for one in field or () if one.get("id"))


def texts(field: Iterable[Any] | None) -> tuple[str, ...]:
    return tuple(str(one) for one in field or ())


def values(held: Mapping[str, Any], singular: str, plural: str) -> tuple[str, ...]:
    """What stands in a singular field and in the plural one beside it: Azure fills one and leaves the other empty."""
    one = held.get(singular)
    return tuple(dict.fromkeys(filter(None, (*texts([one] if one else ()), *texts(held.get(plural))))))


def ipv4(prefixes: Iterable[str]) -> tuple[str, ...]:
    """The prefixes of IPv4. Those of IPv6 are left out: what is judged is how a VM gets out over IPv4."""
    return tuple(prefix for prefix in prefixes if ":" not in prefix)
