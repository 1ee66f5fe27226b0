"""From a seed to a scenario."""

from __future__ import annotations

import copy
from random import Random
from typing import TYPE_CHECKING, Any

from tests.conftest import SUBSCRIPTION, assignment, daily_policy, document, hourly_policy, policy, vault, vm_id
from tests.simulation.faults import some_faults, some_pressure
from tests.simulation.scenario import Hand, Run, Scenario, Stage

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.simulation.scenario import Json

VAULTS = ("rsv", "rsv-2", "rsv-old")
"""The last is never declared."""
NAMES = ("web-0", "web-1", "db-0", "db-1", "app-0")
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


def scenario_of(seed: int) -> Scenario:
    """The scenario of a seed: the same for ever, as long as this package stays as it is."""
    return _Making(seed).scenario()


def vault_path(name: str) -> str:
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/{name}"


class _Making:
    """What is chosen for one scenario. Numbers are small: what goes wrong with two VMs is easily seen."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.vms = self.rng.sample(NAMES, self.rng.randint(1, 4))
        self.networked = self.rng.random() < 0.1
        self.era = self.rng.choice([2021, 2026, 2026])
        self.exist = [name for name in VAULTS if self.rng.random() < 0.75]

    def scenario(self) -> Scenario:
        world = self._world()
        versions = [self._documents()]
        for _ in range(self.rng.choice([0, 1, 1, 2])):
            versions.append(self._later(versions[-1]))
        stages = tuple(self._stage(len(versions), number) for number in range(self.rng.randint(1, 3)))
        return Scenario(self.seed, world, tuple(versions), stages)

    # ---- the world ---------------------------------------------------------------------------------------------------

    def _world(self) -> Json:
        machines = {name: self._machine() for name in self.vms}
        groups = {
            "rg-backup": {"location": "japaneast", "vaults": self._vaults(machines)},
            "rg-web": {"location": "japaneast", "virtualMachines": machines, **(_NETWORK if self.networked else {})},
        }
        return {
            "kind": "World",
            "clock": CLOCK,
            "seed": self.seed % 1_000_000,
            "era": self.era,
            "pageSize": self.rng.choice([1, 2, 100, 100]),
            "graphLagSeconds": self.rng.choice([0, 0, 120, 900]),
            **some_pressure(self.rng),
            "faults": some_faults(self.rng),
            "subscriptions": {SUBSCRIPTION: {"resourceGroups": groups}},
        }

    def _machine(self) -> Json:
        machine: Json = {"location": "japaneast", "tags": self._tags()}
        if self._sometimes(0.05):
            machine["location"] = "japanwest"
        if self.networked:
            machine |= {"needsNetwork": True, "nics": [{"subnet": "vnet-web/web"}]}
        if self._sometimes(0.05):
            machine["configureFails"] = {"code": "UserErrorGuestAgentStatusUnavailable"}
        return machine

    def _tags(self) -> Json:
        return self.rng.choice([{"env": "prod"}, {"env": "prod"}, {"Env": "prod"}, {"env": "PROD"}, {}])

    def _vaults(self, machines: Json) -> Json:
        held = {name: self._vault() for name in self.exist}
        for name in self.vms:
            if self.exist and self._sometimes(0.6) and machines[name]["location"] == "japaneast":
                vault = held[self.rng.choice(self.exist)]
                vault["protectedItems"].append(self._item(name, vault))
        return held

    def _vault(self) -> Json:
        found: Json = {"location": "japaneast", "protectedItems": [], "policies": {}}
        for name in ("daily", "other"):
            if self._sometimes(0.6):
                found["policies"][name] = daily_policy(self.rng.choice([7, 30, 90]))
        if self._sometimes(0.3):
            found["policies"]["often"] = hourly_policy()
        if self._sometimes(0.4):
            found["tags"] = {"Owner": "x", "keep": "me"}
        if self._sometimes(0.3):
            found["immutability"] = "Unlocked"
        if self._sometimes(0.2):
            found["softDelete"] = {"state": self.rng.choice(["Enabled", "Disabled", "AlwaysON"])}
        return found

    def _item(self, vm: str, vault: Json) -> Json:
        state = self.rng.choice(STATES)
        item: Json = {"vm": f"rg-web/{vm}", "state": state}
        if state in STATES[:3]:
            item["policy"] = self.rng.choice([*vault["policies"], "DefaultPolicy"])
        if state != "IRPending":
            item["recoveryPoints"] = {"count": self.rng.choice([1, 3, 10])}
        return item

    # ---- what is declared --------------------------------------------------------------------------------------------

    def _documents(self) -> tuple[Json, ...]:
        documents = [self._declared_vault("rsv"), self._declared_policy("daily")]
        if self._sometimes(0.5):
            documents.append(self._declared_vault("rsv-2"))
        if self._sometimes(0.3):
            documents.append(self._declared_policy("other"))
        assignments = self._assignments(documents)
        if self.networked:
            handles = [one["metadata"]["name"] for one in assignments]
            nsg = {"destinations": ["AzureBackup", "Storage.{region}", "AzureActiveDirectory"]}
            documents.append(
                document("OutboundAccess", "out", **{"for": {"assignments": handles}}, method="nsg", nsg=nsg)
            )
        return (*documents, *assignments)

    def _declared_vault(self, name: str) -> Json:
        spec: Json = {}
        if self._sometimes(0.5):
            spec["tags"] = self.rng.choice([{"owner": "me"}, {"owner": None, "new": "yes"}])
        if self._sometimes(0.3):
            spec["redundancy"] = self.rng.choice(["LocallyRedundant", "GeoRedundant"])
        if self._sometimes(0.3):
            spec["softDelete"] = {"state": self.rng.choice(["Enabled", "AlwaysOn"]), "retentionDays": 14}
        if self._sometimes(0.15):
            spec["immutability"] = self.rng.choice(["Unlocked", "Locked"])
        if self._sometimes(0.4):
            spec["authoritative"] = True
        if self._sometimes(0.1) and name in self.exist:
            spec = {"existing": True}
        return vault(name, **spec)

    def _declared_policy(self, name: str) -> Json:
        spec: Json = {"retention": {"daily": {"days": self.rng.choice([7, 30, 90])}}}
        if self._sometimes(0.3):
            spec["retention"]["weekly"] = {"weeks": 12, "days": ["Sunday"]}
        if self._sometimes(0.2):
            spec["schedule"] = {"frequency": "Daily", "time": "04:30"}
        if self._sometimes(0.2):
            spec |= {"tier": "Enhanced"}
        return policy(name, vaults=self.rng.choice([["rsv"], ["rsv"], "all"]), **spec)

    def _assignments(self, documents: Sequence[Json]) -> list[Json]:
        """One or two that never speak of the same VM."""
        if len(self.vms) < 2 or self._sometimes(0.5):
            select = self.rng.choice([{"tags": {"env": ["prod"]}}, {"names": ["*"]}, {"names": ["web-*"]}])
            return [self._assignment("production", select, documents)]
        half = len(self.vms) // 2
        parts = (self.vms[:half], self.vms[half:])
        return [
            self._assignment(handle, {"ids": [vm_id(name) for name in names]}, documents)
            for handle, names in zip(("first", "second"), parts, strict=True)
        ]

    def _assignment(self, handle: str, select: Json, documents: Sequence[Json]) -> Json:
        names = [one["metadata"]["name"] for one in documents if one["kind"] == "BackupPolicy"]
        immutable = any(one["spec"].get("immutability") for one in documents)
        protection = self._protection(select, immutable=immutable)
        built_in = ["DefaultPolicy"] if self.era == 2021 else ["DefaultPolicy", "EnhancedPolicy"]
        spec: Json = {"policy": self.rng.choice([*names, *names, *built_in]), "vault": "rsv", **protection}
        if self._sometimes(0.25):
            spec["disks"] = self.rng.choice(["osOnly", {"exclude": [1]}])
        if spec.get("protection", "active") == "active":
            if self._sometimes(0.3):
                spec["initialBackup"] = {"keepDays": 7}
            enhanced = [one["metadata"]["name"] for one in documents if one["spec"].get("tier") == "Enhanced"]
            if spec["policy"] in {*enhanced, "EnhancedPolicy"} and self._sometimes(0.7):
                spec["moveToEnhanced"] = {"vmsPerRun": self.rng.choice([1, 6])}
        return assignment(handle, select=select, **spec)

    def _protection(self, select: Json, *, immutable: bool) -> Json:
        """An immutable vault deletes nothing, and who names the VMs to be deleted has to approve all of them."""
        chosen = self.rng.choice(["active", "active", "active", "stopped", "suspended", "deleted"])
        if chosen == "active":
            return {}
        if chosen != "deleted" or immutable:
            return {"protection": "stopped" if chosen == "deleted" else chosen}
        return {"protection": "deleted", "approval": self._approval(select.get("ids", ()))}

    def _approval(self, needed: Sequence[str] = ()) -> Json:
        some = [vm_id(name) for name in self.rng.sample(self.vms, self.rng.randint(1, len(self.vms)))]
        expires = self.rng.choice(["2026-12-31", "2026-12-31", "2026-11-20"])
        return {"by": "Ada", "reason": "retired", "expires": expires, "vms": sorted({*needed, *some})}

    def _later(self, documents: Sequence[Json]) -> tuple[Json, ...]:
        """The next version: one or two documents changed, made anew, or taken away."""
        later = copy.deepcopy(list(documents))
        for _ in range(self.rng.randint(1, 2)):
            self.rng.choice([self._retain, self._reassign, self._unassign, self._tear_down, self._redeclare])(later)
        return tuple(later)

    def _retain(self, later: list[Json]) -> None:
        for one in later:
            if one["kind"] == "BackupPolicy":
                one["spec"]["retention"] = {"daily": {"days": self.rng.choice([7, 14, 30, 90, 365])}}

    def _reassign(self, later: list[Json]) -> None:
        for number, one in enumerate(later):
            if one["kind"] == "VMAssignment":
                later[number] = self._assignment(one["metadata"]["name"], one["spec"]["select"], later)

    def _unassign(self, later: list[Json]) -> None:
        assignments = [one for one in later if one["kind"] == "VMAssignment"]
        if assignments:
            gone = self.rng.choice(assignments)
            later.remove(gone)
            later[:] = [one for one in later if not _is_for(one, gone["metadata"]["name"])]

    def _redeclare(self, later: list[Json]) -> None:
        deletes = any(one["spec"].get("protection") == "deleted" for one in later)
        later[0] = self._declared_vault("rsv")
        if deletes:
            later[0]["spec"].pop("immutability", None)

    def _tear_down(self, later: list[Json]) -> None:
        """The vault goes, and with it all that refers to it."""
        approval = {"approval": self._approval()} if self._sometimes(0.7) else {}
        others = [one for one in later[1:] if one["kind"] == "Vault"]
        everywhere = [one for one in later if others and one["spec"].get("vaults") == "all"]
        later[:] = [vault("rsv", state="absent", **approval), *others, *everywhere]

    # ---- what happens ------------------------------------------------------------------------------------------------

    def _stage(self, versions: int, number: int) -> Stage:
        runs = [self._run("ours", min(number, versions - 1) if self._sometimes(0.7) else self.rng.randrange(versions))]
        if self._sometimes(0.4):
            runs.append(
                self._run("theirs", self.rng.randrange(versions), after=self.rng.choice([0.0, 0.05, 1.0, 20.0]))
            )
        hands = [self._hand() for _ in range(self.rng.choice([0, 0, 1, 2, 3]))]
        return Stage(tuple(runs), tuple(hands), self.rng.choice([0.0, 5.0, 60.0, 3600.0]))

    def _run(self, operator: str, version: int, after: float = 0.0) -> Run:
        return Run(
            operator,
            version,
            after,
            destructive=self._sometimes(0.6),
            one_way=self._sometimes(0.8),
            strict=self._sometimes(0.05),
            max_changes=self.rng.choice([None, 0, 3, 100]),
            thinks=self.rng.choice([0.0, 0.0, 2.0, 45.0]),
            saved=self._sometimes(0.15),
            interrupted_at=self.rng.randint(5, 40) if self._sometimes(0.12) else None,
            dies_at=self.rng.randint(5, 40) if self._sometimes(0.15) else None,
        )

    def _hand(self) -> Hand:
        after = self.rng.choice([0.0, 0.4, 1.0, 3.0, 15.0, 40.0, 100.0])
        where, vm = vault_path(self.rng.choice(VAULTS)), vm_id(self.rng.choice(self.vms))
        deed, value = self.rng.choice(self._deeds())
        return Hand(after, deed, where, vm, value)

    def _deeds(self) -> list[tuple[str, Any]]:
        names = ("DefaultPolicy", "daily", "other")
        return [
            ("bind the VM", self.rng.choice(names)),
            ("bind the VM", "DefaultPolicy"),
            ("stop its backups", None),
            ("delete its backups", None),
            ("undelete its backups", None),
            ("back it up now", None),
            ("delete the VM", None),
            ("tag the VM", self._tags()),
            ("tag the vault", self.rng.choice([{"theirs": "x"}, {"owner": "them"}, {}])),
            ("keep deleted backups for", self.rng.choice([14, 30])),
            ("change a policy", [self.rng.choice(names), self.rng.choice([7, 30, 90])]),
            ("delete a policy", self.rng.choice(names)),
        ]

    def _sometimes(self, how_often: float) -> bool:
        return self.rng.random() < how_often


def _is_for(one: Json, assignment: str) -> bool:
    return one["kind"] == "OutboundAccess" and assignment in one["spec"]["for"]["assignments"]
