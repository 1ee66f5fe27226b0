"""Lets one effect come to pass, as its provider has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.providers import EFFECTS, OPERATIONS, OUTSIDE_EFFECTS

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate


def come(estate: Estate, effect: Effect, rng: Random) -> None:
    """Let it come to pass, at its own moment; in a vault that has gone, nothing does."""
    if not effect.vault:
        OUTSIDE_EFFECTS[effect.kind](estate, effect.subject, effect.due)
        return
    found = estate.vault(effect.vault)
    if found is None:
        return
    if effect.kind == "operation":
        done = found.operations[effect.subject]
        OPERATIONS[done.verb](estate, found, done, effect.due, rng)
    else:
        EFFECTS[effect.kind](estate, found, effect.subject, effect.due, rng)
