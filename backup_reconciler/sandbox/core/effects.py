"""Lets one effect come to pass, as its provider has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from backup_reconciler.sandbox.core.providers import EFFECTS, OPERATIONS, OUTSIDE_EFFECTS

if TYPE_CHECKING:
    from random import Random

    from backup_reconciler.sandbox.core.estate import Effect, Estate

CALENDAR = frozenset({"purge", "scheduled"})
"""Effects that wait for a date. All others are the work on some request, and take as long as that takes."""


def come(estate: Estate, effect: Effect, rng: Random) -> None:
    """Let it come to pass, at its own moment; in a vault that has gone, nothing does."""
    if not effect.vault:
        OUTSIDE_EFFECTS[effect.kind](estate, effect.subject, effect.due)
        return
    found = estate.vault(effect.vault)
    if found is None:
        return
    if effect.kind == "operation":
        done = found.operations.get(effect.subject)
        if done is not None:  # else of a vault of this name that has gone
            OPERATIONS[done.verb](estate, found, done, effect.due, rng)
    else:
        EFFECTS[effect.kind](estate, found, effect.subject, effect.due, rng)
