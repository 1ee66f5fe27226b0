"""A fleet to measure with: its world, its manifests, and the least that reading it can take.

The least number of requests is what pages of 100 elements and of 1,000 rows dictate. The critical path is the longest
chain of requests each of which needs the answer before it or, where that is longer, all of them at the client's
concurrency.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from math import ceil
from pathlib import Path

import yaml

LATENCY = 0.08
"""Seconds."""
CONCURRENCY = 16
"""Requests at the same time, unless told otherwise."""
PAGE, PAGE_OF_A_QUERY = 100, 1000
"""Elements in a page of a list, and rows in one of Resource Graph."""
READS_OF_A_VAULT = 3
"""Itself, its policies, its items."""
HERE = {"location": "japaneast"}


@dataclass(frozen=True)
class Fleet:
    """So many vaults, each with the VMs of its resource group."""

    subscriptions: int
    vaults: int
    """In each subscription."""
    vms: int = 100
    """In each vault, and with it in its resource group."""
    protected: bool = True
    """Whether all VMs are backed up as declared; else none is."""

    def __str__(self) -> str:
        vaults = f"{self.subscriptions * self.vaults:,} × {self.vms}"
        return f"{vaults} in {self.subscriptions} subscription{'s' if self.subscriptions > 1 else ''}"

    @property
    def machines(self) -> int:
        return self.subscriptions * self.vaults * self.vms

    @property
    def elements(self) -> int:
        """VMs and protected items, both read and compared."""
        return 2 * self.machines

    @property
    def pages_of_vms(self) -> int:
        """Of one subscription."""
        return ceil(self.vaults * self.vms / PAGE)

    @property
    def pages_of_the_query(self) -> int:
        return ceil(self.machines / PAGE_OF_A_QUERY)

    @property
    def least_requests(self) -> int:
        vaults = self.vaults * (READS_OF_A_VAULT - 1 + ceil(self.vms / PAGE))
        return self.subscriptions * (ceil(self.vaults / PAGE) + self.pages_of_vms + vaults) + self.pages_of_the_query

    @property
    def critical_path(self) -> float:
        """Seconds."""
        chains = ceil(self.vaults / PAGE) + ceil(self.vms / PAGE), self.pages_of_vms, self.pages_of_the_query
        return LATENCY * max(*chains, self.least_requests / CONCURRENCY)

    @property
    def least_by_graph(self) -> int:
        """Vaults and their policies, items, VMs; and what the caller may see of each subscription."""
        pages = 2 * self.pages_of_the_query + ceil(self.subscriptions * self.vaults / PAGE_OF_A_QUERY)
        return self.subscriptions + pages + ceil(2 * self.subscriptions * self.vaults / PAGE_OF_A_QUERY)

    @property
    def path_by_graph(self) -> float:
        """Seconds: what the caller may see, and the pages of the longest query."""
        return LATENCY * (1 + self.pages_of_the_query)

    def write(self, folder: Path) -> tuple[Path, Path]:
        """Its world and its manifests."""
        width = len(str(self.vaults))
        numbers = [f"{number:0{width}}" for number in range(1, self.vaults + 1)]
        machines = f"vm-[{1:0{len(str(self.vms))}}-{self.vms}]"
        items = {"vm": machines, "policy": "DefaultPolicy"}
        group = {
            "virtualMachines": {machines: {**HERE, "tags": {"env": "prod"}}},
            "vaults": {"rsv": {**HERE, "protectedItems": [items] if self.protected else []}},
        }
        groups = {"resourceGroups": {f"rg-[{numbers[0]}-{numbers[-1]}]": {**HERE, **group}}}
        ids = [f"{number:08}-1111-1111-1111-111111111111" for number in range(self.subscriptions)]
        world, manifests = folder / "fleet.world.yaml", folder / "fleet.yaml"
        described = {"kind": "World", "latency": {"seconds": LATENCY}, "subscriptions": dict.fromkeys(ids, groups)}
        world.write_text(yaml.safe_dump(described))
        documents = [one for id_ in ids for number in numbers for one in _documents(id_, number)]
        manifests.write_text(yaml.dump_all(documents, Dumper=yaml.CSafeDumper))
        return world, manifests


def _documents(subscription: str, number: str) -> Iterator[dict[str, object]]:
    """A vault, and all VMs of its group in it."""
    name = f"{subscription[:8]}-{number}"
    vault = {"name": "rsv", "subscription": subscription, "resourceGroup": f"rg-{number}", **HERE}
    select = {"subscriptions": [subscription], "resourceGroups": [f"rg-{number}"]}
    all_of_them = {"vault": f"rsv-{name}", "policy": "DefaultPolicy", "select": select}
    for kind, handle, spec in (("Vault", f"rsv-{name}", vault), ("VMAssignment", f"all-{name}", all_of_them)):
        yield {"apiVersion": "backup-reconciler/v1", "kind": kind, "metadata": {"name": handle}, "spec": spec}
