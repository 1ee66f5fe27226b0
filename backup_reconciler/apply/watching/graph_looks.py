"""Looking at many vaults at once, through Resource Graph: minutes behind, and with a quota of its own."""

import asyncio
import logging
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from backup_reconciler.apply.watching.cadence import AT_LEAST, JOBS_BEFORE
from backup_reconciler.apply.watching.sight import Sight, sight
from backup_reconciler.azure.arm import Arm
from backup_reconciler.azure.codec import graph_vaults
from backup_reconciler.azure.errors import AzureError
from backup_reconciler.azure.event import event
from backup_reconciler.spec.arm_id import ArmId

log = logging.getLogger(__name__)

_STILL_GOOD = timedelta(seconds=AT_LEAST) / 2
"""How old a look may be that somebody else has asked for."""

Sights = Mapping[ArmId, Sight]


class GraphLooks:
    """Looks at all vaults of a run. One, of two queries, serves all who ask at about the same time."""

    def __init__(self, arm: Arm, vaults: Iterable[ArmId]) -> None:
        self._arm = arm
        self._vaults = frozenset(vaults)
        self._since = arm.clock.now() - JOBS_BEFORE
        self._at: datetime | None = None
        self._look: asyncio.Task[Sights] | None = None

    async def sight_of(self, vault: ArmId) -> Sight | None:
        """What is known of a vault; None where it cannot be had.

        It is a help, not a proof: whoever cannot query Resource Graph waits for the lists.
        """
        now = self._arm.clock.now()
        if self._look is None or self._at is None or now - self._at > _STILL_GOOD:
            self._at, self._look = now, asyncio.create_task(self._query())
        try:
            return (await asyncio.shield(self._look))[vault]
        except AzureError as error:
            log.info("Resource Graph cannot be asked: %s", error, extra=event("graph", code=error.code or None))
            return None

    async def _query(self) -> Sights:
        items = await graph_vaults.items_of(self._arm, self._vaults)
        jobs = await graph_vaults.jobs_of(self._arm, self._vaults, self._since)
        return {one: sight(items.get(one, {}), jobs.get(one, []), whole=False) for one in self._vaults}
