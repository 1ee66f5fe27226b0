"""What is declared: a first version of the manifests, and those that follow."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING

from tests.conftest import assignment, document, policy, vault, vm_id

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.making.cast import Cast
    from tests.simulation.scenario import Json


def first_version(cast: Cast) -> tuple[Json, ...]:
    documents = [_declared_vault(cast, "rsv"), _declared_policy(cast, "daily")]
    if cast.sometimes(0.5):
        documents.append(_declared_vault(cast, "rsv-2"))
    if cast.sometimes(0.5):
        documents.append(_declared_policy(cast, "other"))
    documents += _assignments(cast, documents)
    return _with_way_out(cast, documents)


def _with_way_out(cast: Cast, documents: Sequence[Json]) -> tuple[Json, ...]:
    """The documents, where VMs have a network of their own with one that opens it for those that are backed up."""
    others = [one for one in documents if one["kind"] != "OutboundAccess"]
    assignments = [one for one in others if one["kind"] == "VMAssignment"]
    handles = [one["metadata"]["name"] for one in assignments if one["spec"].get("protection") != "deleted"]
    if not cast.networked or not handles:
        return tuple(others)
    nsg = {"destinations": ["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]}
    spec: Json = {"for": {"assignments": handles}, "method": "nsg", "nsg": nsg}
    if cast.sometimes(0.2):
        spec["state"] = "absent"
    return (*others, document("OutboundAccess", "out", **spec))


def _declared_vault(cast: Cast, name: str) -> Json:
    spec: Json = {}
    if cast.sometimes(0.5):
        spec["tags"] = cast.rng.choice([{"owner": "me"}, {"owner": None, "new": "yes"}])
    if cast.sometimes(0.3):
        spec["redundancy"] = cast.rng.choice(["LocallyRedundant", "GeoRedundant"])
    if cast.sometimes(0.3):
        spec["softDelete"] = {"state": cast.rng.choice(["Enabled", "AlwaysOn"]), "retentionDays": 14}
    if cast.sometimes(0.15):
        spec["immutability"] = cast.rng.choice(["Unlocked", "Locked"])
    if cast.sometimes(0.4):
        spec["authoritative"] = True
    if cast.sometimes(0.1) and name in cast.exist:
        spec = {"existing": True}
    return vault(name, **spec)


def _declared_policy(cast: Cast, name: str) -> Json:
    spec: Json = {"retention": {"daily": {"days": cast.rng.choice([7, 30, 90])}}}
    if cast.sometimes(0.3):
        spec["retention"]["weekly"] = {"weeks": 12, "days": ["Sunday"]}
    if cast.sometimes(0.2):
        spec["schedule"] = {"frequency": "Daily", "time": "04:30"}
    if cast.sometimes(0.2):
        spec |= {"tier": "Enhanced"}
    return policy(name, vaults=cast.rng.choice([["rsv"], ["rsv"], "all"]), **spec)


def _assignments(cast: Cast, documents: Sequence[Json]) -> list[Json]:
    """One or two that never speak of the same VM."""
    if len(cast.vms) < 2 or cast.sometimes(0.5):
        select = cast.rng.choice([{"tags": {"env": ["prod"]}}, {"names": ["*"]}, {"names": ["web-*"]}])
        return [_assignment(cast, "production", select, documents)]
    half = len(cast.vms) // 2
    parts = (cast.vms[:half], cast.vms[half:])
    return [
        _assignment(cast, handle, {"ids": [vm_id(name) for name in names]}, documents)
        for handle, names in zip(("first", "second"), parts, strict=True)
    ]


def _assignment(cast: Cast, handle: str, select: Json, documents: Sequence[Json]) -> Json:
    names = [one["metadata"]["name"] for one in documents if one["kind"] == "BackupPolicy"]
    immutable = any(one["spec"].get("immutability") for one in documents)
    protection = _protection(cast, select, immutable=immutable)
    built_in = ["DefaultPolicy"] if cast.era == 2021 else ["DefaultPolicy", "EnhancedPolicy"]
    spec: Json = {"policy": cast.rng.choice([*names, *names, *built_in]), "vault": "rsv", **protection}
    if cast.sometimes(0.25):
        spec["disks"] = cast.rng.choice(["osOnly", {"exclude": [1]}])
    if spec.get("protection", "active") == "active":
        if cast.sometimes(0.3):
            spec["initialBackup"] = {"keepDays": 7}
        enhanced = [one["metadata"]["name"] for one in documents if one["spec"].get("tier") == "Enhanced"]
        if spec["policy"] in {*enhanced, "EnhancedPolicy"} and cast.sometimes(0.7):
            spec["moveToEnhanced"] = {"vmsPerRun": cast.rng.choice([1, 6])}
    return assignment(handle, select=select, **spec)


def _protection(cast: Cast, select: Json, *, immutable: bool) -> Json:
    """An immutable vault deletes nothing, and who names the VMs to be deleted has to approve all of them."""
    chosen = cast.rng.choice(["active", "active", "active", "stopped", "suspended", "deleted"])
    if chosen == "active":
        return {}
    if chosen != "deleted" or immutable:
        return {"protection": "stopped" if chosen == "deleted" else chosen}
    return {"protection": "deleted", "approval": _approval(cast, select.get("ids", ()))}


def _approval(cast: Cast, needed: Sequence[str] = ()) -> Json:
    some = [vm_id(name) for name in cast.rng.sample(cast.vms, cast.rng.randint(1, len(cast.vms)))]
    expires = cast.rng.choice(["2026-12-31", "2026-12-31", "2026-11-20"])
    return {"by": "Ada", "reason": "retired", "expires": expires, "vms": sorted({*needed, *some})}


def next_version(cast: Cast, documents: Sequence[Json]) -> tuple[Json, ...]:
    """The next version: one or two documents changed, made anew, or taken away."""
    later = copy.deepcopy(list(documents))
    for _ in range(cast.rng.randint(1, 2)):
        cast.rng.choice([_retain, _reassign, _unassign, _tear_down, _redeclare])(cast, later)
    return _with_way_out(cast, later)


def _retain(cast: Cast, later: list[Json]) -> None:
    for one in later:
        if one["kind"] == "BackupPolicy":
            one["spec"]["retention"] = {"daily": {"days": cast.rng.choice([7, 14, 30, 90, 365])}}


def _reassign(cast: Cast, later: list[Json]) -> None:
    for number, one in enumerate(later):
        if one["kind"] == "VMAssignment":
            later[number] = _assignment(cast, one["metadata"]["name"], one["spec"]["select"], later)


def _unassign(cast: Cast, later: list[Json]) -> None:
    assignments = [one for one in later if one["kind"] == "VMAssignment"]
    if assignments:
        later.remove(cast.rng.choice(assignments))


def _redeclare(cast: Cast, later: list[Json]) -> None:
    deletes = any(one["spec"].get("protection") == "deleted" for one in later)
    later[0] = _declared_vault(cast, "rsv")
    if deletes:
        later[0]["spec"].pop("immutability", None)


def _tear_down(cast: Cast, later: list[Json]) -> None:
    """The vault goes, and with it all that refers to it."""
    approval = {"approval": _approval(cast)} if cast.sometimes(0.7) else {}
    others = [one for one in later[1:] if one["kind"] == "Vault"]
    everywhere = [one for one in later if others and one["spec"].get("vaults") == "all"]
    later[:] = [vault("rsv", state="absent", **approval), *others, *everywhere]
