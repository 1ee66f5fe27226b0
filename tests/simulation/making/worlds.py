"""The world of a scenario."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.conftest import SUBSCRIPTION, daily_policy, hourly_policy
from tests.simulation.making.faults import some_faults, some_pressure

if TYPE_CHECKING:
    from tests.simulation.making.cast import Cast
    from tests.simulation.scenario import Json

STATES = ("Protected", "Protected", "IRPending", "ProtectionStopped", "BackupsSuspended", "SoftDeleted")
_NETWORK: dict[str, Any] = {
    "virtualNetworks": {
        "vnet-web": {
            "addressPrefixes": ["10.1.0.0/16"],
            "subnets": {"web": {"addressPrefix": "10.1.1.0/24", "networkSecurityGroup": "nsg-web"}},
        }
    },
    "networkSecurityGroups": {
        "nsg-web": {"rules": {"Deny_All_Out": {"priority": 4000, "direction": "Outbound", "access": "Deny"}}}
    },
}
"""A network that lets no backup out."""
CLOCK = "2026-11-23T08:00:00Z"


def world_of(cast: Cast) -> Json:
    machines = {name: _machine(cast) for name in cast.vms}
    groups = {
        "rg-backup": {"location": "japaneast", "vaults": _vaults(cast, machines)},
        "rg-web": {"location": "japaneast", "virtualMachines": machines, **(_NETWORK if cast.networked else {})},
    }
    return {
        "kind": "World",
        "clock": CLOCK,
        "seed": cast.seed % 1_000_000,
        "era": cast.era,
        "pageSize": cast.rng.choice([1, 2, 100, 100]),
        "graphLagSeconds": cast.rng.choice([0, 0, 120, 900]),
        **some_pressure(cast.rng),
        "faults": some_faults(cast.rng),
        "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}},
    }


def _machine(cast: Cast) -> Json:
    machine: Json = {"location": "japaneast", "tags": cast.tags()}
    if cast.sometimes(0.05):
        machine["location"] = "japanwest"
    if cast.networked:
        machine |= {"needsNetwork": True, "nics": [{"subnet": "vnet-web/web"}]}
    if cast.sometimes(0.05):
        machine["configureFails"] = {"code": "UserErrorGuestAgentStatusUnavailable"}
    return machine


def _vaults(cast: Cast, machines: Json) -> Json:
    held = {name: _vault(cast) for name in cast.exist}
    for name in cast.vms:
        if cast.exist and cast.sometimes(0.6) and machines[name]["location"] == "japaneast":
            vault = held[cast.rng.choice(cast.exist)]
            vault["protectedItems"].append(_item(cast, name, vault))
    return held


def _vault(cast: Cast) -> Json:
    found: Json = {"location": "japaneast", "protectedItems": [], "policies": {}}
    for name in ("daily", "other"):
        if cast.sometimes(0.6):
            found["policies"][name] = daily_policy(cast.rng.choice([7, 30, 90]))
    if cast.sometimes(0.3):
        found["policies"]["often"] = hourly_policy()
    if cast.sometimes(0.4):
        found["tags"] = {"Owner": "x", "keep": "me"}
    if cast.sometimes(0.3):
        found["immutability"] = "Unlocked"
    if cast.sometimes(0.2):
        found["softDelete"] = {"state": cast.rng.choice(["Enabled", "Disabled", "AlwaysON"])}
    return found


def _item(cast: Cast, vm: str, vault: Json) -> Json:
    state = cast.rng.choice(STATES)
    item: Json = {"vm": f"rg-web/{vm}", "state": state}
    if state in STATES[:3]:
        item["policy"] = cast.rng.choice([*vault["policies"], "DefaultPolicy"])
    if state != "IRPending":
        item["recoveryPoints"] = {"count": cast.rng.choice([1, 3, 10])}
    return item
