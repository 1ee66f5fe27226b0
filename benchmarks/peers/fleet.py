"""The fleet that all of them work on: its world, the manifests for it, and the VMs that are to be protected."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

SUBSCRIPTION = "11111111-1111-1111-1111-111111111111"
POLICY = "DefaultPolicy"
_HERE = {"location": "japaneast"}


@dataclass(frozen=True, slots=True)
class Fleet:
    """Vaults with their VMs, half of which each vault protects. A VM of each of the first vaults is to join them."""

    vaults: int = 20
    vms: int = 50
    """In the resource group of each vault."""
    joining: int = 10
    """VMs that the manifests declare and no vault protects yet; not more than vaults."""
    latency: float = 0.05
    """Seconds from the arrival of a request to its answer."""
    protect: int = 30
    """Seconds that the service works on the protection of a VM."""

    @property
    def protected(self) -> int:
        """VMs that are protected from the beginning."""
        return self.vaults * (self.vms // 2)

    @property
    def groups(self) -> list[str]:
        """The resource groups; the vault in each has the name of its group, with rsv for rg."""
        return [f"rg-{number:02}" for number in range(1, self.vaults + 1)]

    def held(self) -> list[tuple[str, str]]:
        """Group and name of the VMs that are protected from the beginning."""
        return [(group, f"vm-{number:02}") for group in self.groups for number in range(1, self.vms // 2 + 1)]

    def to_join(self) -> list[tuple[str, str]]:
        """Group and name of the VMs that are to be protected."""
        return [(group, f"vm-{self.vms // 2 + 1:02}") for group in self.groups[: self.joining]]

    def write(self, folder: Path) -> tuple[Path, Path]:
        """World and manifests, as files in a folder that is there."""
        world, manifests = folder / "peers.world.yaml", folder / "peers.yaml"
        world.write_text(yaml.safe_dump(self.world()))
        manifests.write_text(yaml.safe_dump_all(self.documents()))
        return world, manifests

    def world(self) -> dict[str, Any]:
        half = self.vms // 2
        group = {
            **_HERE,
            "virtualMachines": {
                f"vm-[01-{half:02}]": {**_HERE, "tags": {"backup": "daily"}},
                f"vm-[{half + 1:02}-{self.vms:02}]": _HERE,
            },
        }
        held = {**_HERE, "protectedItems": [{"vm": f"vm-[01-{half:02}]", "policy": POLICY}]}
        return {
            "kind": "World",
            "latency": {"seconds": self.latency},
            "durations": {"protect": self.protect},
            "subscriptions": {
                SUBSCRIPTION: {
                    "resourceGroups": {name: {**group, "vaults": {_vault(name): held}} for name in self.groups}
                }
            },
        }

    def documents(self) -> Iterator[dict[str, Any]]:
        """Every vault with its VMs that are tagged for it, and one of those that are not, where one is to join."""
        for group in self.groups:
            yield _document("Vault", _vault(group), subscription=SUBSCRIPTION, resourceGroup=group, **_HERE)
            tagged = {"resourceGroups": [group], "tags": {"backup": ["daily"]}}
            yield _document("VMAssignment", f"tagged-{group}", vault=_vault(group), policy=POLICY, select=tagged)
        for group, vm in self.to_join():
            joining = {"resourceGroups": [group], "names": [vm]}
            yield _document("VMAssignment", f"joining-{group}", vault=_vault(group), policy=POLICY, select=joining)


def _vault(group: str) -> str:
    return group.replace("rg-", "rsv-")


def _document(kind: str, name: str, **spec: Any) -> dict[str, Any]:
    return {"apiVersion": "backup-reconciler/v1", "kind": kind, "metadata": {"name": name}, "spec": spec}
