"""What the actions of one run share: the road, the gate, and one watch per vault and per subscription."""

import asyncio
from collections import defaultdict
from collections.abc import Mapping, Sequence

from backup_reconciler.apply.gate import Gate
from backup_reconciler.apply.watching.pace import Pace
from backup_reconciler.apply.watching.vault_watch import VaultWatch
from backup_reconciler.apply.watching.watch import Watch
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import vault
from backup_reconciler.azure.reading import read
from backup_reconciler.live import list_vaults
from backup_reconciler.plan.action import AnyAction, VaultAction, VMAction
from backup_reconciler.spec.arm_id import ArmId
from backup_reconciler.state.protection import LiveItem
from backup_reconciler.state.vault import LiveVault

_VAULT_CREATION_LOOK = 10.0
"""Vaults are created in seconds to a minute; the list of a subscription shows all of them at once."""


class Run:
    """One application of a plan."""

    def __init__(self, arm: Arm, gate: Gate, actions: Sequence[AnyAction]) -> None:
        self.arm = arm
        self.gate = gate
        self._started = arm.clock.now()
        self._pace = Pace(arm, (action.vault for action in actions if isinstance(action, VaultAction)))
        self.budget = self._pace.budget
        self._planned = _items_found(actions)
        self._vaults: dict[ArmId, VaultWatch] = {}
        self._subscriptions: dict[str, Watch[dict[ArmId, LiveVault]]] = {}
        self._being_read: dict[ArmId, asyncio.Task[LiveVault]] = {}
        self._turns: defaultdict[ArmId, asyncio.Lock] = defaultdict(asyncio.Lock)

    def turn(self, resource: ArmId) -> asyncio.Lock:
        """Held while something of a resource is written that Azure takes one write at a time for."""
        return self._turns[resource]

    def watch_vault(self, vault_id: ArmId) -> VaultWatch:
        """The watch over the items and jobs of a vault."""
        if vault_id not in self._vaults:
            planned = self._planned.get(vault_id, {})
            self._vaults[vault_id] = VaultWatch(self.arm, vault_id, self._started, self._pace, planned)
        return self._vaults[vault_id]

    async def vault_now(self, vault_id: ArmId) -> LiveVault:
        """The vault as it is; all who ask while it is being read share one GET."""
        if vault_id not in self._being_read:
            self._being_read[vault_id] = asyncio.create_task(self._read_vault(vault_id))
        return await asyncio.shield(self._being_read[vault_id])

    async def _read_vault(self, vault_id: ArmId) -> LiveVault:
        try:
            return read(vault.decode, (await self.arm.send(vault.get_request(vault_id))).body)
        finally:
            del self._being_read[vault_id]

    def watch_vaults_of(self, subscription: str) -> Watch[dict[ArmId, LiveVault]]:
        """The watch over the list of vaults of a subscription."""

        async def look() -> dict[ArmId, LiveVault]:
            return await list_vaults(self.arm, [subscription])

        async def pause() -> None:
            await self.arm.clock.sleep(_VAULT_CREATION_LOOK)

        return self._subscriptions.setdefault(subscription.casefold(), Watch(look, pause))


def _items_found(actions: Sequence[AnyAction]) -> Mapping[ArmId, Mapping[ArmId, LiveItem]]:
    """What the plan was made from, of the VMs that it changes: by vault, by VM."""
    found: dict[ArmId, dict[ArmId, LiveItem]] = {}
    for action in actions:
        if isinstance(action, VMAction) and action.found is not None:
            # A later step's is what the step before it makes of the item.
            found.setdefault(action.vault, {}).setdefault(action.vm, action.found)
    return found
