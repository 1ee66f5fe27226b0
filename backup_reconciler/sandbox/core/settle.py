"""Carries out what has come due, each thing at its own moment and in its turn, before anything is answered."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.mishaps.carrying_out import carry_out
from backup_reconciler.sandbox.core.resource_graph import graph_index

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Estate


def settle(estate: Estate, now: datetime, rng: Random) -> None:
    """Bring the estate to `now`."""
    while estate.effects and estate.effects[0].due <= now:
        effect = heapq.heappop(estate.effects)
        estate.revision += 1
        carry_out(estate, effect, rng)
        graph_index.note(estate, effect.vault or effect.place or effect.subject, effect.due)
