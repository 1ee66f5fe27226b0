"""What documents say, read as a person reads them: nothing here is shared with what it is to judge."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from fnmatch import fnmatchcase
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from tests.simulation.scenario import Json

_FIELDS = {
    "redundancy": "properties.redundancySettings",
    "crossRegionRestore": "properties.redundancySettings",
    "softDelete": "properties.securitySettings.softDeleteSettings",
    "immutability": "properties.securitySettings.immutabilitySettings",
    "publicNetworkAccess": "properties.publicNetworkAccess",
}
_POLICY_FIELDS = {
    "schedule": "schedulePolicy",
    "retention": "retentionPolicy",
    "timeZone": "timeZone",
    "instantRestoreDays": "instantRpRetentionRangeInDays",
}


@dataclass(frozen=True)
class Declared:
    """One version of the manifests."""

    documents: tuple[Json, ...]

    def vault_id(self, handle: str) -> str:
        """The folded id of a declared vault."""
        return _vault_id(next(one for one in self._of("Vault") if one["metadata"]["name"] == handle))

    def vaults(self) -> dict[str, Json]:
        """The spec of each declared vault, by its folded id."""
        return {_vault_id(one): one["spec"] for one in self._of("Vault")}

    def policies(self) -> dict[str, Json]:
        """The spec of each declared policy in each of its vaults, by its folded id."""
        found = {}
        for one in self._of("BackupPolicy"):
            of = one["spec"]["vaults"]
            for vault in self.vaults() if of == "all" else map(self.vault_id, of):
                found[f"{vault}/backuppolicies/{one['spec'].get('name', one['metadata']['name']).casefold()}"] = one[
                    "spec"
                ]
        return found

    def assigned(self, vm: str, tags: Iterable[Mapping[str, str]]) -> Iterator[tuple[str, Json]]:
        """The vault and the spec of each assignment that selects a VM, by any of the tags that it has had."""
        seen = list(tags)
        for one in self._of("VMAssignment"):
            if any(_selects(one["spec"]["select"], vm, each) for each in seen):
                yield self.vault_id(one["spec"]["vault"]), one["spec"]

    def selects(self, vm: str, tags: Iterable[Mapping[str, str]]) -> bool:
        return any(True for _ in self.assigned(vm, tags))

    def named(self) -> set[str]:
        """The VMs that assignments name by their ids: they are meant also when they are gone, and their backups are
        left."""
        return {id_.casefold() for one in self._of("VMAssignment") for id_ in one["spec"]["select"].get("ids", ())}

    def approves_deletion(self, vm: str, day: date) -> bool:
        """Whether somebody has put it on record that the backups of a VM may be deleted, for that day."""
        approvals = [one["spec"].get("approval") for one in self.documents if one["kind"] in {"Vault", "VMAssignment"}]
        return any(
            vm in {id_.casefold() for id_ in approval["vms"]} and date.fromisoformat(approval["expires"]) >= day
            for approval in approvals
            if approval
        )

    def fields_of(self, vault: str) -> frozenset[str]:
        """The fields of a vault that are spoken of, as paths in Azure's answer or the beginnings of such."""
        spec = self.vaults().get(vault)
        if spec is None or spec.get("existing"):
            return frozenset()
        named = {wire for field, wire in _FIELDS.items() if field in spec}
        return frozenset(named | {f"tags.{name.casefold()}" for name in spec.get("tags") or {}})

    def fields_of_policy(self, policy: str) -> frozenset[str]:
        spec = self.policies().get(policy, {})
        return frozenset(wire for field, wire in _POLICY_FIELDS.items() if field in spec)

    def speaks_of_networks(self) -> bool:
        return any(True for _ in self._of("OutboundAccess"))

    def _of(self, kind: str) -> Iterator[Json]:
        return (one for one in self.documents if one["kind"] == kind)


def _vault_id(document: Json) -> str:
    spec = document["spec"]
    name = spec.get("name", document["metadata"]["name"])
    group = f"/subscriptions/{spec['subscription']}/resourceGroups/{spec['resourceGroup']}"
    return f"{group}/providers/Microsoft.RecoveryServices/vaults/{name}".casefold()


def _selects(select: Mapping[str, Any], vm: str, tags: Mapping[str, str]) -> bool:
    """AND across keys, OR within a list; the names of tags ignore letter case, and their values do not."""
    held = {name.casefold(): value for name, value in tags.items()}
    asked = {
        "names": lambda globs: any(fnmatchcase(vm.rpartition("/")[2], glob.casefold()) for glob in globs),
        "ids": lambda ids: vm in {id_.casefold() for id_ in ids},
        "tags": lambda wanted: all(held.get(name.casefold()) in values for name, values in wanted.items()),
    }
    return all(asked[key](value) for key, value in select.items())
