"""Carries out what has come due, each thing at its own moment and in its turn, before anything is answered."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.providers import EFFECTS, OPERATIONS, OUTSIDE_EFFECTS
from backup_reconciler.sandbox.core.resource_graph import graph_index

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate, Vault


def settle(estate: Estate, now: datetime, rng: Random) -> None:
    """Bring the estate to `now`."""
    while estate.effects and estate.effects[0].due <= now:
        effect = heapq.heappop(estate.effects)
        if not effect.vault:
            estate.revision += 1
            OUTSIDE_EFFECTS[effect.kind](estate, effect.subject, effect.due)
            continue
        found = estate.vault(effect.vault)
        if found is None:
            continue
        estate.revision += 1
        _carry_out(estate, found, effect, rng)
        graph_index.note(estate, found.key, effect.due)


def _carry_out(estate: Estate, found: Vault, effect: Effect, rng: Random) -> None:
    if effect.kind == "operation":
        done = found.operations.get(effect.subject)
        if done is None:  # of a vault of this name that has gone
            return
        OPERATIONS[done.verb](estate, found, done, effect.due, rng)
    else:
        EFFECTS[effect.kind](estate, found, effect.subject, effect.due, rng)
