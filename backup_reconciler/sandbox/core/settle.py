"""Carries out what has come due, each thing at its own moment and in its turn, before anything is answered."""

from __future__ import annotations

import heapq
from typing import TYPE_CHECKING

from . import backup, discovery, graph_index, policy, protection, vault

if TYPE_CHECKING:
    from datetime import datetime
    from random import Random

    from .estate import Effect, Estate, Vault


def settle(estate: Estate, now: datetime, rng: Random) -> None:
    """Bring the estate to `now`."""
    while estate.effects and estate.effects[0].due <= now:
        effect = heapq.heappop(estate.effects)
        found = estate.vault(effect.vault)
        if found is None:
            continue
        _carry_out(estate, found, effect, rng)
        graph_index.note(estate, found.key, effect.due)


def _carry_out(estate: Estate, found: Vault, effect: Effect, rng: Random) -> None:
    match effect.kind:
        case "operation":
            _finish(estate, found, effect, rng)
        case "vault":
            vault.finish(estate, found, effect.subject, effect.due)
        case "snapshot":
            backup.finish_snapshot(found, effect.subject, effect.due)
        case "transfer":
            backup.begin_transfer(found, effect.subject)
        case "transferred":
            backup.finish_transfer(found, effect.subject, effect.due)
        case "purge":
            protection.purge(estate, found, effect.subject, effect.due)
        case kind:
            raise ValueError(f"unknown effect {kind!r}")


_FINISH = {
    "protect": protection.finish_configure,
    "stop": protection.finish_stop,
    "undelete": protection.finish_undelete,
    "delete": protection.finish_delete,
    "policy": policy.finish_update,
    "refresh": discovery.finish_refresh,
    "backup": backup.finish_request,
}


def _finish(estate: Estate, found: Vault, effect: Effect, rng: Random) -> None:
    done = found.operations[effect.subject]
    _FINISH[done.verb](estate, found, done, effect.due, rng)
