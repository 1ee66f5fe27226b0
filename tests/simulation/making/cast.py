"""Who takes part in a scenario, chosen first: all else is about them."""

from __future__ import annotations

from random import Random
from typing import TYPE_CHECKING

from tests.conftest import SUBSCRIPTION

if TYPE_CHECKING:
    from tests.simulation.scenario import Json

VAULTS = ("rsv", "rsv-2", "rsv-old")
"""The last is never declared."""
NAMES = ("web-0", "web-1", "db-0", "db-1", "app-0")


class Cast:
    """The VMs and vaults of a scenario. They are few: what goes wrong with two VMs is easily seen."""

    def __init__(self, seed: int) -> None:
        self.seed = seed
        self.rng = Random(seed)
        self.vms = self.rng.sample(NAMES, self.rng.randint(1, 4))
        self.networked = self.rng.random() < 0.1
        """Whether the VMs have a network of their own, which lets no backup out."""
        self.era = self.rng.choice([2021, 2026, 2026])
        self.exist = [name for name in VAULTS if self.rng.random() < 0.75]
        """The vaults that are there from the beginning."""

    def sometimes(self, how_often: float) -> bool:
        return self.rng.random() < how_often

    def tags(self) -> Json:
        """Tags of a VM: of those that are declared, of those that only look so, and none."""
        return self.rng.choice([{"env": "prod"}, {"env": "prod"}, {"Env": "prod"}, {"env": "PROD"}, {}])


def vault_path(name: str) -> str:
    """The id of a vault in Azure's casing."""
    return f"/subscriptions/{SUBSCRIPTION}/resourceGroups/rg-backup/providers/Microsoft.RecoveryServices/vaults/{name}"
