"""Scenarios that broke an invariant once, made small, each with what was wrong."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from tests.simulation.scenario import Json


@dataclass(frozen=True)
class Found:
    """A scenario that has to hold from now on."""

    what: str
    """What went wrong in it, in a few words."""
    scenario: Json


FOUND: tuple[Found, ...] = ()
